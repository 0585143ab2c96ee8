"""Writing, changing and deleting what everyone reads, and saying whether it helps."""

import uuid
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from mapapp.actions.knowledge import post_list, post_write
from mapapp.actions.knowledge.post_list import PostLine
from mapapp.actions.knowledge.post_vote import cast_vote
from mapapp.actions.knowledge.question_list import FoundQuestion, questions_by_id
from mapapp.actions.mail import consent_receipts
from mapapp.actions.members.my_places import my_place
from mapapp.actions.published.listings import FoundCondition, conditions_by_id
from mapapp.domain.core.free_text import HELD
from mapapp.domain.knowledge.post_rules import DAYS_TO_EDIT
from mapapp.domain.mail.consent_wordings import ADULT, PURPOSES, WRITE
from mapapp.domain.safety.self_harm import is_about_self_harm
from mapapp.errors import N_, BadInputError, LimitError, MapappError, NotAllowedError
from mapapp.web.core.failures import status_of
from mapapp.web.core.locale import translated
from mapapp.web.core.parsing import one_of
from mapapp.web.core.request_session import db
from mapapp.web.core.security import (
    current_member_id,
    is_signed_in,
    local_path,
    this_context,
    this_member_id,
)
from mapapp.web.knowledge.post_forms import PostForm, as_given, first_choices, post_form
from mapapp.web.members.helpline_views import lead_to_helplines
from mapapp.web.safety.names_shown import may_name, pause_words

posts = Blueprint("posts", __name__)

VOTE_CHOICES = {"yes": True, "no": False, "none": None}


def named(lines: Iterable[PostLine]) -> tuple[list[PostLine], str]:
    """Return posts with the names that may be shown, and why others are withheld ('': none are)."""
    found = list(lines)
    readable = may_name(dict.fromkeys(line.writer for line in found if line.writer))
    shown = [
        line if line.is_mine or line.writer in readable.people else line.without_name()
        for line in found
    ]
    return shown, pause_words(readable)


def token_form() -> FlaskForm | None:
    """Return a form for its token; None for visitors, who would get a cookie by it."""
    return FlaskForm() if is_signed_in() else None


def writing(condition: FoundCondition, asked: FoundQuestion | None) -> ResponseReturnValue:
    """Show the form for an answer or a story, or take what was written."""
    me, is_story = this_member_id(), asked is None
    asks_age = not consent_receipts.has_agreed(db.session, me, ADULT)
    given = first_choices(my_place(db.session, me, condition.id))
    form = post_form(is_story=is_story, asks_age=asks_age, given=given)
    where = {"condition": condition, "question": asked}
    if not form.validate_on_submit():
        return _form(form, where)
    try:
        if "adult" in form and form.adult.data:
            consent_receipts.agree(db.session, me, ADULT)
        question_id = asked.id if asked else None
        given_form = (condition.id, question_id, form.draft(), form.key.data or "")
        state = post_write.write(this_context(), *given_form)
    except (BadInputError, LimitError, NotAllowedError) as error:
        form.key.data = str(uuid.uuid4())  # this one may have been used, for other words
        return _form(form, where, error)
    thanks = _("Thank you. Someone will be glad to read it.")
    return _written(state, thanks, form.draft().text, _way_back(condition, asked))


@posts.route("/posts/<public_id>/change", methods=["GET", "POST"])
def change(public_id: str) -> ResponseReturnValue:
    """Change a post of the member's own."""
    line = post_list.my_post(db.session, this_member_id(), public_id)
    ((_line, condition, asked),) = _with_places([line])
    form = post_form(is_story=asked is None, asks_age=False, given=as_given(line))
    where = {"condition": condition, "question": asked, "post": line}
    if not form.validate_on_submit():
        return _form(form, where)
    try:
        state = post_write.change(db.session, this_member_id(), public_id, form.draft())
    except (BadInputError, NotAllowedError) as error:
        return _form(form, where, error)
    saved = _("Your change is saved.")
    return _written(state, saved, form.draft().text, _way_back(condition, asked))


@posts.post("/posts/<public_id>/delete")
def delete(public_id: str) -> ResponseReturnValue:
    """Delete a post of the member's own."""
    post_write.delete(db.session, this_member_id(), public_id)
    flash(_("Deleted, for everyone."))
    return redirect(url_for("posts.mine"), 303)


@posts.post("/posts/<public_id>/vote")
def vote(public_id: str) -> ResponseReturnValue:
    """Say whether it helps, or take that back."""
    said = (
        one_of(request.form.get("helpful", ""), VOTE_CHOICES, N_("Choose one of these.")) or "none"
    )
    cast_vote(this_context(), public_id, VOTE_CHOICES[said])
    return redirect(f"{local_path(request.form.get('next'))}#post-{public_id}", 303)


@posts.get("/posts/<public_id>/versions")
def list_post_versions(public_id: str) -> ResponseReturnValue:
    """What a post said before."""
    line = post_list.post(db.session, current_member_id(), public_id)
    ((_line, condition, asked),) = _with_places([line])
    return render_template(
        "knowledge/post_versions.html",
        condition=condition,
        question=asked,
        post=line,
        versions=post_list.earlier_versions(db.session, line.id),
    )


@posts.get("/account/posts")
def mine() -> ResponseReturnValue:
    """Show everything that the member wrote for everyone."""
    found = post_list.my_posts(db.session, this_member_id())
    lines = _with_places(found)
    return render_template("knowledge/post_mine.html", lines=lines, form=FlaskForm())


def _with_places(
    lines: list[PostLine],
) -> list[tuple[PostLine, FoundCondition, FoundQuestion | None]]:
    """Return each post with what it is about, and the question that it answers."""
    conditions = conditions_by_id(db.session, (line.condition_id for line in lines))
    questions = questions_by_id(db.session, (line.question_id for line in lines))
    return [
        (line, conditions[line.condition_id], questions.get(line.question_id or 0))
        for line in lines
    ]


def _form(
    form: PostForm, where: dict[str, Any], error: MapappError | None = None
) -> ResponseReturnValue:
    page = render_template(
        "knowledge/post_form.html",
        form=form,
        error=translated(error) if error else "",
        words=PURPOSES[WRITE].now.words,
        days=DAYS_TO_EDIT,
        **{"post": None, **where},
    )
    return page, status_of(error) if error else 400 if form.errors else 200


def _written(state: str, done: str, text: str, way_back: str) -> ResponseReturnValue:
    if state == HELD:
        flash(
            _(
                "Thank you. A moderator reads this before others do, as every story and answers "
                "that mention money, cures or contact elsewhere. That can take a day."
            )
        )
    else:
        flash(done, "warm")
    if is_about_self_harm(text):
        return lead_to_helplines()
    return redirect(way_back, 303)


def _way_back(condition: FoundCondition, asked: FoundQuestion | None) -> str:
    """Return the address of the page on which a post is shown, as far as there is one."""
    if asked is None or not (asked.is_open and condition.shown):
        return url_for("posts.mine")
    return url_for(
        "questions.show_question", slug=condition.slug, question=asked.slug, _anchor="answers"
    )
