"""Finding a condition, and the people on its map who let themselves be seen.

Everything here reads columns straight from the tables and knows nothing about hidden members:
no query touches a membership that is counted only (privacy rules 2 and 4).
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from mapapp.actions.core.paging import (
    PEOPLE_A_PAGE,
    Key,
    Order,
    Page,
    Spot,
    Values,
    as_page,
    rows_from,
)
from mapapp.actions.published.blocked_pairs import not_blocked
from mapapp.actions.published.readers import kind_of_reader
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.core.visibilities import LISTED, visibilities_for
from mapapp.domain.published.wishes import ANYTHING, Wishes
from mapapp.errors import N_, NotFoundError
from mapapp.store.conditions import Condition
from mapapp.store.contact import ContactWish
from mapapp.store.members import Member, MemberLanguage, Membership


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


PEOPLE_ORDER = Order((Key(Membership.listing_order), Key(Membership.public_id)), PEOPLE_A_PAGE)
CONDITION_COLUMNS = tuple(getattr(Condition, field.name) for field in fields(FoundCondition))


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
        raise NotFoundError(N_("There is no condition at this address. Search for it by name."))
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


def joined_since(session: Session, condition_id: int, month: str) -> int:
    """Return how many of the listed people put themselves where they are since ``month``."""
    query = select(func.count()).where(
        Membership.condition_id == condition_id,
        Membership.visibility.in_(LISTED),
        Membership.month >= month,
    )
    return session.scalar(query) or 0


@dataclass(frozen=True)
class People:
    """The people of a condition that one reader may see by name, or some of them.

    Attributes:
        condition_id: whose people.
        reader_id: the member who reads, None for a visitor.
        role: only people with this role.
        language: only people who speak this language.
    """

    condition_id: int
    reader_id: int | None = None
    role: str | None = None
    language: str | None = None


def listings(
    session: Session, people: People, area_id: int, spot: Spot | None = None
) -> Page[Listing]:
    """Return a page of the people listed in an area (0 is the world) with all of its sub-areas."""
    areas = load_areas()
    shown = shown_to(session, people)
    if area_id:
        end = int(areas.end[areas.get(area_id).id])
        shown += (Membership.area_id >= area_id, Membership.area_id < end)
    total = session.scalar(select(func.count()).where(*shown)) or 0
    found = listed_people(session, shown, spot)
    return as_page(found, PEOPLE_A_PAGE, spot, total)


def shown_to(session: Session, people: People) -> tuple[ColumnElement[bool], ...]:
    """Return the terms that let through only people that this reader may see by name.

    They also join the tables of members and memberships.
    """
    reader_id = people.reader_id
    # Asked for apart, so that the list itself stays the scan of an index.
    reader = kind_of_reader(session, people.condition_id, reader_id)
    terms: tuple[ColumnElement[bool], ...] = (
        Member.id == Membership.member_id,
        Membership.condition_id == people.condition_id,
        Membership.visibility.in_(visibilities_for(reader)),
        Member.active.is_(True),
    )
    if reader_id is not None:
        terms += not_blocked(reader_id, people.condition_id)
    if people.role:
        terms += (Membership.role == people.role,)
    if people.language:
        speaks = select(MemberLanguage.member_id).where(MemberLanguage.language == people.language)
        terms += (Membership.member_id.in_(speaks),)
    return terms


def listed_people(
    session: Session, shown: tuple[ColumnElement[bool], ...], spot: Spot | None = None
) -> list[tuple[Listing, Values]]:
    """Return people beside ``spot``, in the order of the keyed hash, with what they are ordered by.

    They are a page and one more, if there are so many.
    """
    wishes_beside = (ContactWish.condition_id == Membership.condition_id) & (
        ContactWish.member_id == Membership.member_id
    )
    query = (
        select(
            Membership.member_id,
            Membership.public_id,
            Membership.pseudonym,
            Membership.role,
            Membership.area_id,
            Membership.visibility,
            ContactWish,
        )
        .join_from(Membership, ContactWish, wishes_beside, isouter=True)
        .where(*shown)
    )
    rows = rows_from(session, query, PEOPLE_ORDER, spot)
    spoken = languages_of(session, [row.member_id for row, _ in rows])
    return [(_as_listing(row, spoken.get(row.member_id, ())), values) for row, values in rows]


def _as_listing(row: Row[Any], languages: tuple[str, ...]) -> Listing:
    return Listing(
        public_id=row.public_id,
        pseudonym=row.pseudonym,
        role=row.role,
        languages=languages,
        area_id=row.area_id,
        visibility=row.visibility,
        wishes=as_wishes(row.ContactWish),
    )


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


def as_wishes(row: ContactWish | None) -> Wishes:
    """Return what a row says; without one, anyone may ask anything."""
    if row is None:
        return ANYTHING
    return Wishes(
        reasons=tuple(row.reasons.split()),
        not_now=row.not_now,
        carers_only=row.carers_only,
        same_language=row.same_language,
        farthest=row.farthest,
    )
