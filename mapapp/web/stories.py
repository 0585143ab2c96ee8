"""Stories: longer texts by members, which a moderator reads before others do."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from mapapp.actions import post_lists
from mapapp.actions.find import condition_by_slug
from mapapp.actions.posts import NO_POST
from mapapp.errors import NotFoundError
from mapapp.web.conditional import conditional
from mapapp.web.database import db
from mapapp.web.parsing import page_number
from mapapp.web.posts import named, token_form, writing
from mapapp.web.security import current_member_id

stories = Blueprint("stories", __name__)


@stories.get("/conditions/<slug>/stories")
@conditional
def index(slug: str) -> ResponseReturnValue:
    """The stories about a condition, newest first."""
    condition = condition_by_slug(db.session, slug)
    number = page_number(request.args)
    page = post_lists.stories(db.session, condition.id, current_member_id(), number)
    lines, pause = named(page.items)
    return render_template(
        "stories/index.html", condition=condition, page=page, stories=lines, pause=pause
    )


@stories.get("/conditions/<slug>/stories/<public_id>")
@conditional
def show(slug: str, public_id: str) -> ResponseReturnValue:
    """One story."""
    condition = condition_by_slug(db.session, slug)
    line = post_lists.post(db.session, current_member_id(), public_id)
    if line.question_id is not None or line.condition_id != condition.id:
        raise NotFoundError(NO_POST)
    (story,), pause = named([line])
    return render_template(
        "stories/show.html", condition=condition, story=story, pause=pause, form=token_form()
    )


@stories.route("/conditions/<slug>/stories/write", methods=["GET", "POST"])
def write(slug: str) -> ResponseReturnValue:
    """Write a story."""
    return writing(condition_by_slug(db.session, slug), None)
