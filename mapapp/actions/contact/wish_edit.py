"""What a member would like to be asked about: set for each map, shown there, and enforced."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.members.visibility_change import my_membership
from mapapp.actions.published.card_changes import card_says_otherwise
from mapapp.domain.core.choices import REASONS
from mapapp.domain.published.wishes import ANYTHING, FARTHEST, Wishes
from mapapp.errors import N_, BadInputError
from mapapp.store.contact import ContactWish


def wishes_of(session: Session, member_id: int, condition_id: int) -> Wishes:
    """Return the wishes of one member for one condition."""
    return _as_wishes(session.get(ContactWish, (condition_id, member_id), populate_existing=True))


def keep_wishes(ctx: Context, condition_id: int, wishes: Wishes) -> None:
    """Store what the member would like to be asked about; others read it with a publication.

    Who wants no contact any more is taken off lists at once, and comes back with that word.

    Raises:
        BadInputError: for reasons or distances that are not offered.
        NotFoundError: when the member has no place there.
    """
    if set(wishes.reasons) - set(REASONS) or wishes.farthest not in (None, *FARTHEST):
        raise BadInputError(N_("Choose from the options."))
    session, member_id = ctx.session, ctx.member_id
    # Locked, so that the same button pressed twice at once makes one row.
    membership = my_membership(session, member_id, condition_id)
    before = wishes_of(session, member_id, condition_id)
    if before == wishes:
        return
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
    card_says_otherwise(ctx, membership, takes_away=wishes.not_now and not before.not_now)


def _as_wishes(row: ContactWish | None) -> Wishes:
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
