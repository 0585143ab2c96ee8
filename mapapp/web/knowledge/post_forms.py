"""The form for an answer or a story."""

import uuid
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional

from mapapp.actions.knowledge.post_list import PostLine
from mapapp.actions.knowledge.post_write import Draft
from mapapp.domain.core.choices import ROLES
from mapapp.domain.core.visibilities import NOBODY
from mapapp.domain.knowledge.post_rules import (
    LONGEST_ANSWER,
    LONGEST_STORY,
    LONGEST_STORY_TITLE,
    MOST_YEARS,
    NAME_CHOICES,
    SPEAKERS,
    checked_answer,
    checked_story,
    checked_title,
)
from mapapp.web.core.locale import translated
from mapapp.web.core.parsing import fits


class PostForm(FlaskForm):  # type: ignore[misc]
    """What a member wants to say, and how; with a key of its own: sent twice, written once."""

    title = StringField(
        lazy_gettext("Title"),
        description=lazy_gettext("5 to 100 characters."),
        validators=[fits(checked_title)],
        render_kw={"maxlength": LONGEST_STORY_TITLE, "dir": "auto"},
    )
    text = TextAreaField(
        lazy_gettext("Your words"),
        validators=[InputRequired(lazy_gettext("Write something first."))],
        render_kw={"dir": "auto"},
    )
    role = RadioField(
        lazy_gettext("What is your connection to it?"),
        validators=[InputRequired(lazy_gettext("Choose your connection to it."))],
    )
    years = IntegerField(
        lazy_gettext("For how many years? (optional)"),
        validators=[Optional()],
        render_kw={"min": 0, "max": MOST_YEARS, "inputmode": "numeric"},
    )
    named_to = RadioField(
        lazy_gettext("Who sees your pseudonym beside it?"),
        validators=[InputRequired(lazy_gettext("Choose who sees your pseudonym."))],
    )
    indexed = BooleanField(lazy_gettext("Search engines may show it"))
    adult = BooleanField(lazy_gettext("I am 18 or over"))
    key = HiddenField()

    def draft(self) -> Draft:
        """Return what was filled in."""
        return Draft(
            self.text.data or "",
            self.role.data or "",
            self.named_to.data or "",
            (self.title.data or "") if "title" in self else "",
            self.years.data,
            bool(self.indexed.data),
        )


def post_form(*, is_story: bool, asks_age: bool, given: dict[str, Any] | None = None) -> PostForm:
    """Return the form for an answer or a story; ``given`` is what it begins with."""
    form = PostForm(data={"key": str(uuid.uuid4()), **(given or {})})
    form.role.choices = [(key, translated(ROLES[key])) for key in SPEAKERS]
    form.named_to.choices = [(key, translated(words)) for key, words in NAME_CHOICES.items()]
    form.text.validators = [
        *form.text.validators,
        fits(checked_story if is_story else checked_answer),
    ]
    if not is_story:
        del form.title
    if not asks_age:
        del form.adult
    form.text.render_kw = {
        "rows": 16 if is_story else 8,
        "maxlength": LONGEST_STORY if is_story else LONGEST_ANSWER,
        "dir": "auto",
    }
    return form


def as_given(post: PostLine) -> dict[str, Any]:
    """Return a post as a form begins with it."""
    return {
        "title": post.title,
        "text": post.text,
        "role": post.role,
        "years": post.years,
        "named_to": post.named_to,
        "indexed": post.indexed,
    }


def first_choices(place: Any) -> dict[str, Any]:
    """Return what a new form suggests to a member, by how they stand on the condition's map.

    A member whom not all members see there is named to nobody, unless they choose otherwise; one
    who is not there has no pseudonym that could be shown.
    """
    if place is None:
        return {"named_to": NOBODY}
    is_listed = place.visibility in NAME_CHOICES
    role = {"role": place.role} if place.role in SPEAKERS else {}
    return {**role, "named_to": "members" if is_listed else NOBODY}
