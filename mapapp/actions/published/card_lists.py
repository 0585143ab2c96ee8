"""Reading cards: a page of those in some areas, in the order of the keyed hash.

A list stops when it is full, however many cards there are. Cards of the whole world lie in the
order of the hash, and so do those of a language. Those of some areas also lie area by area; of each
area only the cards up to a bound are read, which is set so that few more are read than are shown:
hashes are spread evenly. Which way reads least is worked out from how many there are.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from mapapp.actions.core.paging import NO_PAGE, Spot, Values
from mapapp.actions.published.card_statements import (
    BY_AREA,
    BY_BIRTH,
    BY_LANGUAGE,
    BY_MARK,
    BY_ORDER,
    Shape,
    card_statement,
    list_statement,
    member_statement,
)
from mapapp.domain.core.visibilities import LISTED, MAP
from mapapp.domain.published.wishes import ANYTHING, Wishes
from mapapp.errors import BadInputError
from mapapp.store.published import ListingRow, stands

HASHES = 2**63
"""Keyed hashes are below this."""
READ_AT_FIRST = 4
"""How many times as many cards are looked at first as a page shows."""


@dataclass(frozen=True)
class Listing:
    """A member as others may see them: no place finer than the area they chose.

    The decades are None for readers who are not on the map themselves.
    """

    public_id: str
    pseudonym: str
    role: str
    languages: tuple[str, ...]
    area_id: int
    visibility: str
    wishes: Wishes = ANYTHING
    adviser: bool = False  # offers to help newcomers, and staff confirmed it
    birth_decade: int | None = None
    diagnosis_decade: int | None = None


@dataclass(frozen=True)
class Cards:
    """Which cards a list has.

    Attributes:
        condition_id: of which map.
        visibilities: those that the reader sees by name.
        areas: ids of areas, or None for the whole world; each for itself, without its parts.
        inside: how many cards these areas have.
        everywhere: how many cards the map has.
        without: members whose cards are left out.
        role: only cards with this role.
        languages: only cards with one of these languages.
        decades: only cards with one of these decades of birth.
        share: about which share of the cards role, languages and decades leave.
        speak: how many of the whole map speak one of the languages.
        born: how many of the whole map show one of the decades.
    """

    condition_id: int
    visibilities: tuple[str, ...]
    areas: Sequence[int] | None
    inside: int
    everywhere: int
    without: frozenset[int] = frozenset()
    role: str | None = None
    languages: tuple[str, ...] = ()
    decades: tuple[int, ...] = ()
    share: float = 1.0
    speak: int = 0
    born: int = 0

    @property
    def expected(self) -> float:
        """About how many are wanted; hashes are no use to find less than one."""
        return max(self.inside * self.share, 1)

    def way(self, size: int) -> str:
        """Return the way on which fewest rows are read to find ``size`` cards."""
        often = size / self.expected
        costs = {BY_ORDER: min(1.0, often) * self.everywhere}
        if self.areas is not None:
            looked_at = min(1.0, READ_AT_FIRST * often) * self.inside
            costs[BY_AREA] = len(self.areas) * len(self.visibilities) + looked_at
        if self.languages:
            costs[BY_LANGUAGE] = min(1.0, often) * self.speak
        if self.decades:
            costs[BY_BIRTH] = min(1.0, often) * self.born
        return min(costs, key=lambda way: costs[way])


def read_cards(
    session: Session, cards: Cards, size: int, spot: Spot | None = None
) -> list[tuple[Listing, Values]]:
    """Return at most ``size`` cards beside ``spot``, nearest first, with what they are ordered by.

    Raises:
        BadInputError: for a spot of another list.
    """
    if cards.areas is not None and not len(cards.areas):
        return []
    reading = _Reading(session, cards, size, spot)
    if reading.way != BY_AREA:
        return reading.found(None)
    # The share of hashes that holds the page, if they are spread as evenly as they should be.
    share = READ_AT_FIRST * size / cards.expected
    while True:
        found = reading.found(share)
        if len(found) >= size or share >= 1:
            return found
        share *= READ_AT_FIRST


def read_advisers(session: Session, cards: Cards, size: int) -> list[Listing]:
    """Return at most ``size`` advisers of a map, by keyed hash; the areas of ``cards`` are all."""
    on_postgresql = is_postgresql(session)
    shape = Shape(
        on_postgresql,
        len(cards.visibilities),
        BY_MARK,
        without=bool(cards.without),
        role=bool(cards.role),
        languages=len(cards.languages),
        decades=len(cards.decades),
    )
    values = {"size": size, **values_of(replace(cards, areas=None), on_postgresql)}
    rows = session.execute(list_statement(shape), values)
    return [as_listing(row, cards.visibilities) for row in rows]


class _Reading:
    """A reading away from a spot, upwards or, where a page ends at the spot, downwards."""

    def __init__(self, session: Session, cards: Cards, size: int, spot: Spot | None) -> None:
        if spot is not None and len(spot.values) != 2:
            raise BadInputError(NO_PAGE)
        self.session, self.cards, self.way = session, cards, cards.way(size)
        self.on_postgresql = is_postgresql(session)
        self.falls = spot is not None and spot.is_end
        self.start = 0 if spot is None else int(spot.values[0])
        self.values = {"size": size, **values_of(cards, self.on_postgresql)}
        if spot is not None:
            self.values |= {"hash": self.start, "public_id": str(spot.values[1])}

    def found(self, share: float | None) -> list[tuple[Listing, Values]]:
        """Return what ``share`` of the hashes holds; None: read until the page is full."""
        has_bound = share is not None and share < 1
        values = self.values
        if has_bound:
            width = int((share or 0) * HASHES)
            bound = self.start - width if self.falls else min(self.start + width, HASHES - 1)
            values = {**values, "bound": bound}
        rows = self.session.execute(list_statement(self._shape(has_bound)), values)
        seen = self.cards.visibilities
        return [(as_listing(row, seen), (row.listing_order, row.public_id)) for row in rows]

    def _shape(self, has_bound: bool) -> Shape:
        cards = self.cards
        return Shape(
            on_postgresql=self.on_postgresql,
            visibilities=len(cards.visibilities),
            way=self.way,
            in_areas=cards.areas is not None,
            falls=self.falls,
            has_spot="hash" in self.values,
            has_bound=has_bound,
            without=bool(cards.without),
            role=bool(cards.role),
            languages=len(cards.languages),
            decades=len(cards.decades),
        )


def values_of(cards: Cards, on_postgresql: bool) -> dict[str, Any]:
    """Return the values of a statement that say which cards are wanted."""
    values: dict[str, Any] = {"condition_id": cards.condition_id}
    values |= {f"v{n}": one for n, one in enumerate(cards.visibilities)}
    if cards.areas is not None:
        values["areas"] = several(on_postgresql, cards.areas)
    if cards.without:
        values["without"] = several(on_postgresql, sorted(cards.without))
    if cards.role:
        values["role"] = cards.role
    for n, tag in enumerate(cards.languages):
        values |= {f"language{n}": tag, f"spoken{n}": f"% {tag} %"}
    return values | {f"born{n}": decade for n, decade in enumerate(cards.decades)}


def is_postgresql(session: Session) -> bool:
    """Whether the session's database is PostgreSQL."""
    return session.get_bind().dialect.name == "postgresql"


