"""Writing, changing and deleting what everybody reads, and saying whether it helps."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from mapapp.actions import consents, post_lists
from mapapp.actions import writing as acts
from mapapp.actions.find import FoundCondition, conditions_by_id
from mapapp.actions.my_places import my_place
from mapapp.actions.post_lists import PostLine
from mapapp.actions.questions import FoundQuestion, questions_by_id
from mapapp.actions.votes import vote as cast
from mapapp.domain.consents import ADULT, PURPOSES, WRITE
from mapapp.domain.messages import HELD
from mapapp.domain.posts import DAYS_TO_EDIT
from mapapp.domain.self_harm import is_about_self_harm
from mapapp.errors import BadInputError, LimitError, MapappError, NotAllowedError
from mapapp.web.database import db
from mapapp.web.failures import status_of
from mapapp.web.parsing import one_of
from mapapp.web.post_forms import PostForm, as_given, first_choices, post_form
from mapapp.web.reading import may_name, pause_words
from mapapp.web.security import (
    current_member_id,
    is_signed_in,
    local_path,
    site_settings,
    this_member_id,
)

posts = Blueprint("posts", __name__)

VOTES = {"yes": True, "no": False, "none": None}


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
    asks_age = not consents.has_agreed(db.session, me, ADULT)
    given = first_choices(my_place(db.session, me, condition.id))
    form = post_form(is_story=is_story, asks_age=asks_age, given=given)
    where = {"condition": condition, "question": asked}
    if request.method == "GET" or not form.validate_on_submit():
        return _form(form, where)
    try:
        _say_age(me, form)
        question_id = asked.id if asked else None
        given_form = (condition.id, question_id, form.draft(), form.key.data or "")
        state = acts.write(db.session, site_settings(), me, *given_form)
    except (BadInputError, LimitError, NotAllowedError) as error:
        return _form(form, where, error)
    return _written(state, form.draft(), condition, asked)


@posts.route("/posts/<public_id>/change", methods=["GET", "POST"])
def change(public_id: str) -> ResponseReturnValue:
    """Change a post of one's own."""
    line = post_lists.my_post(db.session, this_member_id(), public_id)
    ((_line, condition, asked),) = _with_places([line])
    form = post_form(is_story=asked is None, asks_age=False, given=as_given(line))
    where = {"condition": condition, "question": asked, "post": line}
    if request.method == "GET" or not form.validate_on_submit():
        return _form(form, where)
    try:
        state = acts.change(db.session, this_member_id(), public_id, form.draft())
    except (BadInputError, NotAllowedError) as error:
        return _form(form, where, error)
    return _written(state, form.draft(), condition, asked)


@posts.post("/posts/<public_id>/delete")
def delete(public_id: str) -> ResponseReturnValue:
    """Delete a post of one's own."""
    acts.delete(db.session, this_member_id(), public_id)
    flash(_("Deleted, for everybody."))
    return redirect(url_for("posts.mine"), 303)


@posts.post("/posts/<public_id>/vote")
def vote(public_id: str) -> ResponseReturnValue:
    """Say whether it helps, or take that back."""
    said = one_of(request.form.get("helpful", ""), VOTES, _("Choose one of these.")) or "none"
    cast(db.session, site_settings(), this_member_id(), public_id, VOTES[said])
    return redirect(f"{local_path(request.form.get('next'))}#post-{public_id}", 303)


@posts.get("/posts/<public_id>/versions")
def versions(public_id: str) -> ResponseReturnValue:
    """What a post said before."""
    line = post_lists.post(db.session, current_member_id(), public_id)
    ((_line, condition, asked),) = _with_places([line])
    return render_template(
        "posts/versions.html",
        condition=condition,
        question=asked,
        post=line,
        versions=post_lists.earlier_versions(db.session, line.id),
    )


@posts.get("/account/posts")
def mine() -> ResponseReturnValue:
    """Everything that the member wrote for everybody."""
    found = post_lists.my_posts(db.session, this_member_id())
    lines = _with_places(found)
    return render_template("posts/mine.html", lines=lines, form=FlaskForm())


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


def _say_age(member_id: int, form: PostForm) -> None:
    if "adult" in form and form.adult.data:
        consents.agree(db.session, member_id, ADULT)


def _form(
    form: PostForm, where: dict[str, Any], error: MapappError | None = None
) -> ResponseReturnValue:
    page = render_template(
        "posts/form.html",
        form=form,
        error=_(str(error)) if error else "",
        words=PURPOSES[WRITE].now.words,
        days=DAYS_TO_EDIT,
        **{"post": None, **where},
    )
    return page, status_of(error) if error else 400 if form.errors else 200


def _written(
    state: str, draft: acts.Draft, condition: FoundCondition, asked: FoundQuestion | None
) -> ResponseReturnValue:
    if state == HELD:
        flash(_("Thank you. A moderator reads this before others do; that can take a day."))
    else:
        flash(_("Thank you. Somebody will be glad to read it."), "warm")
    if is_about_self_harm(draft.text):
        return redirect(url_for("helplines.show"), 303)
    if asked is None:
        return redirect(url_for("posts.mine"), 303)
    page = url_for("questions.show", slug=condition.slug, question=asked.slug, _anchor="answers")
    return redirect(page, 303)
