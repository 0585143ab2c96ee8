"""People a member cares for: a parent places a child, and the child is counted, never listed.

They are members without an account. Their place is chosen by the carer, who also answers the
question that comes back when a child turns 18.
"""

from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.core.context import Context
from mapapp.actions.mail import consent_receipts
from mapapp.actions.mail.consent_receipts import CARED_FOR
from mapapp.actions.members.my_places import MyPlace, my_places
from mapapp.actions.members.place_set import Placement, put
from mapapp.actions.members.visibility_change import refuse_paused
from mapapp.domain.core.dates import is_month, months_between, this_month
from mapapp.domain.core.form_keys import checked_key
from mapapp.domain.core.visibilities import COUNTED
from mapapp.domain.mail.consent_wordings import ADULT, CARE
from mapapp.errors import N_, BadInputError, LimitError, NotAllowedError, NotFoundError
from mapapp.store.mail import OpenQuestion
from mapapp.store.members import Member, Membership

ROLE = "self"  # they live with it; the one who placed them may not
MOST_CARED_FOR = 8
CARE_FORM_BROKEN = N_("This form is not complete. Open the page again.")
ADDED_BEFORE = N_(
    "You have already added someone with this form. If this is another person, send it again."
)
ADULT_YEARS = 18


@dataclass(frozen=True)
class CaredFor:
    """A person placed by a member."""

    member_id: int
    public_id: str
    adult_month: str  # '' for adults
    asked_since: str  # the day on which the carer was asked whether they stay; '' for never
    places: tuple[MyPlace, ...]

    @property
    def asked(self) -> bool:
        """Whether the question that follows their 18th birthday is open."""
        return bool(self.asked_since)


@dataclass(frozen=True)
class NewPerson:
    """Somebody to be counted.

    Attributes:
        condition_id: what they live with.
        area_id: where.
        adult_month: in which a child turns 18, '' for an adult.
    """

    condition_id: int
    area_id: int
    adult_month: str


def place_cared_for(ctx: Context, carer_id: int, who: NewPerson, key: str) -> str:
    """Place a new person, counted only, and return the id of their account.

    Args:
        carer_id: who places them, and says that they may.
        who: what is known of them.
        key: a UUID made with the form: the same form sent twice counts one person.

    Raises:
        BadInputError: for an impossible month, a form that was sent with another month or place,
            for carers under 18, and during a pause, which takes everyone they care for out of the
            numbers.
        LimitError: when the carer has placed the most people allowed.
    """
    refuse_paused(ctx.session, carer_id)  # first: its lock orders two at once
    consent_receipts.require_adult(ctx.session, carer_id)
    account_id = checked_key(key, CARE_FORM_BROKEN)
    _check_month(who.adult_month)
    if _is_placed(ctx, carer_id, account_id, who):
        return account_id
    here = select(func.count()).select_from(Member).where(Member.carer_id == carer_id)
    if (ctx.session.scalar(here) or 0) >= MOST_CARED_FOR:
        raise LimitError(
            N_("You have added %(most)s people. That is the limit."),
            most=MOST_CARED_FOR,
        )
    given = {"account_id": account_id, "adult_month": who.adult_month or None}
    made = Member(carer_id=carer_id, source=CARED_FOR, **given)
    ctx.session.add(made)
    ctx.session.flush()
    consent_receipts.agree(ctx.session, made.id, CARE, who.condition_id)
    placement = Placement(who.area_id, ctx.areas.version, COUNTED, ROLE)
    put(ctx, made.id, who.condition_id, placement)
    return made.account_id


def my_cared_for(session: Session, carer_id: int) -> list[CaredFor]:
    """Return the people a member placed, in an order that reveals nothing."""
    rows = session.execute(
        select(Member.id, Member.account_id, Member.adult_month, OpenQuestion.since)
        .outerjoin(
            OpenQuestion, (OpenQuestion.member_id == Member.id) & (OpenQuestion.kind == ADULT)
        )
        .where(Member.carer_id == carer_id)
        .order_by(Member.account_id)
    )
    return [
        CaredFor(
            row.id,
            row.account_id,
            row.adult_month or "",
            row.since.isoformat() if row.since else "",
            tuple(my_places(session, row.id)),
        )
        for row in rows
    ]


def remove_cared_for(ctx: Context, carer_id: int, public_id: str) -> None:
    """Erase a person placed by a member.

    Raises:
        NotFoundError: when the member placed nobody of this id.
    """
    erase_member(ctx, _mine(ctx.session, carer_id, public_id))


def keep_grown_up(session: Session, carer_id: int, public_id: str) -> None:
    """Record that a person who turned 18 agreed to stay counted; they are not asked again.

    Raises:
        NotFoundError: when the member placed nobody of this id.
        NotAllowedError: before they turned 18 and the question came.
    """
    member_id = _mine(session, carer_id, public_id)
    if session.get(OpenQuestion, (member_id, ADULT)) is None:
        raise NotAllowedError(
            N_("You can answer this when they have turned 18. We will ask you then.")
        )
    session.execute(update(Member).where(Member.id == member_id).values(adult_month=None))
    session.execute(delete(OpenQuestion).where(OpenQuestion.member_id == member_id))


def _is_placed(ctx: Context, carer_id: int, public_id: str, who: NewPerson) -> bool:
    """Whether the form of this key was sent before.

    Raises:
        BadInputError: when it was somebody else's, or said something else.
    """
    known = ctx.session.scalar(select(Member).where(Member.account_id == public_id))
    if known is None:
        return False
    if known.carer_id != carer_id:
        raise BadInputError(CARE_FORM_BROKEN)
    places = {(who.condition_id, who.area_id)}
    mine = select(Membership.condition_id, Membership.area_id).where(
        Membership.member_id == known.id
    )
    said = {(row.condition_id, row.area_id) for row in ctx.session.execute(mine)}
    if said != places or (known.adult_month or "") != who.adult_month:
        raise BadInputError(ADDED_BEFORE)
    return True


def _mine(session: Session, carer_id: int, public_id: str) -> int:
    found = session.scalar(
        select(Member.id).where(Member.carer_id == carer_id, Member.account_id == public_id)
    )
    if found is None:
        raise NotFoundError(
            N_("You have not added this person, or they have already been removed.")
        )
    return found


def _check_month(month: str) -> None:
    if not month:
        return
    if not is_month(month):
        raise BadInputError(N_("Choose the month in which they turn 18."))
    ahead = months_between(this_month(), month)
    if not 0 < ahead <= ADULT_YEARS * 12:
        raise BadInputError(
            N_(
                "Choose the month in which they turn 18. If they are already 18, say that "
                "they are an adult."
            )
        )
