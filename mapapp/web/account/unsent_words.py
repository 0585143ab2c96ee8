"""What is said beside a text that was not sent: what it is, where it belongs, who would see it."""

from typing import Any

from flask import Flask, current_app, url_for
from werkzeug.exceptions import HTTPException

from mapapp.domain.core.choices import VISIBILITY_WORDS
from mapapp.domain.knowledge.post_rules import NAME_CHOICES
from mapapp.errors import N_
from mapapp.web.core.locale import translated
from mapapp.web.core.written import Fields

LABELS = {
    "about": N_("What it is"),
    "body": N_("Answer, in Markdown"),
    "name": N_("Name"),
    "names": N_("Other names"),
    "note": N_("A note for the other moderators"),
    "person": N_("Address of a page about the person, or their number"),
    "pseudonym": N_("Pseudonym"),
    "question": N_("Your question"),
    "reason": N_("Your reason"),
    "reviewer": N_("Who reviewed it (name and profession)"),
    "sources": N_("Sources, one per line"),
    "text": N_("Your message"),
    "title": N_("Title"),
    "why": N_("Why you look them up"),
    "words": N_("Why should we look at it again?"),
}
"""The fields that people write into, as the forms call them."""
OTHER_LABELS = {
    ("admin.change_role", "reason"): N_("Why?"),
    ("admin.edit_condition", "reason"): N_("Why?"),
    ("staff_exports.make_export", "reason"): N_("Why?"),
    ("advising.show_offer", "text"): N_("What could you help newcomers with?"),
    ("posts.change", "text"): N_("Your words"),
    ("questions.write_answer", "text"): N_("Your answer"),
    ("reports.report", "words"): N_("What should the moderators know?"),
    ("stories.write_story", "text"): N_("Your story"),
    ("treatments.propose", "name"): N_("Propose a treatment"),
}
"""Those that a form calls something else."""
WHO_SEES = {
    "visibility": (N_("Who sees you?"), VISIBILITY_WORDS),
    "named_to": (N_("Who sees your pseudonym beside it?"), NAME_CHOICES),
}
"""The fields in which people chose who sees it."""
WRITTEN_ON = {
    "admin.add_condition": (N_("A new condition"), "admin.add_condition"),
    "admin.change_role": (N_("The staff of this site"), "admin.list_staff"),
    "admin.edit_condition": (N_("A condition"), "admin.edit_condition"),
    "advising.show_offer": (N_("Offering to help newcomers"), "advising.show_offer"),
    "conversations.write_message": (N_("Your conversation"), "conversations.show_conversation"),
    "editorial.edit": (N_("An editorial answer"), "editorial.edit"),
    "joining.join": (N_("Your place on the map"), "joining.join"),
    "members.place": (N_("Your place on the map"), "members.place"),
    "members.profile": (N_("Your profile"), "members.profile"),
    "moderation.add_note": (N_("A case"), "moderation.case"),
    "moderation.close": (N_("A case"), "moderation.case"),
    "moderation.decide": (N_("A case"), "moderation.case"),
    "moderation.look_up": (N_("Moderation"), "moderation.queue"),
    "posts.change": (N_("What you wrote for everyone"), "posts.mine"),
    "questions.ask_question": (N_("Questions about this condition"), "questions.list_questions"),
    "questions.write_answer": (N_("The question that you answer"), "questions.show_question"),
    "reports.report": (N_("What you report"), "reports.report"),
    "rulings.appeal": (N_("What moderators decided"), "rulings.show_rulings"),
    "staff_exports.make_export": (N_("An export"), "staff_exports.make_export"),
    "stories.write_story": (N_("Stories about this condition"), "stories.list_stories"),
    "treatments.propose": (N_("Treatments of this condition"), "treatments.show_treatments"),
}
"""By the act that takes a text: the page on which it is written, in words and as an endpoint."""


def init_unsent_words(app: Flask) -> None:
    """Give templates the words of this module."""
    app.jinja_env.globals.update(
        unsent_label=label_words, unsent_page=page_of, unsent_choices=choices_of
    )


def label_words(path: str, name: str) -> str:
    """Return what a form that goes to ``path`` calls its field ``name``."""
    act, _values = _act(path)
    return translated(OTHER_LABELS.get((act, name)) or LABELS[name])


def page_of(path: str) -> tuple[str, str] | None:
    """Return, in words and as a link, the page of a form that goes to ``path``, if it is known."""
    act, values = _act(path)
    if act not in WRITTEN_ON:
        return None
    words, page = WRITTEN_ON[act]
    (rule, *_more) = current_app.url_map.iter_rules(page)
    known = {name: value for name, value in values.items() if name in rule.arguments}
    return translated(words), url_for(page, **known)


def choices_of(fields: Fields) -> list[tuple[str, str]]:
    """Return what was asked and what was chosen about who sees it."""
    return [
        (translated(asked), translated(words[given]))
        for name, given in fields
        for asked, words in [WHO_SEES.get(name, (LABELS["text"], {}))]
        if given in words
    ]


def _act(path: str) -> tuple[str, dict[str, Any]]:
    """Return the endpoint of a form that goes to ``path``, with the values in its address."""
    try:
        return current_app.url_map.bind("").match(path, method="POST")  # type: ignore[return-value]
    except HTTPException:
        return "", {}
