"""What is said of the people near a place before any name is."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from babel.lists import format_list
from flask_babel import gettext as _
from flask_babel import ngettext

from mapapp.actions.members.near_numbers import NearNumbers
from mapapp.domain.areas.distance import FARTHER, LIMITS_KM
from mapapp.domain.core.choices import BAND_WORDS, ROLE_LABELS
from mapapp.domain.members.alert_wishes import NEAR_BAND, NEAR_KM
from mapapp.errors import Nn_
from mapapp.web.core.locale import current_locale, translated
from mapapp.web.members.near_choices import Choice
from mapapp.web.published.presenters import language_words, number_words, people_words

WITHIN_KM = {band: int(km) for band, km in enumerate(LIMITS_KM, 1)}
MOST_SPOKEN = 4
"""So many languages are named beside the reader's own."""

HAVE_ROLE = {
    "self": Nn_("%(n)s lives with it", "%(n)s live with it"),
    "parent": Nn_("%(n)s is a parent or carer", "%(n)s are parents or carers"),
    "family": Nn_("%(n)s is family or a friend", "%(n)s are family or friends"),
    "clinician": Nn_("%(n)s says they are a clinician", "%(n)s say they are clinicians"),
    "researcher": Nn_("%(n)s says they are a researcher", "%(n)s say they are researchers"),
    "organisation": Nn_("%(n)s says they are an organisation", "%(n)s say they are organisations"),
}


@dataclass(frozen=True)
class Common:
    """How many near by have something in common, in words, and the choice of these."""

    words: str
    choice: Choice


def sentence(numbers: NearNumbers) -> str:
    """Return the numbers in words, such as "4 people within 100 km, 12 within 250 km"."""
    steps: list[tuple[int, int]] = []
    for band, n in enumerate(numbers.within):
        if n and (not steps or n > steps[-1][1]) and len(steps) < 3:
            steps.append((band, n))
    if not steps:
        return ""
    parts = [within_words(*steps[0]), *(_more_words(band, n) for band, n in steps[1:])]
    listed = format_list(parts, style="unit", locale=current_locale())
    return str(_("%(counts)s.", counts=listed))


def first_words(numbers: NearNumbers, *, is_placed: bool) -> str:
    """Say that the reader is the first far around, or would be; '' where people are nearer.

    Args:
        numbers: of somewhere on a map that has people.
        is_placed: whether the reader is there already.
    """
    band = numbers.first_band
    if band is None or band <= NEAR_BAND:
        return ""
    said = {"km": number_words(NEAR_KM), "band": translated(BAND_WORDS[band])}
    if is_placed:
        words = _("You are the first within %(km)s km. The next people are %(band)s.", **said)
    else:
        words = _("You would be the first within %(km)s km. The next people are %(band)s.", **said)
    return str(words)


def within_words(band: int, n: int) -> str:
    """Say how many people are in a band or nearer, such as "4 people within 100 km"."""
    who = people_words(n)
    if band == 0:
        return str(ngettext("%(who)s in this area", "%(who)s in this area", n, who=who))
    if band == FARTHER:
        return str(ngettext("%(who)s in the world", "%(who)s in the world", n, who=who))
    return str(_("%(who)s within %(km)s km", who=who, km=number_words(WITHIN_KM[band])))


def _more_words(band: int, n: int) -> str:
    if band == FARTHER:
        return str(_("%(n)s in the world", n=number_words(n)))
    return str(_("%(n)s within %(km)s km", n=number_words(n), km=number_words(WITHIN_KM[band])))


def nearest_words(n: int) -> str:
    """Say whom the numbers of roles and languages are about."""
    words = ngettext(
        "Of the nearest person you can meet",
        "Of the nearest %(n)s people you can meet",
        n,
        n=number_words(n),
    )
    return str(words)


def in_common(numbers: NearNumbers, mine: Collection[str], chosen: Choice) -> list[Common]:
    """Return what people near by have in common: the reader's languages, others, and roles.

    Each comes with the choice that leads to them, which keeps what else is chosen.
    """
    found: list[Common] = []
    if len(mine) > 1 and numbers.speak_mine:
        words = ngettext(
            "%(n)s speaks your languages",
            "%(n)s speak your languages",
            numbers.speak_mine,
            n=number_words(numbers.speak_mine),
        )
        found.append(Common(str(words), replace(chosen, languages=tuple(mine))))
    for tag in _told_languages(numbers, mine):
        n, named = numbers.languages[tag], {"language": language_words([tag])}
        words = ngettext(
            "%(n)s speaks %(language)s", "%(n)s speak %(language)s", n, n=number_words(n), **named
        )
        found.append(Common(str(words), replace(chosen, languages=(tag,))))
    for role in ROLE_LABELS:
        if n := numbers.roles.get(role, 0):
            found.append(Common(translated(HAVE_ROLE[role], n=n), replace(chosen, role=role)))
    return found


def _told_languages(numbers: NearNumbers, mine: Collection[str]) -> list[str]:
    """Return the languages to name: the reader's, then those that most speak."""
    own = [tag for tag in mine if tag in numbers.languages]
    others = sorted(numbers.languages.keys() - set(own), key=lambda tag: _rank(numbers, tag))
    return [*own, *others[:MOST_SPOKEN]]


def _rank(numbers: NearNumbers, tag: str) -> tuple[int, str]:
    return -numbers.languages[tag], tag
