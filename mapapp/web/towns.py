"""Towns as pages offer them: a label people recognise, and the area it stands for."""

from dataclasses import dataclass

from flask_babel import gettext as _

from mapapp.domain.folding import fold
from mapapp.domain.locate import latlng_to_zone
from mapapp.domain.towns import Town, search_towns
from mapapp.web.languages import current_locale

OFFERED = 8
NAMESAKES = 40
"""Among how many towns one is looked for."""


@dataclass(frozen=True)
class TownChoice:
    """A town to choose: its name, what tells it from its namesakes, its zone, and why it fits."""

    name: str
    detail: str
    area_id: int
    also: str = ""
    """By which other name it was found, where its own does not say."""

    @property
    def label(self) -> str:
        """What stands in the field once it was chosen."""
        return f"{self.name}, {self.detail}" if self.detail else self.name

    @property
    def reason(self) -> str:
        """Why a town of another name is offered, in words, or nothing."""
        return str(_("also called %(name)s", name=self.also)) if self.also else ""


def town_choices(typed: str) -> list[TownChoice]:
    """Return the towns that ``typed`` may mean, best first; one if it is a whole label.

    Raises:
        BadInputError: for text that is no name of a town.
    """
    name, comma, _detail = typed.partition(",")
    if comma and name.strip():
        namesakes = _choices(name.strip())
        chosen = [c for c in namesakes if c.label.casefold() == typed.casefold()]
        if chosen:
            return chosen[:1]
        return namesakes[:OFFERED]
    return _without_doubles(_choices(typed)[:OFFERED])


def _choices(typed: str) -> list[TownChoice]:
    """Return the towns found; where some bear that very name, no smaller ones of other names.

    Larger ones stay: who types "Roma" rather means Rome than a town in Texas.
    """
    found = search_towns(typed, NAMESAKES)
    called = fold(typed)
    largest = max((town.population for town in found if fold(town.name) == called), default=-1)
    return [
        _choice(town, called)
        for town in found
        if largest < town.population or called in fold(town.name)
    ]


def _choice(town: Town, called: str) -> TownChoice:
    country = current_locale().territories.get(town.country, town.country)
    detail = ", ".join(part for part in (town.division, country) if part)
    also = "" if called in fold(town.name) else town.matched
    return TownChoice(town.name, detail, latlng_to_zone(town.lat, town.lng), also)


def _without_doubles(choices: list[TownChoice]) -> list[TownChoice]:
    """Leave out what reads the same as one before: nobody could choose between the two."""
    return list({choice.label.casefold(): choice for choice in reversed(choices)}.values())[::-1]
