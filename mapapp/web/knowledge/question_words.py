"""Questions and posts in the words and the language of the page."""

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from mapapp.actions.knowledge.post_list import PostLine
from mapapp.actions.knowledge.question_list import FoundQuestion
from mapapp.actions.knowledge.question_search import FoundElsewhere
from mapapp.domain.knowledge.editorial_rules import AUTHOR_ROLES
from mapapp.domain.knowledge.post_rules import NAME_LABELS, SPEAKERS, blocks
from mapapp.domain.knowledge.question_set import load_set
from mapapp.web.core.locale import translated
from mapapp.web.published.presenters import number_words


def init_question_words(app: Flask) -> None:
    """Give templates the words of this module."""
    app.jinja_env.globals.update(
        answer_count=answer_count,
        author_words=lambda role: translated(AUTHOR_ROLES[role]),
        post_blocks=blocks,
        post_name_words=NAME_LABELS,
        question_title=question_title,
        set_words=set_words,
        speaker_words=speaker_words,
    )


def question_title(question: FoundQuestion | FoundElsewhere, condition: str) -> str:
    """Return a question; one of the set in the language of the page."""
    return question.title or set_words(question.slug, condition)


def set_words(key: str, condition: str) -> str:
    """Return the words of a question of the set for a condition."""
    return translated(load_set()[key].words, condition=condition)


def speaker_words(post: PostLine) -> str:
    """Return the role in which the writer answers, with the years if they gave them."""
    ground = translated(SPEAKERS[post.role])
    if post.years is None:
        return ground
    if post.years == 0:
        return str(_("%(ground)s, for less than a year", ground=ground))
    years = number_words(post.years)
    return str(
        ngettext(
            "%(ground)s, for %(n)s year",
            "%(ground)s, for %(n)s years",
            post.years,
            ground=ground,
            n=years,
        )
    )


def answer_count(n: int) -> str:
    """Return ``1 answer`` or ``12 answers``."""
    return str(ngettext("%(shown)s answer", "%(shown)s answers", n, shown=number_words(n)))
