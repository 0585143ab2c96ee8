"""Stories: longer texts by members, which a moderator reads before others do."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from mapapp.actions.knowledge import post_list
from mapapp.actions.knowledge.post_display import NO_POST
from mapapp.actions.published.listings import condition_by_slug
from mapapp.errors import NotFoundError
from mapapp.web.core.conditional_get import conditional
from mapapp.web.core.list_pages import asked_spot
from mapapp.web.core.request_session import db
from mapapp.web.core.security import current_member_id
from mapapp.web.knowledge.post_views import named, token_form, writing

stories = Blueprint("stories", __name__)


@stories.get("/conditions/<slug>/stories")
@conditional
def list_stories(slug: str) -> ResponseReturnValue:
    """The stories about a condition, newest first."""
    condition = condition_by_slug(db.session, slug)
    page = post_list.stories(db.session, condition.id, current_member_id(), asked_spot())
    lines, pause = named(page.items)
    return render_template(
        "knowledge/story_index.html", condition=condition, page=page, stories=lines, pause=pause
    )


@stories.get("/conditions/<slug>/stories/<public_id>")
@conditional
def show_story(slug: str, public_id: str) -> ResponseReturnValue:
    """One story."""
    condition = condition_by_slug(db.session, slug)
    line = post_list.post(db.session, current_member_id(), public_id)
    if line.question_id is not None or line.condition_id != condition.id:
        raise NotFoundError(NO_POST)
    (story,), pause = named([line])
    return render_template(
        "knowledge/story.html", condition=condition, story=story, pause=pause, form=token_form()
    )


@stories.route("/conditions/<slug>/stories/write", methods=["GET", "POST"])
def write_story(slug: str) -> ResponseReturnValue:
    """Write a story."""
    return writing(condition_by_slug(db.session, slug), None)
