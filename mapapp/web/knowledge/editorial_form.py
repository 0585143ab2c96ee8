"""The form in which staff write what the editors answer."""

from typing import Self

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from mapapp.domain.knowledge.editorial_rules import (
    AUTHOR_ROLES,
    LONGEST_BODY,
    LONGEST_REVIEWER,
    EditorialText,
    lines_to_sources,
    sources_to_lines,
)
from mapapp.web.core.locale import translated


class EditorialForm(FlaskForm):  # type: ignore[misc]
    """An answer with its sources; ``mark`` tells which version it began with."""

    body = TextAreaField(
        lazy_gettext("Answer, in Markdown"),
        description=lazy_gettext(
            "“## ” starts a section, “- ” starts a list item, **two stars** make bold. "
            "Cite a source after what it supports: [^id]. Each section needs one."
        ),
        render_kw={"rows": 24, "maxlength": LONGEST_BODY, "spellcheck": "true"},
    )
    sources = TextAreaField(
        lazy_gettext("Sources, one per line"),
        description=lazy_gettext(
            "id | title | publisher | year | link. Leave out the year and link if you are "
            "not sure of them. Only what you have looked up."
        ),
        render_kw={"rows": 6, "spellcheck": "false"},
    )
    author_role = SelectField(lazy_gettext("Who wrote it"))
    reviewer = StringField(
        lazy_gettext("Who reviewed it (name and profession)"),
        render_kw={"maxlength": LONGEST_REVIEWER},
    )
    reviewed = DateField(lazy_gettext("Reviewed on"), validators=[Optional()])
    review_due = DateField(lazy_gettext("Next review due on"), validators=[Optional()])
    mark = HiddenField()

    @classmethod
    def of(cls, text: EditorialText | None, mark: str) -> Self:
        """Return the form for a version, or an empty one."""
        given = {}
        if text is not None:
            given = {
                "body": text.body,
                "sources": sources_to_lines(text.sources),
                "author_role": text.author_role,
                "reviewer": text.reviewer,
                "reviewed": text.reviewed,
                "review_due": text.review_due,
            }
        form = cls(data={**given, "mark": mark})
        form.author_role.choices = [(key, translated(words)) for key, words in AUTHOR_ROLES.items()]
        return form

    def text(self) -> EditorialText:
        """Return what was written, not checked yet.

        Raises:
            BadInputError: naming the line that is no source.
        """
        return EditorialText(
            author_role=self.author_role.data or "",
            body=self.body.data or "",
            sources=lines_to_sources(self.sources.data or ""),
            reviewer=self.reviewer.data or "",
            reviewed=self.reviewed.data,
            review_due=self.review_due.data,
        )
