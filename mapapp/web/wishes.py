"""What one would like to be asked on a map, and by whom."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from mapapp.actions.contact_wishes import wish, wishes_of
from mapapp.actions.my_places import condition_of_mine, my_place
from mapapp.domain.contact_wishes import FARTHEST, Wishes
from mapapp.domain.wording import TOPICS, WITHIN_WORDS
from mapapp.web.database import db
from mapapp.web.presenters import raised
from mapapp.web.security import this_member_id

wishes = Blueprint("wishes", __name__)

ANY_DISTANCE = ""


class WishesForm(FlaskForm):  # type: ignore[misc]
    """Wishes for one map; as it begins, anybody on the map may ask anything."""

    not_now = BooleanField(lazy_gettext("I do not want to be asked at the moment"))
    reasons = SelectMultipleField(
        lazy_gettext("What may people ask you about?"),
        description=lazy_gettext("Choose none, and all of them are fine."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        choices=[],
    )
    carers_only = BooleanField(lazy_gettext("Only parents and carers"))
    same_language = BooleanField(lazy_gettext("Only people who speak a language of mine"))
    farthest = SelectField(lazy_gettext("How far away may they be?"), choices=[])

    def __init__(self, held: Wishes) -> None:
        super().__init__(data=_as_data(held))
        self.reasons.choices = [(key, raised(_(words))) for key, words in TOPICS.items()]
        anywhere = (ANY_DISTANCE, _("Anywhere"))
        self.farthest.choices = [anywhere, *((str(b), _(WITHIN_WORDS[b])) for b in FARTHEST)]

    def wishes(self) -> Wishes:
        """Return what was chosen."""
        return Wishes(
            reasons=tuple(self.reasons.data or ()),
            not_now=self.not_now.data,
            carers_only=self.carers_only.data,
            same_language=self.same_language.data,
            farthest=int(self.farthest.data) if self.farthest.data else None,
        )


def _as_data(held: Wishes) -> dict[str, Any]:
    return {
        "not_now": held.not_now,
        "reasons": list(held.reasons),
        "carers_only": held.carers_only,
        "same_language": held.same_language,
        "farthest": ANY_DISTANCE if held.farthest is None else str(held.farthest),
    }


@wishes.route("/conditions/<slug>/wishes", methods=["GET", "POST"])
def show(slug: str) -> ResponseReturnValue:
    """Show and change the wishes for one map."""
    condition_id = condition_of_mine(db.session, this_member_id(), slug)
    form = WishesForm(wishes_of(db.session, this_member_id(), condition_id))
    if form.validate_on_submit():
        wish(db.session, this_member_id(), condition_id, form.wishes())
        flash(_("Kept. Others see it beside your pseudonym."))
        return redirect(url_for("members.places"), 303)
    place = my_place(db.session, this_member_id(), condition_id)
    page = render_template("members/wishes.html", form=form, place=place, slug=slug)
    return page, 400 if form.errors else 200