def several(on_postgresql: bool, ids: Iterable[int]) -> list[int] | str:
    """Return ids as one value of a statement, however many they are."""
    whole = [int(one) for one in ids]
    return whole if on_postgresql else json.dumps(whole)


def as_listing(row: Row[Any], seen: Collection[str] = ()) -> Listing:
    """Return what was read of a card, as a reader who sees these visibilities may read it."""
    on_map = MAP in seen
    return Listing(
        public_id=row.public_id,
        pseudonym=row.pseudonym,
        role=row.role,
        languages=tuple(sorted(row.languages.split())),
        area_id=row.area_id,
        visibility=row.visibility,
        wishes=Wishes(
            reasons=tuple(row.reasons.split()),
            not_now=bool(row.not_now),
            carers_only=bool(row.carers_only),
            same_language=bool(row.same_language),
            farthest=row.farthest,
        ),
        adviser=bool(row.adviser),
        birth_decade=row.birth_decade if on_map else None,
        diagnosis_decade=row.diagnosis_decade if on_map else None,
    )


def cards_of_member(session: Session, member_id: int) -> dict[int, Listing]:
    """Return the cards of a member that stand, by condition."""
    query = select(*ListingRow.__table__.c).where(ListingRow.member_id == member_id, stands())
    return {row.condition_id: as_listing(row, LISTED) for row in session.execute(query)}


def cards_of_members(
    session: Session, condition_id: int, member_ids: Iterable[int]
) -> Sequence[Row[Any]]:
    """Return the cards of some members that stand on a map."""
    on_postgresql = is_postgresql(session)
    values = {"condition_id": condition_id, "members": several(on_postgresql, member_ids)}
    return session.execute(member_statement(on_postgresql), values).all()


def card_at(session: Session, condition_id: int, public_id: str) -> Row[Any] | None:
    """Return the card that stands at a public id on a map, None where there is none."""
    values = {"condition_id": condition_id, "public_id": public_id}
    return session.execute(card_statement(is_postgresql(session)), values).one_or_none()
