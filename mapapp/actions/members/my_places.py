"""A member's places, as the member sees them."""

from dataclasses import dataclass

from sqlalchemy import Select, Table, bindparam, select
from sqlalchemy.orm import Session

from mapapp.actions.published.listings import NO_CONDITION
from mapapp.domain.areas.area_tree import Areas
from mapapp.domain.core.hidden_reasons import HiddenReason
from mapapp.domain.core.visibilities import COUNTED
from mapapp.errors import N_, NotFoundError
from mapapp.store.conditions import Condition
from mapapp.store.members import Member, Membership

NO_PLACE = N_("You have no place on this map.")


@dataclass(frozen=True)
class MyPlace:
    """A membership as its owner sees it."""

    condition_id: int
    slug: str
    condition: str
    public_id: str
    pseudonym: str
    area_id: int
    area_version: str
    visibility: str
    hidden_reasons: HiddenReason
    chosen_visibility: str  # what was chosen, while there are reasons to hide; '' otherwise
    role: str
    birth_decade: int | None
    birth_shown: bool
    diagnosis_decade: int | None
    diagnosis_shown: bool
    month: str
    due: int | None  # with the publication of this moment others see it so (Unix seconds)
    has_page: bool  # whether staff show the condition; the place itself stays

    @property
    def is_hidden_by_moderators(self) -> bool:
        """Whether moderators hide it, so that the member cannot show it."""
        return HiddenReason.BY_MODERATORS in self.hidden_reasons


def my_places(session: Session, member_id: int) -> list[MyPlace]:
    """Return the member's places, by the condition's name."""
    rows = session.execute(
        select(
            Membership.condition_id,
            Condition.slug,
            Condition.name,
            Membership.public_id,
            Membership.pseudonym,
            Membership.area_id,
            Membership.area_version,
            Membership.visibility,
            Membership.hidden_reasons,
            Membership.chosen_visibility,
            Membership.role,
            Membership.birth_decade,
            Membership.birth_shown,
            Membership.diagnosis_decade,
            Membership.diagnosis_shown,
            Membership.month,
            Membership.due,
            Condition.shown,
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


def place_on_map(session: Session, member_id: int, slug: str) -> MyPlace:
    """Return the member's place on the map of a condition, be that shown on the site or not.

    Raises:
        NotFoundError: when the member has no place there.
    """
    found = [p for p in my_places(session, member_id) if p.slug == slug]
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


def cared_for_ids(session: Session, member_id: int) -> list[int]:
    """Return the ids of the people a member placed and cares for."""
    query = select(Member.id).where(Member.carer_id == member_id).order_by(Member.id)
    return list(session.scalars(query))


def areas_cared_for(
    session: Session, areas: Areas, member_id: int, condition_id: int
) -> tuple[int, ...]:
    """Return where on a map the people a member cares for are counted: an area for each, sorted."""
    theirs = cared_for_ids(session, member_id)
    if not theirs:
        return ()
    # By id, because a database might read the whole map to find those few.
    placed = select(Membership.area_id).where(
        Membership.condition_id == condition_id,
        Membership.member_id.in_(theirs),
        Membership.area_version == areas.version,
        Membership.visibility == COUNTED,
    )
    return tuple(sorted(session.scalars(placed)))


def map_to_join(session: Session, member_id: int, slug: str) -> tuple[int, frozenset[str]]:
    """Return a condition that is shown, and as ``names_elsewhere`` what a member is called.

    Raises:
        NotFoundError: when there is no such condition, or staff hid it.
    """
    rows = session.connection().execute(_MAP_TO_JOIN, {"me": member_id, "slug": slug}).all()
    if not rows:
        raise NotFoundError(NO_CONDITION)
    return rows[0].id, frozenset(row.pseudonym.casefold() for row in rows if row.pseudonym)


def _map_to_join() -> Select[tuple[int, str]]:
    place: Table = Membership.__table__  # type: ignore[assignment]
    about: Table = Condition.__table__  # type: ignore[assignment]
    elsewhere = (place.c.member_id == bindparam("me")) & (place.c.condition_id != about.c.id)
    return (
        select(about.c.id, place.c.pseudonym)
        .select_from(about.outerjoin(place, elsewhere))
        .where(about.c.slug == bindparam("slug"), about.c.shown)
    )


_MAP_TO_JOIN = _map_to_join()


def names_elsewhere(session: Session, member_id: int, condition_id: int) -> frozenset[str]:
    """Return what a member is called on other maps than this one, in small letters."""
    names = session.scalars(
        select(Membership.pseudonym).where(
            Membership.member_id == member_id,
            Membership.condition_id != condition_id,
            Membership.pseudonym != "",
        )
    )
    return frozenset(name.casefold() for name in names)
