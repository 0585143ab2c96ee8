"""Finding a condition, and the people on its map who let themselves be seen.

People are read from the cards of the last publication; no query touches a membership, but that of
the reader (privacy rules 2 and 4).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.core.paging import PEOPLE_A_PAGE, Page, Spot, as_page
from mapapp.actions.published.blocked_pairs import blocked_ids
from mapapp.actions.published.card_lists import (
    Cards,
    Listing,
    as_listing,
    card_at,
    cards_of_members,
    read_cards,
)
from mapapp.actions.published.card_rows import OF_BIRTH, OF_LANGUAGE, OF_ROLE
from mapapp.actions.published.numbers_kept import ByKey, condition_numbers, placed_at
from mapapp.actions.published.readers import kind_of_reader, own_birth_decade
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.core.visibilities import visibilities_for
from mapapp.domain.published.decades import around
from mapapp.domain.published.packed import Ints, Placed
from mapapp.errors import N_, NotFoundError
from mapapp.store.conditions import Condition
from mapapp.store.members import MemberLanguage

NO_CONDITION = N_("There is no condition at this address. Search for it by name.")


@dataclass(frozen=True)
class FoundCondition:
    """What pages show of a condition. ``listed`` counts its people on the map.

    ``shown`` is False for one that staff hid, which only leads to what a member has there.
    """

    id: int
    code: str
    slug: str
    name: str
    group: str
    about: str
    listed: int
    version: int
    shown: bool


CONDITION_COLUMNS = tuple(getattr(Condition, field.name) for field in fields(FoundCondition))


def conditions_by_id(session: Session, ids: Iterable[int]) -> dict[int, FoundCondition]:
    """Return conditions, also those that staff hid, for what a member has there."""
    rows = session.execute(select(*CONDITION_COLUMNS).where(Condition.id.in_(set(ids))))
    return {row.id: FoundCondition(*row) for row in rows}


def condition_by_slug(session: Session, slug: str) -> FoundCondition:
    """Return the condition at ``slug``.

    Raises:
        NotFoundError: when there is none, or staff hid it.
    """
    query = select(*CONDITION_COLUMNS).where(Condition.slug == slug, Condition.shown)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFoundError(NO_CONDITION)
    return FoundCondition(*row)


def most_joined(session: Session, n: int) -> list[FoundCondition]:
    """Return the ``n`` conditions with most listed people, largest first."""
    query = (
        select(*CONDITION_COLUMNS)
        .where(Condition.listed > 0, Condition.shown)
        .order_by(Condition.listed.desc(), Condition.name)
        .limit(n)
    )
    return [FoundCondition(*row) for row in session.execute(query)]


@dataclass(frozen=True)
class People:
    """The people of a condition that one reader may see by name, or some of them.

    Attributes:
        condition_id: whose people.
        reader_id: the member who reads, None for a visitor.
        role: only people with this role.
        languages: only people who speak one of these languages.
        my_age: only people of about the reader's age, as far as both show it.
        is_new: whether the reader is new on the map, and is shown advisers first.
    """

    condition_id: int
    reader_id: int | None = None
    role: str | None = None
    languages: tuple[str, ...] = ()
    my_age: bool = False
    is_new: bool = False

    @property
    def narrows(self) -> bool:
        """Whether a role, a language or an age chooses among them."""
        return bool(self.role or self.languages or self.my_age)


@dataclass(frozen=True)
class Shown:
    """Which cards one reader sees by name on a map, and where they are.

    Attributes:
        visibilities: those whose cards the reader sees.
        without: members whose cards the reader does not see: a block stands between the two.
        placed: the numbers of the map, as published.
        decades: of birth that are asked for; () for any.
    """

    people: People
    visibilities: tuple[str, ...]
    without: frozenset[int]
    placed: Placed
    decades: tuple[int, ...] = ()

    @property
    def seen(self) -> Ints:
        """How many cards the reader sees at each of the areas of ``placed``, shape (n,)."""
        return self.placed.seen_by(self.visibilities)

    def cards(
        self, here: NDArray[np.bool_] | None, left: "Left | None" = None, *, but_own: bool = False
    ) -> Cards:
        """Return which cards to read.

        Args:
            here: at which of the areas of ``placed``; None for the world.
            left: what role, languages and age leave of them.
            but_own: whether the reader's own is left out.
        """
        people, seen = self.people, self.seen
        own = {people.reader_id} if but_own and people.reader_id else set()
        inside = seen if here is None else np.where(here, seen, 0)
        return Cards(
            condition_id=people.condition_id,
            visibilities=self.visibilities,
            areas=None if here is None else self.placed.ids[inside > 0].tolist(),
            inside=int(inside.sum()),
            everywhere=int(seen.sum()),
            without=self.without | own,
            role=people.role,
            languages=people.languages,
            decades=self.decades,
            share=left.share if left else 1.0,
            speak=left.speak if left else 0,
            born=left.born if left else 0,
        )


@dataclass(frozen=True)
class Left:
    """What a role, languages and an age leave of the cards that one reader sees on a map.

    Attributes:
        share: about which share.
        most: how many at most.
        speak: how many speak one of the languages, at most.
        born: how many show one of the decades.
    """

    share: float
    most: int
    speak: int
    born: int = 0


def shown_to(session: Session, people: People) -> Shown:
    """Return what this reader sees by name.

    Raises:
        NotAllowedError: for people of the reader's age, when the reader does not show theirs.
    """
    reader = kind_of_reader(session, people.condition_id, people.reader_id)
    apart: frozenset[int] = frozenset()
    if people.reader_id is not None:
        apart = blocked_ids(session, people.reader_id, people.condition_id)
    placed = placed_at(session, people.condition_id)
    decades: tuple[int, ...] = ()
    if people.my_age:
        decades = around(own_birth_decade(session, people.condition_id, people.reader_id))
    return Shown(people, visibilities_for(reader), apart, placed, decades)


def listings(
    session: Session, people: People, area_id: int, spot: Spot | None = None
) -> Page[Listing]:
    """Return a page of the people listed in an area (0 is the world) with all of its sub-areas."""
    return listings_of(session, shown_to(session, people), area_id, spot)


def listings_of(
    session: Session, shown: Shown, area_id: int, spot: Spot | None = None
) -> Page[Listing]:
    """As ``listings``, of what a reader sees on a map."""
    inside = load_areas().subtree(area_id)
    here = (shown.placed.ids >= inside.start) & (shown.placed.ids < inside.stop)
    narrows = shown.people.narrows
    left = left_of(session, shown, languages_spoken(session, shown)) if narrows else None
    cards = shown.cards(here if area_id else None, left)
    total = cards.inside
    if shown.without:
        hidden = cards_of_members(session, shown.people.condition_id, shown.without)
        total -= sum(
            row.visibility in shown.visibilities and inside.start <= row.area_id < inside.stop
            for row in hidden
        )
    found = read_cards(session, cards, PEOPLE_A_PAGE + 1, spot)
    # Those who match are not counted: the list stops when it is full.
    return as_page(found, PEOPLE_A_PAGE, spot, len(found) if narrows else total)


def card_of(session: Session, people: People, public_id: str) -> tuple[Listing, int] | None:
    """Return the card at ``public_id`` and its member, or None where this reader sees none."""
    reader = kind_of_reader(session, people.condition_id, people.reader_id)
    card = card_at(session, people.condition_id, public_id)
    if card is None or card.visibility not in visibilities_for(reader):
        return None
    if people.reader_id is not None:
        apart = blocked_ids(session, people.reader_id, people.condition_id)
        if card.member_id in apart:
            return None
    return as_listing(card, visibilities_for(reader)), int(card.member_id)


def languages_spoken(session: Session, shown: Shown) -> dict[str, int]:
    """Return how many of those whom a reader sees by name on a map speak each language."""
    spoken: Counter[str] = Counter()
    for (tag, visibility), n in _numbers(session, shown, OF_LANGUAGE).items():
        if visibility in shown.visibilities and n:
            spoken[tag] += n
    return dict(sorted(spoken.items()))


def left_of(session: Session, shown: Shown, spoken: Mapping[str, int]) -> Left:
    """Return what is left of the cards; ``spoken`` as of ``languages_spoken``."""
    people, everyone = shown.people, int(shown.seen.sum())
    speak = sum(spoken.get(tag, 0) for tag in people.languages)
    share, most = 1.0, everyone
    if people.languages:
        most = min(most, speak)
        share = most / max(everyone, 1)
    if people.role:
        numbers = _numbers(session, shown, OF_ROLE)
        have_it = sum(numbers.get((people.role, one), 0) for one in shown.visibilities)
        most, share = min(most, have_it), share * have_it / max(everyone, 1)
    born = 0
    if shown.decades:
        by_decade = _numbers(session, shown, OF_BIRTH)
        which = ((str(one), seen) for one in shown.decades for seen in shown.visibilities)
        born = sum(by_decade.get(key, 0) for key in which)
        most, share = min(most, born), share * born / max(everyone, 1)
    return Left(share, most, speak, born)


def _numbers(session: Session, shown: Shown, prefix: str) -> ByKey:
    return condition_numbers(session, shown.people.condition_id, prefix)


def languages_of(session: Session, member_ids: list[int]) -> dict[int, tuple[str, ...]]:
    """Return the languages of those members who speak any that they told."""
    query = (
        select(MemberLanguage.member_id, MemberLanguage.language)
        .where(MemberLanguage.member_id.in_(member_ids))
        .order_by(MemberLanguage.language)
    )
    spoken: dict[int, tuple[str, ...]] = {}
    for member_id, language in session.execute(query):
        spoken[member_id] = (*spoken.get(member_id, ()), language)
    return spoken
