"""The form in which a member places a person they care for."""

import uuid
from calendar import monthrange
from datetime import UTC, datetime

from flask_babel import format_date, lazy_gettext
from flask_babel import gettext as _
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired

from mapapp.actions.account.cared_for_place import ADULT_YEARS
from mapapp.domain.areas.area_facts import PRECISIONS, at_precision
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.mail.consent_wordings import ADULT
from mapapp.errors import N_, BadInputError, MapappError
from mapapp.web.mail.agreement_form import AgreementForm
from mapapp.web.members.member_forms import area_number

CHILD, GROWN = "child", "grown"
JANUARY, DECEMBER = 1, 12


class CareForm(AgreementForm):
    """Who it is, roughly where they are, and that the member may decide this.

    It has a key of its own: sent twice, one person is counted.
    """

    area_id = HiddenField()
    area_version = HiddenField()
    precision = RadioField(lazy_gettext("How precisely are they counted?"), default=PRECISIONS[0])
    who = RadioField(lazy_gettext("Who do you care for?"), default=CHILD)
    month = SelectField(lazy_gettext("Month"))
    year = SelectField(lazy_gettext("Year"))
    may = BooleanField(
        lazy_gettext(
            "I am allowed to decide this for them and, as far as they can say, they do not mind"
        ),
        validators=[
            InputRequired(
                lazy_gettext("Only someone who is allowed to decide for them can add them.")
            )
        ],
    )

    key = HiddenField()

    def __init__(self, is_adult: bool) -> None:
        super().__init__(area_version=load_areas().version, key=str(uuid.uuid4()))
        self.leave_out(ADULT, is_adult)
        self.who.choices = [
            (CHILD, _("My child, who is under 18")),
            (GROWN, _("An adult I am allowed to decide for")),
        ]
        self.precision.choices = [(key, key) for key in PRECISIONS]
        this = datetime.now(UTC)
        self.month.choices = [
            (
                f"{m:02d}",
                format_date(this.replace(month=m, day=monthrange(this.year, m)[1]), "LLLL"),
            )
            for m in range(JANUARY, DECEMBER + 1)
        ]
        years = range(this.year, this.year + ADULT_YEARS + 1)
        self.year.choices = [("", _("Choose")), *[(str(year), str(year)) for year in years]]

    def adult_month(self) -> str:
        """Return the month in which a child turns 18, '' for an adult.

        Raises:
            BadInputError: when it was not chosen.
        """
        if self.who.data == GROWN:
            return ""
        if not self.year.data:
            raise BadInputError(N_("Choose the month and year in which they turn 18."))
        return f"{self.year.data}-{self.month.data}"

    def area(self) -> int:
        """Return the area that was chosen, at the precision that was chosen.

        Raises:
            BadInputError: when none was, or the areas were redrawn in the meantime.
            NotFoundError: when there is no such area.
        """
        area_id = area_number(self.area_id.data)
        if area_id is None:
            raise BadInputError(
                N_("First choose roughly where they are: on the map, or by typing a town.")
            )
        if self.area_version.data != load_areas().version:
            raise BadInputError(
                N_(
                    "The map’s areas have been redrawn since you opened the page. Please "
                    "choose the place again."
                )
            )
        return at_precision(load_areas(), area_id, self.precision.data)

    def area_or_none(self) -> int | None:
        """Return the area to show again on a page with an error."""
        try:
            return self.area()
        except MapappError:
            return None
