"""What a member would like to be asked about: set for each map, shown there, and enforced."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mapapp.actions.members.my_places import NO_PLACE
from mapapp.actions.published.listings import as_wishes
from mapapp.domain.core.choices import REASONS
from mapapp.domain.published.wishes import ANYTHING, FARTHEST, Wishes
from mapapp.errors import N_, BadInputError, NotFoundError
from mapapp.store.contact import ContactWish
from mapapp.store.members import Membership


def wishes_of(session: Session, member_id: int, condition_id: int) -> Wishes:
    """Return the wishes of one member for one condition."""
    return as_wishes(session.get(ContactWish, (condition_id, member_id), populate_existing=True))


def keep_wishes(session: Session, member_id: int, condition_id: int, wishes: Wishes) -> None:
    """Store what the member would like to be asked about.

    Raises:
        BadInputError: for reasons or distances that are not offered.
        NotFoundError: when the member has no place there.
    """
    if set(wishes.reasons) - set(REASONS) or wishes.farthest not in (None, *FARTHEST):
        raise BadInputError(N_("Choose from the options."))
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
