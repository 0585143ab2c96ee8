"""What placing somebody has to know of them, read by one statement."""

from dataclasses import dataclass

from sqlalchemy import Integer, Select, Table, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from mapapp.actions.core.locking import hold_member
from mapapp.actions.mail.consent_receipts import CARED_FOR
from mapapp.actions.mail.consent_standing import Standing, standing_of
from mapapp.domain.core.visibilities import is_listed
from mapapp.domain.safety.case_rules import PERSON
from mapapp.errors import N_, BadInputError, NotFoundError
from mapapp.store.conditions import Condition
from mapapp.store.mail import Consent
from mapapp.store.members import Member, MemberLanguage, Membership
from mapapp.store.moderation import Case

ACCOUNT_GONE = N_("This account no longer exists.")
ACCOUNT_PAUSED = N_("Your account is paused. End the pause first, on your account page.")
NEVER_SHOWN = N_("Someone you care for is counted but never shown.")


class AccountGoneError(NotFoundError):
    """The member was erased in the meantime."""


@dataclass(frozen=True)
class PlacingMember:
    """A member who is placed on a map, or is there already.

    Attributes:
        id: of the member.
        source: how they came to be there.
        number: under which their limits are counted.
        languages: which they speak, sorted.
        is_hidden: whether moderators keep them off this map, or reports do until they decide.
        is_placed: whether they are on any map.
        is_here: whether they are on this one.
        map_is_shown: whether staff show the condition.
        standing: what they agree to, for the account and for this map.
    """

    id: int
    source: str
    number: int
    languages: tuple[str, ...]
    is_hidden: bool
    is_placed: bool
    is_here: bool
    map_is_shown: bool
    standing: Standing

    def refuse_listing(self, visibility: str) -> None:
        """Refuse to list people who are cared for.

        Raises:
            BadInputError: for one of them who would be listed.
        """
        refuse_listing_as(self.source, visibility)


def refuse_listing_as(source: str | None, visibility: str) -> None:
    """Refuse to list who came to be there as one of the people who are cared for.

    Raises:
        BadInputError: for one of them who would be listed.
    """
    if is_listed(visibility) and source == CARED_FOR:
        raise BadInputError(NEVER_SHOWN)


def placing_member(session: Session, member_id: int, condition_id: int) -> PlacingMember:
    """Return what is known of a member, who is locked: two acts of theirs run one by one.

    Raises:
        AccountGoneError: when there is none.
        BadInputError: during a pause.
    """
    # Before it is read, not with it: who waits for a lock is shown what was there before waiting.
    hold_member(session, member_id)
    given = {"me": member_id, "here": condition_id}
    rows = session.connection().execute(_KNOWN, given).all()
    if not rows:
        raise AccountGoneError(ACCOUNT_GONE)
    first = rows[0]
    if first.paused:
        raise BadInputError(ACCOUNT_PAUSED)
    said = ((row.purpose, row.about, row.version) for row in rows if row.purpose is not None)
    return PlacingMember(
        member_id,
        first.source,
        member_id if first.counted_as is None else first.counted_as,
        tuple(sorted((first.languages or "").split())),
        is_hidden=bool(first.suspended or first.is_reported),
        is_placed=bool(first.is_placed),
        is_here=bool(first.is_here),
        map_is_shown=bool(first.shown),
        standing=standing_of(said),
    )


def _known() -> Select[tuple[object, ...]]:
    of, place, case = (_table(one) for one in (Member, Membership, Case))
    said, spoken, about = (_table(one) for one in (Consent, MemberLanguage, Condition))
    me, here = bindparam("me", type_=Integer), bindparam("here", type_=Integer)
    mine = place.c.member_id == me
    tags = func.aggregate_strings(spoken.c.language, " ")
    hides = (case.c.subject_id == me, case.c.hides, case.c.kind == PERSON)
    stands = (
        (said.c.member_id == of.c.id)
        & (said.c.withdrawn == "")
        & or_(said.c.condition_id.is_(None), said.c.condition_id == here)
    )
    return (
        select(
            of.c.paused,
            of.c.suspended,
            of.c.source,
            of.c.counted_as,
            select(tags).where(spoken.c.member_id == me).scalar_subquery().label("languages"),
            exists().where(*hides, case.c.condition_id == here).label("is_reported"),
            exists().where(mine).label("is_placed"),
            exists().where(mine, place.c.condition_id == here).label("is_here"),
            select(about.c.shown).where(about.c.id == here).scalar_subquery().label("shown"),
            said.c.purpose,
            said.c.condition_id.label("about"),
            said.c.version,
        )
        .select_from(of.outerjoin(said, stands))
        .where(of.c.id == me)
    )


def _table(model: type[object]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


_KNOWN = _known()
