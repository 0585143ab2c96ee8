"""What a member would like to be asked: said for each map, shown there, and held to."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mapapp.actions.my_places import NO_PLACE
from mapapp.domain.contact_wishes import ANYTHING, FARTHEST, Wishes
from mapapp.domain.wording import REASONS
from mapapp.errors import BadInputError, NotFoundError
from mapapp.store.connections import ContactWish
from mapapp.store.members import Membership


def wishes_of(session: Session, member_id: int, condition_id: int) -> Wishes:
    """Return the wishes of one member for one condition."""
    return as_wishes(session.get(ContactWish, (condition_id, member_id), populate_existing=True))


def as_wishes(row: ContactWish | None) -> Wishes:
    """Return what a row says; without one, anybody may ask anything."""
    if row is None:
        return ANYTHING
    return Wishes(
        reasons=tuple(row.reasons.split()),
        not_now=row.not_now,
        carers_only=row.carers_only,
        same_language=row.same_language,
        farthest=row.farthest,
    )


def wish(session: Session, member_id: int, condition_id: int, wishes: Wishes) -> None:
    """Keep what the member would like to be asked.

    Raises:
        BadInputError: for reasons or distances that are not offered.
        NotFoundError: when the member has no place there.
    """
    if set(wishes.reasons) - set(REASONS) or wishes.farthest not in (None, *FARTHEST):
        raise BadInputError("Choose from what is offered.")
    held = (Membership.condition_id == condition_id, Membership.member_id == member_id)
    # Locked, so that the same button pressed twice at once makes one row.
    if session.scalar(select(Membership.member_id).where(*held).with_for_update()) is None:
        raise NotFoundError(NO_PLACE)
    mine = (ContactWish.condition_id == condition_id, ContactWish.member_id == member_id)
    session.execute(delete(ContactWish).where(*mine))
    if wishes != ANYTHING:
        session.add(
            ContactWish(
                condition_id=condition_id,
                member_id=member_id,
                reasons=" ".join(key for key in REASONS if key in wishes.reasons),
                not_now=wishes.not_now,
                carers_only=wishes.carers_only,
                same_language=wishes.same_language,
                farthest=wishes.farthest,
            )
        )
    session.flush()
