"""The form in which members say of which number they want to be told, and alerts in words."""

from dataclasses import dataclass

from babel.lists import format_list
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from mapapp.actions.members.people_alerts import AlertLine
from mapapp.domain.members.alert_wishes import ALERT_NUMBERS, ANYWHERE, FAMILY, NEAR_KM, NEARBY
from mapapp.web.core.locale import current_locale
from mapapp.web.published.presenters import area_words, number_words, people_words


@dataclass(frozen=True)
class Offer:
    """Where somebody can wait for people: for a family ``slug`` and ``name`` are the family's.

    Attributes:
        now: how many people there are there.
    """

    kind: str
    area_id: int
    slug: str
    name: str
    now: int

    @property
    def key(self) -> str:
        """What the form sends."""
        return f"{self.kind}:{self.slug if self.kind == FAMILY else self.area_id}"

    @property
    def words(self) -> str:
        """What the form says."""
        where, n = where_words(self.kind, self.area_id, self.name), number_words(self.now)
        return str(_("%(where)s. Now:\u00a0%(n)s", where=where, n=n))


class TellMeForm(FlaskForm):  # type: ignore[misc]
    """Where, how many, and whether by mail as well."""

    where = RadioField(
        lazy_gettext("Where?"), validators=[InputRequired(lazy_gettext("Choose where."))]
    )
    people = RadioField(lazy_gettext("When there are how many?"), default=str(ALERT_NUMBERS[0]))
    by_mail = BooleanField(
        lazy_gettext("Send me one email as well"),
        description=lazy_gettext("It names no condition, no place and no person."),
    )

    def offer(self, offers: list[Offer]) -> None:
        """Let the member choose among these places."""
        self.where.choices = [(offer.key, offer.words) for offer in offers]
        self.people.choices = [(str(n), people_words(n)) for n in ALERT_NUMBERS]


def can_tell_words() -> str:
    """Say of an area with few people that one can be told of more."""
    numbers = [number_words(n) for n in ALERT_NUMBERS]
    return str(
        _(
            "When there are %(numbers)s people in this area or near it, we can tell you: on your "
            "page “News”, and by email if you like.",
            numbers=format_list(numbers, style="or", locale=current_locale()),
        )
    )


def where_words(kind: str, area_id: int, name: str) -> str:
    """Say where an alert looks; ``name`` is that of its condition."""
    if kind == FAMILY:
        return str(_("On all maps of the family “%(family)s”", family=name))
    if area_id == ANYWHERE:
        return str(_("Anywhere on this map"))
    if kind == NEARBY:
        area, km = area_words(area_id), number_words(NEAR_KM)
        return str(_("Within %(km)s km of %(area)s", km=km, area=area))
    return str(_("In %(area)s", area=area_words(area_id)))


def news_words(alert: AlertLine) -> str:
    """Say what happened."""
    who = people_words(alert.people)
    if alert.kind == FAMILY:
        return str(_("%(who)s or more on the maps of this family", who=who))
    if alert.area_id == ANYWHERE:
        return str(_("%(who)s or more on this map", who=who))
    area = area_words(alert.area_id)
    if alert.kind == NEARBY:
        km = number_words(NEAR_KM)
        return str(_("%(who)s or more within %(km)s km of %(area)s", who=who, km=km, area=area))
    return str(_("%(who)s or more in %(area)s", who=who, area=area))
