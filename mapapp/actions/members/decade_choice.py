"""Decades of birth and of diagnosis: given for one map, and shown to people on it, or to nobody."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.mail import consent_receipts
from mapapp.actions.members.visibility_change import my_membership
from mapapp.actions.published.card_changes import card_says_otherwise
from mapapp.domain.core.dates import this_day
from mapapp.domain.core.visibilities import is_listed
from mapapp.domain.mail.consent_wordings import DECADES
from mapapp.domain.published.decades import birth_decades, diagnosis_decades
from mapapp.errors import N_, BadInputError, NotAllowedError
from mapapp.store.members import Membership

NOT_SHOWN_HERE = N_(
    "Only people who are shown on this map can show this. Choose first who sees you."
)


@dataclass(frozen=True)
class Decades:
    """What a member gives on a map, each by its first year, and whether people there see it."""

    birth: int | None = None
    birth_shown: bool = False
    diagnosis: int | None = None
    diagnosis_shown: bool = False

    @property
    def shown(self) -> tuple[int | None, int | None]:
        """What a card shows of them."""
        return (
            self.birth if self.birth_shown else None,
            self.diagnosis if self.diagnosis_shown else None,
        )


NONE_GIVEN = Decades()


def my_decades(session: Session, member_id: int, condition_id: int) -> Decades:
    """Return what a member gives on a map."""
    row = session.get(Membership, (condition_id, member_id), populate_existing=True)
    return _of(row) if row else NONE_GIVEN


def _of(row: Membership) -> Decades:
    return Decades(row.birth_decade, row.birth_shown, row.diagnosis_decade, row.diagnosis_shown)


def keep_decades(ctx: Context, condition_id: int, given: Decades) -> None:
    """Store what the member gives and agrees to; people on the map read it with a publication.

    Who shows one no longer, or another one, is taken off lists at once and comes back without it.

    Raises:
        BadInputError: for decades that are not offered.
        NotFoundError: when the member has no place there.
        NotAllowedError: for a member whom nobody sees there by name.
    """
    year = this_day().year
    if given.birth not in (None, *birth_decades(year)):
        raise BadInputError(N_("Choose a decade of birth from the list."))
    if given.diagnosis not in (None, *diagnosis_decades(year)):
        raise BadInputError(N_("Choose a decade of diagnosis from the list."))
    membership = my_membership(ctx.session, ctx.member_id, condition_id)
    if given != NONE_GIVEN and not is_listed(membership.visibility):
        raise NotAllowedError(NOT_SHOWN_HERE)
    _store(ctx, membership, given)


def forget_decades(ctx: Context, member_id: int, condition_id: int | None = None) -> None:
    """Delete the decades of a member on one map, or on all (None), with the consent to them."""
    given = or_(Membership.birth_decade.is_not(None), Membership.diagnosis_decade.is_not(None))
    mine = select(Membership).where(Membership.member_id == member_id, given)
    if condition_id is not None:
        mine = mine.where(Membership.condition_id == condition_id)
    for membership in ctx.session.scalars(mine.with_for_update()).all():
        _store(ctx, membership, NONE_GIVEN)


def _store(ctx: Context, membership: Membership, given: Decades) -> None:
    before = _of(membership)
    membership.birth_decade, membership.diagnosis_decade = given.birth, given.diagnosis
    membership.birth_shown, membership.diagnosis_shown = given.birth_shown, given.diagnosis_shown
    ctx.session.flush()
    whose = (membership.member_id, DECADES, membership.condition_id)
    if given == NONE_GIVEN:
        consent_receipts.take_back(ctx.session, *whose)
    else:
        consent_receipts.agree(ctx.session, *whose)
    if given.shown != before.shown:
        pairs = zip(before.shown, given.shown, strict=True)
        goes = any(was is not None and was != now for was, now in pairs)
        card_says_otherwise(ctx, membership, takes_away=goes)
