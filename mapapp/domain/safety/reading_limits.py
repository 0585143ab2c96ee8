"""How many people and areas a reader may see in a day (privacy rule 6)."""

import secrets
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

MOST_PEOPLE, MOST_AREAS = 100, 200
MOST_COUNTED = 2_000
"""A reader who asks for more of either is not counted further, so that no row grows forever."""
PEOPLE, AREAS = "people", "areas"
MEMBER_READER, VISITOR = "member", "visitor"
MARK, MARK_BYTES = 8, 16  # bytes


@dataclass(frozen=True)
class Marks:
    """What a reader asked for in a day, as marks of 8 bytes each, in the order they asked.

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
        return cls(secrets.token_bytes(MARK_BYTES))

    @property
    def name(self) -> str:
        """The name of the case: random, because the case outlasts the marks of the day."""
        return str(uuid.UUID(bytes=self.people[:MARK_BYTES], version=4))

    @property
    def numbers(self) -> dict[str, int]:
        """How many people and areas were asked for."""
        return {PEOPLE: (len(self.people) - MARK_BYTES) // MARK, AREAS: len(self.areas) // MARK}

    @property
    def is_too_much(self) -> bool:
        """Whether more was asked for than is shown in a day."""
        return self.numbers[PEOPLE] > MOST_PEOPLE or self.numbers[AREAS] > MOST_AREAS

    def read_people(self) -> frozenset[bytes]:
        """Return the marks of the people who were shown."""
        return frozenset(_split(self.people[MARK_BYTES:])[:MOST_PEOPLE])

    def read_areas(self) -> frozenset[bytes]:
        """Return the marks of the areas in which people were shown."""
        return frozenset(_split(self.areas)[:MOST_AREAS])

    def plus(self, people: Iterable[bytes], areas: Iterable[bytes]) -> "Marks":
        """Return this with new marks added; equal to this when nothing is new."""
        name, known = self.people[:MARK_BYTES], self.people[MARK_BYTES:]
        return Marks(name + _joined(known, people), _joined(self.areas, areas))


def _split(marks: bytes) -> list[bytes]:
    return [marks[start : start + MARK] for start in range(0, len(marks), MARK)]


def _joined(known: bytes, more: Iterable[bytes]) -> bytes:
    kept: Collection[bytes] = dict.fromkeys([*_split(known), *more])
    return b"".join(kept)[: MOST_COUNTED * MARK]
