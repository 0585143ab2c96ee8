"""Reading cards: a page of those in some areas, in the order of the keyed hash.

A list stops when it is full, however many cards there are. Cards of the whole world lie in the
order of the hash. Those of some areas lie area by area; of each area only the cards up to a bound
are read, which is set so that few more are read than are shown: hashes are spread evenly.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Row,
    Select,
    any_,
    bindparam,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from mapapp.actions.core.paging import NO_PAGE, Spot, Values
from mapapp.domain.published.wishes import ANYTHING, Wishes
from mapapp.errors import BadInputError
from mapapp.store.published import ListingLanguage, ListingRow, standing

HASHES = 2**63
"""Keyed hashes are below this."""
READ_AT_FIRST = 4
"""How many times as many cards are looked at first as a page shows."""
FEW = 2_000
"""Of so many who speak a language all are looked at; of more, the cards are read in order."""


@dataclass(frozen=True)
class Listing:
    """A member as others may see them: no place finer than the area they chose."""

    public_id: str
    pseudonym: str
    role: str
    languages: tuple[str, ...]
    area_id: int
    visibility: str
    wishes: Wishes = ANYTHING


@dataclass(frozen=True)
class Cards:
    """Which cards a list has.

    Attributes:
        condition_id: of which map.
        visibilities: those that the reader sees by name.
        areas: ids of areas, or None for the whole world; each for itself, without its parts.
        expected: about how many cards these areas have.
        without: members whose cards are left out.
        role: only cards with this role.
        language: only cards with this language.
        speak: how many of the whole map speak it.
    """

    condition_id: int
    visibilities: tuple[str, ...]
    areas: Sequence[int] | None
    expected: float
    without: frozenset[int] = frozenset()
    role: str | None = None
    language: str | None = None
    speak: int = 0


def read_cards(
    session: Session, cards: Cards, size: int, spot: Spot | None = None
) -> list[tuple[Listing, Values]]:
    """Return at most ``size`` cards beside ``spot``, nearest first, with what they are ordered by.

    Raises:
        BadInputError: for a spot of another list.
    """
    after = _Reading(cards, size, spot)
    if cards.areas is None or (cards.language and cards.speak <= FEW):
        return _as_cards(session.execute(after.query(session, None)))
    if not cards.areas:
        return []
    # The share of hashes that holds the page, if they are spread as evenly as they should be.
    share = READ_AT_FIRST * size / max(cards.expected, 1)
    while True:
        found = session.execute(after.query(session, share)).all()
        if len(found) >= size or share >= 1:
            return _as_cards(found)
        share *= READ_AT_FIRST


class _Reading:
    """A reading away from a spot, upwards or, where a page ends at the spot, downwards."""

    def __init__(self, cards: Cards, size: int, spot: Spot | None) -> None:
        if spot is not None and len(spot.values) != 2:
            raise BadInputError(NO_PAGE)
        self.cards, self.size = cards, size
        self.falls = spot is not None and spot.is_end
        self.start = spot.values if spot else None

    def query(self, session: Session, share: float | None) -> Select[Any]:
        """Return the statement that reads ``share`` of the hashes; None: until the page is full."""
        cards = self.cards
        if cards.language and cards.speak <= FEW:
            return self._ordered(self._of_language(session), ListingRow)
        if share is not None:
            terms = (ListingRow.visibility.in_(cards.visibilities), self._inside(session))
            return self._ordered(self._cards(*terms, *self._bound(share)), ListingRow)
        # One visibility after the other, because each lies in order for itself.
        each = [
            select(self._ordered(self._cards(ListingRow.visibility == one), ListingRow).subquery())
            for one in cards.visibilities
        ]
        every = union_all(*each).subquery()
        return self._in_order(select(every), every.c).limit(self.size)

    def _cards(self, *terms: ColumnElement[bool]) -> Select[Any]:
        cards = self.cards
        query = select(*ListingRow.__table__.c).where(
            ListingRow.condition_id == cards.condition_id,
            ListingRow.since <= standing(),
            ListingRow.until > standing(),
            *terms,
        )
        if cards.without:
            query = query.where(ListingRow.member_id.not_in(cards.without))
        if cards.role:
            query = query.where(ListingRow.role == cards.role)
        if cards.language:
            spoken = literal(" ").concat(ListingRow.languages).concat(" ")
            query = query.where(spoken.contains(f" {cards.language} ", autoescape=True))
        return query

    def _of_language(self, session: Session) -> Select[Any]:
        """Return the query that goes from the few who speak a language to their cards."""
        spoken = select(ListingLanguage.public_id).where(
            ListingLanguage.condition_id == self.cards.condition_id,
            ListingLanguage.language == self.cards.language,
            ListingLanguage.visibility.in_(self.cards.visibilities),
        )
        terms: list[ColumnElement[bool]] = [ListingRow.public_id.in_(spoken)]
        if self.cards.areas is not None:
            terms.append(self._inside(session))
        return self._cards(*terms)

    def _ordered(self, query: Select[Any], table: Any) -> Select[Any]:
        if self.start is not None:
            order, public_id = self.start
            key, tie = table.listing_order, table.public_id
            beyond = key < order if self.falls else key > order
            beside = tie < public_id if self.falls else tie > public_id
            # Said twice, so that an index is entered at the spot.
            reach = key <= order if self.falls else key >= order
            query = query.where(reach, beyond | ((key == order) & beside))
        return self._in_order(query, table).limit(self.size)

    def _in_order(self, query: Select[Any], table: Any) -> Select[Any]:
        keys = (table.listing_order, table.public_id)
        return query.order_by(*(key.desc() if self.falls else key.asc() for key in keys))

    def _bound(self, share: float) -> tuple[ColumnElement[bool], ...]:
        if share >= 1:
            return ()
        width = int(share * HASHES)
        if self.falls:
            return (ListingRow.listing_order > int(self.start[0]) - width,) if self.start else ()
        return (ListingRow.listing_order < int(self.start[0] if self.start else 0) + width,)

    def _inside(self, session: Session) -> ColumnElement[bool]:
        """Return the term for the areas: one value, however many they are."""
        areas = [int(area) for area in self.cards.areas or ()]
        if session.get_bind().dialect.name == "postgresql":
            return ListingRow.area_id == any_(bindparam(None, areas, type_=ARRAY(Integer)))
        each = func.json_each(json.dumps(areas)).table_valued("value")
        return ListingRow.area_id.in_(select(each.c.value))


def _as_cards(rows: Any) -> list[tuple[Listing, Values]]:
    return [(as_listing(row), (row.listing_order, row.public_id)) for row in rows]


def as_listing(row: Row[Any]) -> Listing:
    """Return a row of ``ListingRow`` as others read it."""
    return Listing(
        public_id=row.public_id,
        pseudonym=row.pseudonym,
        role=row.role,
        languages=tuple(sorted(row.languages.split())),
        area_id=row.area_id,
        visibility=row.visibility,
        wishes=Wishes(
            reasons=tuple(row.reasons.split()),
            not_now=row.not_now,
            carers_only=row.carers_only,
            same_language=row.same_language,
            farthest=row.farthest,
        ),
    )


def cards_of_member(session: Session, member_id: int) -> dict[int, Listing]:
    """Return the cards of a member that stand, by condition."""
    query = select(*ListingRow.__table__.c).where(
        ListingRow.member_id == member_id,
        ListingRow.since <= standing(),
        ListingRow.until > standing(),
    )
    return {row.condition_id: as_listing(row) for row in session.execute(query)}


def standing_rows(
    session: Session, condition_id: int, *terms: ColumnElement[bool]
) -> Sequence[Row[Any]]:
    """Return the cards that stand on a map, found by terms on ``ListingRow``: a few at most."""
    query = select(*ListingRow.__table__.c).where(
        ListingRow.condition_id == condition_id,
        ListingRow.since <= standing(),
        ListingRow.until > standing(),
        *terms,
    )
    return session.execute(query).all()
