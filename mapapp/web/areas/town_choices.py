"""Towns as pages offer them: a label that no other town has, and the area it stands for."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from mapapp.domain.areas.area_phrases import NEAR
from mapapp.domain.areas.gazetteer import Town, load_towns
from mapapp.domain.areas.namesakes import larger_neighbour
from mapapp.domain.areas.town_search import Reader, clearly_meant, find_towns, is_called
from mapapp.domain.areas.zone_towns import zone_of
from mapapp.domain.core.folding import fold
from mapapp.domain.core.languages import countries_of_tag
from mapapp.web.core.locale import current_locale, this_language

CALLED = {"GB": "uk", "US": "usa", "GR": "el"}
"""What people write for some countries instead of the codes of ISO 3166-1."""
MOST_COMMAS = 4
OFFERED = 8
"""How many towns are offered; more where more have exactly the name that was typed."""


@dataclass(frozen=True)
class TownChoice:
    """A town to choose: its name, what tells it from others of that name, its zone, why it fits."""

    name: str
    detail: str
    area_id: int
    also: str = ""
    """The other name by which it was found, if its main name does not show it."""

    @property
    def label(self) -> str:
        """The field's text once the town is chosen."""
        return f"{self.name}, {self.detail}" if self.detail else self.name

    @property
    def reason(self) -> str:
        """Why a town of another name is offered, in words, or nothing."""
        return str(_("also called %(name)s", name=self.also)) if self.also else ""


@dataclass(frozen=True)
class TownAnswer:
    """What typed words may mean.

    Attributes:
        matching: towns that have the words in a name, the likelier first.
        guesses: towns whose names only look like the words; nothing may be done on one.
        meant: the one of ``matching`` that the words clearly mean, if one is.
    """

    matching: tuple[TownChoice, ...] = ()
    guesses: tuple[TownChoice, ...] = ()
    meant: TownChoice | None = None

    @property
    def others(self) -> tuple[TownChoice, ...]:
        """Return those of ``matching`` that are not meant."""
        return tuple(choice for choice in self.matching if choice != self.meant)


NO_TOWNS = TownAnswer()


def town_choices(typed: str, home: Collection[str] = ()) -> TownAnswer:
    """Return the towns that ``typed`` may mean: a name, or a name and where it is.

    Args:
        typed: what was typed, or a label that was chosen.
        home: codes (ISO 3166-1) of the reader's own countries, where known.

    Raises:
        BadInputError: for text that is no name of a town.
    """
    reader = _reader(home)
    chosen = _with_its_place(typed, reader)
    if chosen is not None:
        return chosen
    found = find_towns(typed, reader)
    certain = _in_zones(town for town in found if not town.is_guess)
    meant = clearly_meant(certain, typed)
    namesakes = _doubtful(meant, reader)
    if namesakes:
        meant, certain = None, _in_zones((*certain, *namesakes))
    called = len(namesakes) + sum(is_called(town, typed) for town in certain)
    shown = {town.id: _choice(town, typed) for town in certain[: max(OFFERED, called)]}
    guesses = _in_zones(town for town in found if town.is_guess)[:OFFERED]
    return TownAnswer(
        tuple(shown.values()),
        tuple(_choice(town, typed) for town in guesses),
        shown[meant.id] if meant else None,
    )


def _with_its_place(typed: str, reader: Reader) -> TownAnswer | None:
    """Return the towns of a name with words of their place after a comma, None if there is none.

    A whole label means its one town; "Springfield, Illinois" those that are there. Some towns have
    a comma in their name.
    """
    if len(load_towns().index.called(typed)):
        return None
    parts = typed.strip().split(",")
    for at in range(1, min(len(parts), MOST_COMMAS)):
        name, place = ",".join(parts[:at]).strip(), set(fold(" ".join(parts[at:])).split())
        if not place or not len(load_towns().index.called(name)):
            continue
        towns = _called(name, reader)
        towns = _in_zones((*towns, *_doubtful(clearly_meant(towns, name), reader)))
        choices = {_choice(town, name): town for town in towns}
        whole = [c for c in choices if c.label.casefold() == typed.strip().casefold()]
        there = whole or [c for c, town in choices.items() if place <= _where(town, c)]
        meant = there[0] if len(there) == 1 else None
        return TownAnswer(tuple(there or choices), meant=meant)
    return None


def _called(name: str, reader: Reader) -> list[Town]:
    return _in_zones(town for town in find_towns(name, reader) if is_called(town, name))


def _doubtful(meant: Town | None, reader: Reader) -> list[Town]:
    """Return the towns of one main name if it leaves open which is meant, and another name hid it.

    "Sprinfield" is a name of one Springfield only because somebody noted a slip of the keyboard.
    """
    if meant is None or not meant.matched:
        return []
    namesakes = _called(meant.name, reader)
    return [] if clearly_meant(namesakes, meant.name) else namesakes


def _where(town: Town, choice: TownChoice) -> set[str]:
    """Return the words that may stand behind a town's name to say where it is."""
    codes = {town.country.lower(), CALLED.get(town.country, "")}
    return codes | set(fold(choice.detail).split())


def _reader(home: Collection[str]) -> Reader:
    named, spoken = countries_of_tag(request.accept_languages.best or "")
    return Reader(frozenset(home) | named, spoken)


def _in_zones(towns: Iterable[Town]) -> list[Town]:
    """Leave out namesakes in the zone of a likelier one: they are the same choice."""
    kept: dict[tuple[str, int], Town] = {}
    for town in towns:
        kept.setdefault((fold(town.name), zone_of(town)), town)
    return list(kept.values())


def _choice(town: Town, typed: str) -> TownChoice:
    neighbour = larger_neighbour(town)
    near = this_language().say(NEAR, place=neighbour.name) if neighbour else ""
    country = current_locale().territories.get(town.country, town.country)
    detail = ", ".join(part for part in (near, town.division, country) if part)
    also = "" if fold(typed) in fold(town.name) else town.matched
    return TownChoice(town.name, detail, zone_of(town), also)
