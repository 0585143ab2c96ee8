"""How many people and areas somebody may read of in a day (PRIVACY rule 6)."""

import secrets
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

MOST_PEOPLE, MOST_AREAS = 100, 200
MOST_COUNTED = 2_000
"""Whoever asks for more of either is not counted further, so that no row grows without end."""
PEOPLE, AREAS = "people", "areas"
MEMBER, VISITOR = "member", "visitor"
MARK, NAME = 8, 16  # bytes


@dataclass(frozen=True)
class Marks:
    """What somebody asked for in a day, a mark of 8 bytes each, in the order they asked.

    The first ones, up to the limit, were shown; those after them were only asked for.

    Attributes:
        people: 16 random bytes, which name the case about it if there will be one, then the marks.
        areas: the marks.
    """

    people: bytes
    areas: bytes = b""

    @classmethod
    def none(cls) -> "Marks":
        """Return a day's beginning."""
        return cls(secrets.token_bytes(NAME))

    @property
    def name(self) -> str:
        """What the case is called: random, because it is kept when the day is long forgotten."""
        return str(uuid.UUID(bytes=self.people[:NAME], version=4))

    @property
    def numbers(self) -> dict[str, int]:
        """How many people and areas were asked for."""
        return {PEOPLE: (len(self.people) - NAME) // MARK, AREAS: len(self.areas) // MARK}

    @property
    def is_too_much(self) -> bool:
        """Whether more was asked for than is shown in a day."""
        return self.numbers[PEOPLE] > MOST_PEOPLE or self.numbers[AREAS] > MOST_AREAS

    def read_people(self) -> frozenset[bytes]:
        """Return the marks of the people who were shown."""
        return frozenset(_split(self.people[NAME:])[:MOST_PEOPLE])

    def read_areas(self) -> frozenset[bytes]:
        """Return the marks of the areas in which people were shown."""
        return frozenset(_split(self.areas)[:MOST_AREAS])

    def plus(self, people: Iterable[bytes], areas: Iterable[bytes]) -> "Marks":
        """Return the same with what is new; equal to this when nothing is."""
        name, known = self.people[:NAME], self.people[NAME:]
        return Marks(name + _joined(known, people), _joined(self.areas, areas))


def _split(marks: bytes) -> list[bytes]:
    return [marks[start : start + MARK] for start in range(0, len(marks), MARK)]


def _joined(known: bytes, more: Iterable[bytes]) -> bytes:
    kept: Collection[bytes] = dict.fromkeys([*_split(known), *more])
    return b"".join(kept)[: MOST_COUNTED * MARK]
