"""The decades of birth and of diagnosis that a member gives on one map, and who sees each."""

from collections.abc import Iterable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import RadioField, SelectField

from mapapp.actions.members.decade_choice import Decades, keep_decades, my_decades
from mapapp.actions.members.my_places import place_on_map
from mapapp.domain.core.dates import this_day
from mapapp.domain.core.visibilities import MAP, NOBODY, is_listed
from mapapp.domain.mail.consent_wordings import ADULT, DECADES, PURPOSES
from mapapp.domain.published.decades import birth_decades, diagnosis_decades
from mapapp.web.core.request_session import db
from mapapp.web.core.security import this_context, this_member_id
from mapapp.web.mail.agreement_form import AgreementForm

decades = Blueprint("decades", __name__)

NOT_GIVEN = ""


class DecadesForm(AgreementForm):
    """Two decades, and beside each who sees it; at first nobody does."""

    birth = SelectField(
        lazy_gettext("In which decade were you born?"),
        description=lazy_gettext(
            "If you show it, you can look for people of about your age who show theirs, and they "
            "can find you."
        ),
        choices=[],
    )
    birth_seen = RadioField(lazy_gettext("Who sees your decade of birth?"), choices=[])
    diagnosis = SelectField(
        lazy_gettext("In which decade was the diagnosis?"),
        description=lazy_gettext(
            "Yours, or that of the person you are here for. It stands on your card, and nobody can "
            "look for it."
        ),
        choices=[],
    )
    diagnosis_seen = RadioField(lazy_gettext("Who sees the decade of diagnosis?"), choices=[])

    def __init__(self, held: Decades) -> None:
        super().__init__(
            data={
                "birth": str(held.birth or NOT_GIVEN),
                "birth_seen": MAP if held.birth_shown else NOBODY,
                "diagnosis": str(held.diagnosis or NOT_GIVEN),
                "diagnosis_seen": MAP if held.diagnosis_shown else NOBODY,
            }
        )
        self.leave_out(ADULT, agreed=True)  # they have a place on a map
        year = this_day().year
        self.birth.choices = _offered(birth_decades(year), held.birth)
        self.diagnosis.choices = _offered(diagnosis_decades(year), held.diagnosis)
        seen_by = [(NOBODY, _("Nobody")), (MAP, _("People on this map"))]
        self.birth_seen.choices = self.diagnosis_seen.choices = seen_by

    def decades(self) -> Decades:
        """Return what was chosen."""
        birth, diagnosis = (
            int(field.data) if field.data else None for field in (self.birth, self.diagnosis)
        )
        return Decades(
            birth,
            birth is not None and self.birth_seen.data == MAP,
            diagnosis,
            diagnosis is not None and self.diagnosis_seen.data == MAP,
        )


def _offered(some: Iterable[int], held: int | None) -> list[tuple[str, str]]:
    """Return decades to choose from, with one that is held from earlier."""
    every = sorted({*some, *(() if held is None else (held,))}, reverse=True)
    named = [(str(one), _("%(first)s to %(last)s", first=one, last=one + 9)) for one in every]
    return [(NOT_GIVEN, _("I’d rather not say")), *named]


@decades.route("/conditions/<slug>/decades", methods=["GET", "POST"])
def show_decades(slug: str) -> ResponseReturnValue:
    """Show and change the decades on one map."""
    place = place_on_map(db.session, this_member_id(), slug)
    form = DecadesForm(my_decades(db.session, this_member_id(), place.condition_id))
    if form.validate_on_submit():
        keep_decades(this_context(), place.condition_id, form.decades())
        flash(_("Saved."))
        return redirect(url_for("places.list_places"), 303)
    page = render_template(
        "members/decades.html",
        form=form,
        place=place,
        is_shown=is_listed(place.visibility),
        agreed=PURPOSES[DECADES].now.words,
    )
    return page, 400 if form.errors else 200
