"""What others would see of a member placed in an area, and what became of a place, in sentences."""

from dataclasses import asdict, dataclass

from flask import flash
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from mapapp.actions.members.place_set import Placement
from mapapp.domain.areas.area_facts import PRECISIONS, Seen, at_precision, seen_at
from mapapp.domain.areas.area_phrases import is_near_town
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.core.visibilities import COUNTED
from mapapp.web.published.presenters import area_words, number_words
from mapapp.web.published.publication_words import seen_from_words

SAME_NAME = lazy_gettext(
    "You have this pseudonym on another map, too. Whoever reads both maps can tell that it is you "
    "on both. The site never does this for you: choose another name to stay apart."
)


@dataclass(frozen=True)
class Preview:
    """One choice of precision: its area, a short label and what others would see."""

    precision: str
    area_id: int
    label: str
    sentence: str


def previews(area_id: int) -> dict[str, Preview]:
    """Return a preview for each precision that ``area_id`` allows, finest first.

    Raises:
        NotFoundError: when there is no such area.
        BadInputError: for the world.
    """
    areas = load_areas()
    made: dict[str, Preview] = {}
    for precision in PRECISIONS:
        seen = seen_at(areas, at_precision(areas, area_id, precision))
        if seen.level not in made:
            made[seen.level] = Preview(seen.level, seen.area_id, _label(seen), seen_sentence(seen))
    return made


def preview_json(area_id: int, precision: str) -> dict[str, object]:
    """Return the preview at ``precision`` and all choices, for the script of the page."""
    areas = load_areas()
    choices = previews(area_id)
    seen = seen_at(areas, at_precision(areas, area_id, precision))
    chosen = choices[seen.level]
    return {
        **asdict(chosen),
        "area_version": areas.version,
        "choices": [asdict(choice) for choice in choices.values()],
    }


def _label(seen: Seen) -> str:
    name = area_words(seen.area_id)
    if seen.level == "zone" and is_near_town(load_areas().get(seen.area_id).name):
        return str(_("The area %(name)s", name=name))
    words = {
        "zone": _("Around %(name)s", name=name),
        "region": _("Only your region: %(name)s", name=name),
        "country": _("Only your country: %(name)s", name=name),
    }
    return str(words[seen.level])


def seen_sentence(seen: Seen) -> str:
    """Say what others see of somebody who is placed in an area."""
    facts = {
        "name": area_words(seen.area_id),
        "km": number_words(seen.across_km),
        "people": number_words(seen.population),
    }
    # No word such as "in" stands before a country: some need an article, "the Netherlands".
    if seen.level == "zone" and is_near_town(load_areas().get(seen.area_id).name):
        return str(
            _(
                "Others see you somewhere %(name)s, an area about %(km)s km across where about "
                "%(people)s people live.",
                **facts,
            )
        )
    if seen.level == "zone":
        return str(
            _(
                "Others see you somewhere around %(name)s, an area about %(km)s km across "
                "where about %(people)s people live.",
                **facts,
            )
        )
    if seen.level == "region":
        return str(
            _(
                "Others see only your region, %(name)s. It is about %(km)s km across, and about "
                "%(people)s people live there.",
                **facts,
            )
        )
    return str(
        _("Others see only your country, %(name)s, where about %(people)s people live.", **facts)
    )


def say_placed(placed: Placement, due: int | None, *, same_name: bool) -> None:
    """Say on the next page what became of a place, and from when on others see it."""
    flash(_placed_words(placed, due), "warm")
    if same_name:
        flash(str(SAME_NAME))


def _placed_words(placed: Placement, due: int | None) -> str:
    if placed.visibility == COUNTED:
        return str(
            _(
                "You are registered, and nobody sees you. You will be included in a later "
                "release of numbers, rounded; the number you see now does not include you."
            )
        )
    area = area_words(placed.area_id)
    if due is None:
        return str(_("You are counted here: %(area)s.", area=area))
    return " ".join((str(_("You chose this place: %(area)s.", area=area)), seen_from_words(due)))
