"""What the map says: to its scripts as JSON, and in its legend."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from mapapp.domain.areas.area_phrases import GROUPS, NEAR, NEIGHBOURS, SIDES
from mapapp.domain.published.rates import RATE_FROM, two_digits
from mapapp.maps.palette import Scale
from mapapp.web.core.locale import current_locale, decimal_words, translated
from mapapp.web.published.presenters import number_words, rate_words

SAMPLES = (*range(101), 1_000_000)
"""Numbers that together need every plural form of every language."""


@dataclass(frozen=True)
class LegendLine:
    """A class of the map: its shade (0 to 6) and its values, in words."""

    shade: int
    words: str


def _forms(words: Callable[[int], str]) -> dict[str, str]:
    """Return the text for each plural category of the page's language."""
    rule = current_locale().plural_form
    samples: dict[str, int] = {}
    for n in SAMPLES:
        samples.setdefault(rule(n), n)
    return {category: words(n) for category, n in samples.items()}


def map_words() -> dict[str, Any]:
    """Return every text of the map's scripts; ``{name}`` is filled in by them."""
    return {
        "people": _forms(lambda n: ngettext("{n} person", "{n} people", n)),
        "perMillion": _("about {rate} per million residents"),
        "oneIn": _("about 1 in {n} million residents"),
        "residents": _("About {n} people live here in all"),
        "nobodyYet": _("Nobody here yet"),
        "asWhole": _("{name} as a whole"),
        "countries": _forms(lambda n: ngettext("{n} country", "{n} countries", n)),
        "regions": _forms(lambda n: ngettext("{n} region", "{n} regions", n)),
        "regionsIn": _forms(
            lambda n: ngettext("{n} region in {place}", "{n} regions in {place}", n)
        ),
        "areas": _forms(lambda n: ngettext("{n} area", "{n} areas", n)),
        "areasIn": _forms(lambda n: ngettext("{n} area in {place}", "{n} areas in {place}", n)),
        "moreParts": _forms(
            lambda n: ngettext("and {n} more place, with few", "and {n} more places", n)
        ),
        "inViewNow": _forms(
            lambda n: ngettext(
                "Closer now: {people} in view, in {n} place",
                "Closer now: {people} in view, in {n} places",
                n,
            )
        ),
        "nobodyInView": _("Nobody here yet. Nearest: {name}, {people}."),
        "connect": _("Connect"),
        "report": _("Report"),
        "noAnswer": _("The list of people could not be loaded. Try again in a moment."),
        "noFull": _("This browser cannot show pages full screen."),
        **place_words(),
    }


def place_words() -> dict[str, Any]:
    """Return the scripts' texts for finding an area on the page for placing oneself."""
    return {
        "near": translated(NEAR, place="{place}"),
        "neighbours": translated(NEIGHBOURS, place="{place}"),
        "sides": {key: translated(words, place="{place}") for key, words in SIDES.items()},
        "groups": {str(name): translated(name) for name in GROUPS},
        "finding": _("Finding the area …"),
        "closer": _("The map came closer. Now choose roughly where you are."),
        "noShapes": _("The map’s shapes could not be loaded. Try again, or type a town."),
        "looking": _("Looking for your area. Your position stays in this browser."),
        "tooFar": _("That is more than 200 km from any land we know. Type a town instead."),
        "noPosition": _("Your browser did not give a position. Type a town instead."),
    }


def number_legend(scale: Scale) -> list[LegendLine]:
    """Return the legend for numbers of people, nobody first."""
    return [LegendLine(0, _("Nobody yet")), *_legend(scale, _people_range)]


def _legend(scale: Scale, words: Callable[[float, float | None], str]) -> list[LegendLine]:
    ends = (*scale.limits, None)[1:]
    classes = zip(scale.limits, ends, scale.shades, strict=True)
    return [LegendLine(shade, words(limit, end)) for limit, end, shade in classes]


def _people_range(limit: float, end: float | None) -> str:
    if end is None:
        if limit == 1:
            return str(_("1 person or more"))
        return str(_("%(n)s people or more", n=number_words(int(limit))))
    last = int(end) - 1
    return str(_("%(first)s to %(last)s", first=number_words(int(limit)), last=number_words(last)))


def rate_legend(scale: Scale) -> list[LegendLine]:
    """Return the legend for people per million residents, the areas without a rate first."""
    few = LegendLine(0, _("Fewer than %(n)s people", n=number_words(RATE_FROM)))
    return [few, *_legend(scale, _rate_range)]


def _rate_range(limit: float, end: float | None) -> str:
    if end is None:
        return str(_("%(rate)s or more", rate=rate_words(limit)))
    if not limit:
        return str(_("under %(rate)s", rate=rate_words(end)))
    if end <= 1:  # limits are next to each other: none lies between
        fewer, more = (decimal_words(two_digits(1 / rate)) for rate in (limit, end))
        return str(_("1 in %(first)s to %(last)s million", first=more, last=fewer))
    return str(_("%(first)s to %(last)s", first=rate_words(limit), last=rate_words(end)))
