"""Numbers, areas and people in the words and the language of the page."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from babel.dates import format_skeleton
from flask import Flask
from flask_babel import format_date, format_decimal, ngettext
from flask_babel import gettext as _
from wtforms import Field

from mapapp.actions.find import Listing
from mapapp.domain.areas import COUNTRY, WORLD, Area, load_areas
from mapapp.domain.contact_wishes import Wishes
from mapapp.domain.languages import language_name
from mapapp.domain.links import paragraphs
from mapapp.domain.months import months_between, this_day, this_month
from mapapp.domain.permissions import LISTED, visibilities_for
from mapapp.domain.wording import (
    BAND_WORDS,
    REQUEST_STATES,
    ROLE_LABELS,
    TOPICS,
    VISIBILITY_LABELS,
    WITHIN_WORDS,
)
from mapapp.errors import NotAllowedError
from mapapp.web.languages import current_locale

MILLION = 1_000_000


def init_presenters(app: Flask) -> None:
    """Give templates the words of this module."""
    app.jinja_env.globals.update(
        described=described,
        area_name=area_name,
        area_words=area_words,
        band_words=band_words,
        language_words=language_words,
        level_words=level_words,
        day_words=day_words,
        month_words=month_words,
        paragraphs=paragraphs,
        number_words=number_words,
        people_words=people_words,
        per_million=per_million,
        population_words=population_words,
        request_words=request_words,
        role_words=role_words,
        visibility_words=visibility_words,
        wish_words=wish_words,
        years_words=years_words,
    )
    app.jinja_env.filters["raised"] = raised


def described(field: Field) -> dict[str, str]:
    """Return the attributes that tie a form field to its hint and its error."""
    tied = {"aria-describedby": f"{field.id}-notes"} if field.description or field.errors else {}
    return {**tied, "aria-invalid": "true"} if field.errors else tied


def raised(name: str) -> str:
    """Return ``name`` with a large first letter, as a title begins; "tRNA" and "α-" stay."""
    first, *rest = name.split(" ")
    if first != first.lower() or not first[:1].isascii():
        return name
    return " ".join((first[:1].upper() + first[1:], *rest))


def number_words(number: int) -> str:
    """Return a number with the separators of the page's language."""
    return str(format_decimal(number))


def month_words(month: str) -> str:
    """Return a month such as ``2026-11`` as ``November 2026``; '–' where none was kept."""
    if not month:
        return "–"
    first = date(int(month[:4]), int(month[5:]), 1)
    return str(format_skeleton("yMMMM", first, locale=current_locale()))


def day_words(day: date) -> str:
    """Return a day as people say it: today, yesterday, or a date."""
    days = (this_day() - day).days
    if days in {0, 1}:
        return str(_("Yesterday") if days else _("Today"))
    return str(format_date(day, "long"))


def years_words(month: str) -> str:
    """Return for how many years somebody has been on the map; nothing finer is said."""
    years = months_between(month, this_month()) // 12
    if years < 1:
        return str(_("here for less than a year"))
    return str(ngettext("here for %(n)s year", "here for %(n)s years", years, n=years))


def wish_words(wishes: Wishes) -> list[str]:
    """Return what somebody would like to be asked, and by whom; nothing where all is welcome."""
    if wishes.not_now:
        return [str(_("Does not want to be asked at the moment"))]
    found = [(wishes.carers_only, _("Parents and carers only"))]
    found += [(wishes.same_language, _("Same language only"))]
    if wishes.farthest is not None:
        found += [(True, _("Only people %(within)s", within=_(WITHIN_WORDS[wishes.farthest])))]
    if wishes.reasons:
        about = ", ".join(str(_(TOPICS[key])) for key in wishes.offered)
        found += [(True, _("Would like to talk about: %(about)s", about=about))]
    return [str(words) for holds, words in found if holds]


def people_words(n: int) -> str:
    """Return ``1 person`` or ``659 people``."""
    return str(ngettext("%(shown)s person", "%(shown)s people", n, shown=number_words(n)))


def area_name(area: Area) -> str:
    """Return the name of an area; countries are named in the language of the page."""
    if area.level == WORLD:
        return str(_("The world"))
    if area.level == COUNTRY:
        # The codes of groups are private ones, and mean something else in the language data.
        known = None if area.members else current_locale().territories.get(area.code)
        return known or area.name
    return area.name


def area_words(area_id: int) -> str:
    """Return the area's name with its country: what tells two towns called Leeds apart."""
    areas = load_areas()
    country, *below = areas.ancestors(area_id)
    if not below:
        return area_name(areas.get(area_id))
    return f"{area_name(areas.get(area_id))}, {area_name(areas.get(country))}"


def level_words(level: int) -> str:
    """Return what areas of a level are called on pages, in the plural."""
    return str((_("The world"), _("Countries"), _("Regions"), _("Places"))[level])


def band_words(band: int) -> str:
    """Return a distance band in words; never a figure of a distance."""
    return str(_(BAND_WORDS[band]))


def role_words(role: str) -> str:
    """Return a role as others see it."""
    return str(_(ROLE_LABELS[role]))


def visibility_words(visibility: str) -> str:
    """Return who sees a listing, in a word or two."""
    return str(_(VISIBILITY_LABELS[visibility]))


def request_words(state: str) -> str:
    """Return how a contact request stands."""
    return str(_(REQUEST_STATES[state]))


def language_words(tags: Iterable[str]) -> str:
    """Return the names of languages, in the language of the page."""
    return ", ".join(language_name(tag, current_locale()) for tag in tags)


def population_words(population: float) -> str:
    """Return an approximate population with two significant digits, as the data deserves."""
    return number_words(_two_digits(population))


def per_million(n: int, population: float) -> str:
    """Return how many people are listed per million residents, with two significant digits."""
    if population <= 0:
        return "–"
    rate = float(f"{n * MILLION / population:.2g}")
    return str(format_decimal(rate, "#,##0.######"))


def _two_digits(value: float) -> int:
    if value < 1:
        return 0
    step = 10 ** max(0, math.floor(math.log10(value)) - 1)
    return int(math.floor(value / step + 0.5) * step)


@dataclass(frozen=True)
class Person:
    """A listed person, ready for the macro ``person``."""

    public_id: str
    pseudonym: str
    role: str
    languages: tuple[str, ...]
    area_id: int
    wishes: Wishes


def presenter(signed_in: bool) -> Callable[[Listing], Person]:
    """Return the presenter for this reader: two functions, so that neither can do both jobs."""
    return person_for_members if signed_in else person_for_visitors


def person_for_visitors(listing: Listing) -> Person:
    """Show somebody to anyone.

    Raises:
        NotAllowedError: for somebody who did not choose to be public; a query let through too much.
    """
    if listing.visibility not in visibilities_for(signed_in=False):
        raise NotAllowedError("This person is not shown to visitors.")
    return _person(listing)


def person_for_members(listing: Listing) -> Person:
    """Show somebody to a signed-in member.

    Raises:
        NotAllowedError: for somebody who is only counted; a query let through too much.
    """
    if listing.visibility not in LISTED:
        raise NotAllowedError("This person is not shown to anybody.")
    return _person(listing)


def _person(listing: Listing) -> Person:
    return Person(
        listing.public_id,
        listing.pseudonym,
        listing.role,
        listing.languages,
        listing.area_id,
        listing.wishes,
    )
