"""Where a member is, as they see it themself."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.domain.areas import Areas
from mapapp.errors import NotFoundError
from mapapp.store.conditions import Condition
from mapapp.store.members import Membership

NO_PLACE = "You have no place on this map."


@dataclass(frozen=True)
class MyPlace:
    """A membership as its owner sees it."""

    condition_id: int
    slug: str
    condition: str
    area_id: int
    area_version: str
    visibility: str
    aside: str  # why it is set aside; see ``hide``
    before: str  # what was chosen, while it is set aside; '' otherwise
    role: str
    diagnosis_decade: int | None
    month: str


def my_places(session: Session, member_id: int) -> list[MyPlace]:
    """Return the member's places, by the condition's name."""
    rows = session.execute(
        select(
            Membership.condition_id,
            Condition.slug,
            Condition.name,
            Membership.area_id,
            Membership.area_version,
            Membership.visibility,
            Membership.aside,
            Membership.before,
            Membership.role,
            Membership.diagnosis_decade,
            Membership.month,
        )
        .join(Condition, Condition.id == Membership.condition_id)
        .where(Membership.member_id == member_id)
        .order_by(Condition.name, Condition.id)
    )
    return [MyPlace(*tuple(row)) for row in rows]


def my_place(session: Session, member_id: int, condition_id: int) -> MyPlace | None:
    """Return the member's place for one condition, or None."""
    found = [p for p in my_places(session, member_id) if p.condition_id == condition_id]
    return found[0] if found else None


def condition_of_mine(session: Session, member_id: int, slug: str) -> int:
    """Return the id of a condition the member is on the map of, be it shown on the site or not.

    Raises:
        NotFoundError: when the member has no place there.
    """
    found = [p.condition_id for p in my_places(session, member_id) if p.slug == slug]
    if not found:
        raise NotFoundError(NO_PLACE)
    return found[0]


def my_countries(session: Session, areas: Areas, member_id: int) -> list[str]:
    """Return the codes (ISO 3166-1) of the countries of a member's places, sorted.

    A group of small countries stands for each of them.
    """
    placed = [p.area_id for p in my_places(session, member_id) if p.area_version == areas.version]
    countries = {areas.get(areas.ancestors(area_id)[0]) for area_id in placed}
    return sorted({code for area in countries for code in (area.members or (area.code,))})
