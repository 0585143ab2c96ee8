"""Towns as pages offer them: a label people recognise, and the area it stands for."""

from dataclasses import dataclass

from mapapp.domain.locate import latlng_to_zone
from mapapp.domain.towns import Town, search_towns
from mapapp.web.languages import current_locale

OFFERED = 8
NAMESAKES = 40
"""Among how many towns one is looked up again by its whole label."""


@dataclass(frozen=True)
class TownChoice:
    """A town to choose: its name, what tells it from its namesakes, and its zone."""

    name: str
    detail: str
    area_id: int

    @property
    def label(self) -> str:
        """What stands in the field once it was chosen."""
        return f"{self.name}, {self.detail}" if self.detail else self.name


def town_choices(typed: str) -> list[TownChoice]:
    """Return the towns that ``typed`` may mean, best first; one if it is a whole label.

    Raises:
        BadInputError: for text that is no name of a town.
    """
    found = search_towns(typed, OFFERED)
    name, comma, _detail = typed.partition(",")
    if comma and name.strip():
        namesakes = [_choice(town) for town in search_towns(name.strip(), NAMESAKES)]
        chosen = [c for c in namesakes if c.label.casefold() == typed.casefold()]
        if chosen:
            return chosen[:1]
        return namesakes[:OFFERED]
    return _without_doubles([_choice(town) for town in found])


def _choice(town: Town) -> TownChoice:
    country = current_locale().territories.get(town.country, town.country)
    detail = ", ".join(part for part in (town.division, country) if part)
    return TownChoice(town.name, detail, latlng_to_zone(town.lat, town.lng))


def _without_doubles(choices: list[TownChoice]) -> list[TownChoice]:
    """Leave out what reads the same as one before: nobody could choose between the two."""
    return list({choice.label.casefold(): choice for choice in reversed(choices)}.values())[::-1]
