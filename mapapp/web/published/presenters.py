"""Numbers, areas and people in the words and the language of the page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from babel.dates import format_skeleton
from flask import Flask
from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from wtforms import Field

from mapapp.actions.published.card_lists import Listing
from mapapp.domain.areas.area_facts import told_across, told_residents
from mapapp.domain.areas.area_phrases import place_phrase, told_line
from mapapp.domain.areas.area_tree import COUNTRY, WORLD, Area, load_areas
from mapapp.domain.core.choices import (
    BAND_WORDS,
    REQUEST_STATE_LABELS,
    ROLE_LABELS,
    TOPICS,
    VISIBILITY_LABELS,
    WITHIN_WORDS,
)
from mapapp.domain.core.dates import months_between, this_day, this_month
from mapapp.domain.core.languages import language_name
from mapapp.domain.core.visibilities import ON_MAP, SIGNED_IN, VISITOR, visibilities_for
from mapapp.domain.core.web_links import paragraphs
from mapapp.domain.published.rates import MILLION, rate_of, two_digits
from mapapp.domain.published.wishes import Wishes
from mapapp.errors import N_, NotAllowedError
from mapapp.web.core.locale import current_locale, decimal_words, this_language, translated
from mapapp.web.published.decade_words import decade_words


def init_presenters(app: Flask) -> None:
    """Give templates the words of this module."""
    app.jinja_env.globals.update(
        described=described,
        adviser_means=adviser_means,
        area_name=area_name,
        area_words=area_words,
        across_words=across_words,
        band_words=lambda band: translated(BAND_WORDS[band]),
        language_words=language_words,
        level_words=level_words,
        day_words=day_words,
        epoch_words=epoch_words,
        month_words=month_words,
        paragraphs=paragraphs,
        number_words=number_words,
        one_in_words=one_in_words,
        people_words=people_words,
        per_million=per_million,
        residents_words=residents_words,
        request_words=lambda state: translated(REQUEST_STATE_LABELS[state]),
        role_words=role_words,
        visibility_words=lambda visibility: translated(VISIBILITY_LABELS[visibility]),
        wish_words=wish_words,
        years_words=years_words,
    )
    app.jinja_env.filters["raised"] = raised


def described(field: Field, *, alone: bool = False) -> dict[str, str | bool]:
    """Return the attributes that tie a form field to its hint and its error.

    Where it is ``alone`` in its form and wrong, the reader is put into it.
    """
    tied: dict[str, str | bool] = {}
    if field.description or field.errors:
        tied["aria-describedby"] = f"{field.id}-notes"
    if field.errors:
        tied["aria-invalid"] = "true"
        tied["autofocus"] = alone  # False leaves it out
    return tied


def raised(name: str) -> str:
    """Return ``name`` with a capital first letter, as in a title; "tRNA" and "α-" stay."""
    first, *rest = name.split(" ")
    if first != first.lower() or not first[:1].isascii():
        return name
    return " ".join((first[:1].upper() + first[1:], *rest))


def number_words(number: int) -> str:
    """Return a number with the separators of the page's language."""
    return decimal_words(number)


def month_words(month: str) -> str:
    """Return a month such as ``2026-11`` as ``November 2026``; '–' if there is none."""
    if not month:
        return "–"
    first = date(int(month[:4]), int(month[5:]), 1)
    return str(format_skeleton("yMMMM", first, locale=current_locale()))


def epoch_words(epoch: str) -> str:
    """Return the epoch of a release, such as ``2026-Q4`` or ``2026``, in words."""
    year, _, quarter = epoch.partition("-Q")
    first = date(int(year), int(quarter or 1) * 3 - 2, 1)
    skeleton = "yQQQQ" if quarter else "y"
    return str(format_skeleton(skeleton, first, locale=current_locale()))


def day_words(day: date) -> str:
    """Return a day as people say it: today, yesterday, or a date."""
    days = (this_day() - day).days
    if days in {0, 1}:
        return str(_("Yesterday") if days else _("Today"))
    return str(format_date(day, "long"))


def years_words(month: str) -> str:
    """Return the number of years a member has been on the map; nothing finer is shown."""
    years = months_between(month, this_month()) // 12
    if years < 1:
        return str(_("here for less than a year"))
    return str(ngettext("here for %(n)s year", "here for %(n)s years", years, n=years))


