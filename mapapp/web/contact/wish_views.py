"""What a member would like to be asked about on a map, and who may ask."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from mapapp.actions.contact.wish_edit import keep_wishes, wishes_of
from mapapp.actions.members.my_places import place_on_map
from mapapp.domain.core.choices import TOPICS, WITHIN_WORDS
from mapapp.domain.published.wishes import FARTHEST, Wishes
from mapapp.web.core.locale import translated
from mapapp.web.core.request_session import db
from mapapp.web.core.security import this_context, this_member_id
from mapapp.web.published.presenters import raised

wishes = Blueprint("wishes", __name__)

ANY_DISTANCE = ""


class WishesForm(FlaskForm):  # type: ignore[misc]
    """Wishes for one map; by default, anyone on the map may ask anything."""

    not_now = BooleanField(lazy_gettext("I do not want to be asked at the moment"))
    reasons = SelectMultipleField(
        lazy_gettext("What can people ask you about?"),
        description=lazy_gettext("If you choose none, all of them are fine."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        choices=[],
    )
    carers_only = BooleanField(lazy_gettext("Only parents and carers"))
    same_language = BooleanField(lazy_gettext("Only people who share a language with me"))
    farthest = SelectField(lazy_gettext("How far away can they be?"), choices=[])

    def __init__(self, held: Wishes) -> None:
        super().__init__(
            data={
                "not_now": held.not_now,
                "reasons": list(held.reasons),
                "carers_only": held.carers_only,
                "same_language": held.same_language,
                "farthest": ANY_DISTANCE if held.farthest is None else str(held.farthest),
            }
        )
        self.reasons.choices = [(key, raised(translated(words))) for key, words in TOPICS.items()]
        anywhere = (ANY_DISTANCE, _("Anywhere"))
        self.farthest.choices = [
            anywhere,
            *((str(b), translated(WITHIN_WORDS[b])) for b in FARTHEST),
        ]

    def wishes(self) -> Wishes:
        """Return what was chosen."""
        return Wishes(
            reasons=tuple(self.reasons.data or ()),
            not_now=self.not_now.data,
            carers_only=self.carers_only.data,
            same_language=self.same_language.data,
            farthest=int(self.farthest.data) if self.farthest.data else None,
        )


@wishes.route("/conditions/<slug>/wishes", methods=["GET", "POST"])
def show_wishes(slug: str) -> ResponseReturnValue:
    """Show and change the wishes for one map."""
    place = place_on_map(db.session, this_member_id(), slug)
    form = WishesForm(wishes_of(db.session, this_member_id(), place.condition_id))
    if form.validate_on_submit():
        keep_wishes(this_context(), place.condition_id, form.wishes())
        flash(_("Saved. Others see it beside your pseudonym."))
        return redirect(url_for("places.list_places"), 303)
    page = render_template("contact/wishes.html", form=form, place=place, slug=slug)
    return page, 400 if form.errors else 200
