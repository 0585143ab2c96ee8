"""Finding a condition, its numbers and the people who let themselves be seen.

Everything here reads columns straight from the tables and knows nothing about hidden members:
no query touches a membership that is counted only (PRIVACY rules 2 and 4).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import ColumnElement, Row, String, func, select
from sqlalchemy.orm import Session

from mapapp.actions.blocked import not_blocked
from mapapp.actions.contact_wishes import as_wishes
from mapapp.actions.paging import PEOPLE_A_PAGE, Page, page_start
from mapapp.domain.areas import load_areas
from mapapp.domain.contact_wishes import ANYTHING, Wishes
from mapapp.domain.counts import Totals, countries_reached, roll_up
from mapapp.domain.permissions import LISTED, visibilities_for
from mapapp.errors import NotFoundError
from mapapp.store.conditions import AreaCount, Condition
from mapapp.store.connections import ContactWish
from mapapp.store.members import Member, MemberLanguage, Membership


@dataclass(frozen=True)
class FoundCondition:
    """What pages show of a condition. ``listed`` counts its people on the map."""

    id: int
    code: str
    slug: str
    name: str
    group: str
    about: str
    listed: int
    version: int


CONDITION_COLUMNS = (
    Condition.id,
    Condition.code,
    Condition.slug,
    Condition.name,
    Condition.group,
    Condition.about,
    Condition.listed,
    Condition.version,
)


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
class SiteTotals:
    """How many listed memberships the site has, in how many countries and conditions.

    Somebody who placed themself for two conditions is counted twice, and pages say so.
    """

    people: int
    countries: int
    conditions: int


def conditions_by_id(session: Session, ids: Iterable[int]) -> dict[int, FoundCondition]:
    """Return conditions, also those that staff hid: for what somebody has there."""
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
        raise NotFoundError("There is no condition at this address. Search for it by name.")
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


def totals(session: Session, condition_id: int) -> Totals:
    """Return the listed people of a condition, rolled up over all areas."""
    query = select(AreaCount.area_id, AreaCount.n).where(AreaCount.condition_id == condition_id)
    return _rolled_up(session.execute(query).all())


def site_totals(session: Session) -> SiteTotals:
    """Return the numbers of the whole site, over the conditions that are shown."""
    state = _state(session)
    countries = countries_reached(load_areas(), _kept_totals(session, state))
    return SiteTotals(state.people, countries, state.conditions)


def everybody(session: Session) -> Totals:
    """Return the listed memberships of all shown conditions, rolled up over all areas."""
    return _kept_totals(session, _state(session))


@dataclass(frozen=True)
class _State:
    """What changes whenever a live number does: each change raises a condition's version.

    ``versions`` names each condition that has people beside its version. A sum would not do: a
    condition whose last person leaves takes its share out, which the joining of others can make up.
    """

    people: int
    conditions: int
    versions: str


def _state(session: Session) -> _State:
    version = Condition.id.cast(String) + ":" + Condition.version.cast(String)
    people, versions, conditions = session.execute(
        select(
            func.coalesce(func.sum(Condition.listed), 0),
            func.coalesce(func.aggregate_strings(version, " "), ""),
            func.count(),
        ).where(Condition.listed > 0, Condition.shown)
    ).one()
    return _State(int(people), conditions, versions)


_totals: dict[str, tuple[_State, Totals]] = {}
"""The numbers of the whole site by database: adding them up takes longer than all else at home."""


def _kept_totals(session: Session, state: _State) -> Totals:
    database = str(session.get_bind())
    known = _totals.get(database)
    if known is None or known[0] != state:
        known = _totals[database] = (state, _add_up(session))
    return known[1]


def _add_up(session: Session) -> Totals:
    places = (
        select(AreaCount.area_id, func.sum(AreaCount.n))
        .join(Condition, Condition.id == AreaCount.condition_id)
        .where(Condition.shown)
        .group_by(AreaCount.area_id)
    )
    return _rolled_up(session.execute(places).all())


def _rolled_up(rows: Sequence[Row[int, int]]) -> Totals:
    table = np.array([tuple(row) for row in rows], dtype=np.int64).reshape(-1, 2)
    return roll_up(load_areas(), table[:, 0], table[:, 1])


def listings(
    session: Session,
    condition_id: int,
    area_id: int,
    reader_id: int | None,
    page: int = 1,
    role: str | None = None,
    language: str | None = None,
) -> Page[Listing]:
    """Return a page of the people listed in an area with all of its sub-areas.

    Args:
        session: where to read.
        condition_id: whose people.
        area_id: the area; 0 is the world.
        reader_id: the member who reads, None for a visitor; decides who is shown by name.
        page: which page, from 1.
        role: only people with this role.
        language: only people who speak this language.
    """
    areas = load_areas()
    shown = shown_to(condition_id, reader_id, role, language)
    if area_id:
        end = int(areas.end[areas.get(area_id).id])
        shown += (Membership.area_id >= area_id, Membership.area_id < end)
    start = page_start(page, PEOPLE_A_PAGE)
    total = session.scalar(select(func.count()).where(*shown)) or 0
    found = listed_people(session, shown, start, PEOPLE_A_PAGE) if start < total else ()
    return Page(found, page, PEOPLE_A_PAGE, total)


def shown_to(
    condition_id: int, reader_id: int | None, role: str | None, language: str | None
) -> tuple[ColumnElement[bool], ...]:
    """Return the terms that let through only people whom this reader may see by name.

    They also join the tables of members and memberships.
    """
    terms: tuple[ColumnElement[bool], ...] = (
        Member.id == Membership.member_id,
        Membership.condition_id == condition_id,
        Membership.visibility.in_(visibilities_for(reader_id is not None)),
        Member.active.is_(True),
    )
    if reader_id is not None:
        terms += not_blocked(reader_id)
    if role:
        terms += (Membership.role == role,)
    if language:
        speaks = select(MemberLanguage.member_id).where(MemberLanguage.language == language)
        terms += (Membership.member_id.in_(speaks),)
    return terms


def listed_people(
    session: Session, shown: tuple[ColumnElement[bool], ...], start: int, size: int
) -> tuple[Listing, ...]:
    """Return ``size`` people after the first ``start``, in the order of the keyed hash."""
    wishes_beside = (ContactWish.condition_id == Membership.condition_id) & (
        ContactWish.member_id == Membership.member_id
    )
    query = (
        select(
            Membership.member_id,
            Member.public_id,
            Member.pseudonym,
            Membership.role,
            Membership.area_id,
            Membership.visibility,
            ContactWish,
        )
        .join_from(Membership, ContactWish, wishes_beside, isouter=True)
        .where(*shown)
        .order_by(Membership.tie, Member.public_id)
        .offset(start)
        .limit(size)
    )
    rows = session.execute(query).all()
    spoken = languages_of(session, [row.member_id for row in rows])
    return tuple(
        Listing(
            row.public_id,
            row.pseudonym,
            row.role,
            spoken.get(row.member_id, ()),
            row.area_id,
            row.visibility,
            as_wishes(row.ContactWish),
        )
        for row in rows
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
