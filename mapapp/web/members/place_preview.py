"""What others would see of a member placed in an area, in sentences."""

from dataclasses import asdict, dataclass

from flask_babel import gettext as _

from mapapp.domain.areas.area_facts import PRECISIONS, Seen, at_precision, seen_at
from mapapp.domain.areas.area_phrases import is_near_town
from mapapp.domain.areas.area_tree import load_areas
from mapapp.web.published.presenters import area_words, number_words


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