def wish_words(wishes: Wishes) -> list[str]:
    """Return what a member would like to be asked about, and by which people; [] for no limits."""
    if wishes.not_now:
        return [str(_("Does not want to be asked at the moment"))]
    found = [(wishes.carers_only, _("Parents and carers only"))]
    found += [(wishes.same_language, _("Same language only"))]
    if wishes.farthest is not None:
        found += [
            (True, _("Only people %(within)s", within=translated(WITHIN_WORDS[wishes.farthest])))
        ]
    if wishes.reasons:
        about = ", ".join(translated(TOPICS[key]) for key in wishes.offered)
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
        return known or place_phrase(area.name, this_language())
    return place_phrase(area.name, this_language())


def area_words(area_id: int) -> str:
    """Return the area's name with its country: what tells two towns called Leeds apart.

    Where a country has more than one Springfield, the region stands between them.
    """
    areas = load_areas()
    return ", ".join(area_name(areas.get(area)) for area in told_line(areas, area_id))


def level_words(level: int) -> str:
    """Return the plural name for areas of a level."""
    return str((_("The world"), _("Countries"), _("Regions"), _("Places"))[level])


def role_words(role: str) -> str:
    """Return a role as others see it."""
    return translated(ROLE_LABELS[role])


def adviser_means() -> str:
    """Say what it means that an adviser is confirmed."""
    return str(
        _(
            "Advisers offer to help newcomers: the team has read the offer and agreed to it, but "
            "has not checked who they are or what they know."
        )
    )


def language_words(tags: Iterable[str]) -> str:
    """Return the names of languages, in the language of the page."""
    return ", ".join(language_name(tag, current_locale()) for tag in tags)


def residents_words(area_id: int) -> str:
    """Return about how many people live in an area."""
    return number_words(int(told_residents(load_areas())[area_id]))


def across_words(area_id: int) -> str:
    """Return about how many kilometres an area is across."""
    return number_words(int(told_across(load_areas())[area_id]))


def per_million(n: int, area_id: int) -> str:
    """Return how many people are listed per million residents; '' where they are too few to say."""
    rate = rate_of(n, int(told_residents(load_areas())[area_id]))
    return rate_words(rate) if rate else ""


def one_in_words(n: int, area_id: int) -> str:
    """Return of how many residents one is listed: 1 in 2.1 million; '' where too few are."""
    rate = rate_of(n, int(told_residents(load_areas())[area_id]))
    if not rate:
        return ""
    residents = two_digits(MILLION / rate)
    if residents < MILLION:
        return str(_("1 in %(n)s", n=number_words(round(residents))))
    return str(_("1 in %(n)s million", n=decimal_words(residents / MILLION, "#,##0.#")))


def rate_words(rate: float) -> str:
    """Return people per million in two digits, as exact as populations: 1.4, 1 in 11 million."""
    told = two_digits(rate)
    if told >= 1:
        return decimal_words(told, "#,##0.#")
    return str(_("1 in %(n)s million", n=decimal_words(two_digits(1 / rate), "#,##0.#")))


@dataclass(frozen=True)
class Person:
    """A listed person, ready for the macro ``person``; ``decades`` in words, if any are shown."""

    public_id: str
    pseudonym: str
    role: str
    languages: tuple[str, ...]
    area_id: int
    wishes: Wishes
    adviser: bool
    decades: tuple[str, ...] = ()


def presenter(reader: str) -> Callable[[Listing], Person]:
    """Return the presenter for this kind of reader: a function each, so that none does two jobs."""
    return PRESENTERS[reader]


def person_for_visitors(listing: Listing) -> Person:
    """Show a member to anyone.

    Raises:
        NotAllowedError: for a member who did not choose to be public; a query let through too much.
    """
    if listing.visibility not in visibilities_for(VISITOR):
        raise NotAllowedError(N_("This person is not shown to visitors."))
    return _person(listing)


def person_for_members(listing: Listing) -> Person:
    """Show a member to a signed-in member who is not listed on the map.

    Raises:
        NotAllowedError: for a member who is shown to others on the map, or to nobody.
    """
    if listing.visibility not in visibilities_for(SIGNED_IN):
        raise NotAllowedError(N_("This person is shown only to people on this map."))
    return _person(listing)


def person_for_people_on_map(listing: Listing) -> Person:
    """Show a member to a member who is listed on the same map.

    Raises:
        NotAllowedError: for a member who is only counted; a query let through too much.
    """
    if listing.visibility not in visibilities_for(ON_MAP):
        raise NotAllowedError(N_("This person is not shown to anyone."))
    return replace(_person(listing), decades=decade_words(listing))


PRESENTERS = {
    VISITOR: person_for_visitors,
    SIGNED_IN: person_for_members,
    ON_MAP: person_for_people_on_map,
}


def _person(listing: Listing) -> Person:
    return Person(
        listing.public_id,
        listing.pseudonym,
        listing.role,
        listing.languages,
        listing.area_id,
        listing.wishes,
        listing.adviser,
    )
