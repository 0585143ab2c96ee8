"""Placing members on the map of a condition, moving, changing who sees them, and leaving it.

Each act writes the membership alone. What others see of it follows as
``actions.published.card_changes`` says: less at once, more with a publication.
"""

from dataclasses import dataclass, replace

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.actions.mail import consent_receipts
from mapapp.actions.members.request_ends import (
    end_requests,
    keep_name_in_conversations,
    take_names_off_posts,
)
from mapapp.actions.members.visibility_change import (
    choose,
    is_hidden_by_moderators,
    membership_of,
    my_membership,
    refuse_listing,
    refuse_paused,
)
from mapapp.actions.published.card_changes import card_changed, seen, withdraw
from mapapp.actions.published.publishing import publish_live
from mapapp.domain.areas.area_facts import is_coarser, seen_at
from mapapp.domain.areas.area_tree import Areas
from mapapp.domain.core.choices import ROLES
from mapapp.domain.core.dates import this_month
from mapapp.domain.core.hidden_reasons import NOT_HIDDEN, HiddenReason, visible_as
from mapapp.domain.core.visibilities import VISIBILITIES, is_listed
from mapapp.domain.mail.consent_wordings import TREATMENTS
from mapapp.domain.members.pseudonyms import clean_pseudonym
from mapapp.domain.published.listing_order import order_key
from mapapp.errors import N_, BadInputError, NotFoundError
from mapapp.store.members import Membership, NearbyAlert, new_public_id
from mapapp.store.treatments import Treatment, TreatmentUse


@dataclass(frozen=True)
class Placement:
    """What a member says about their relation to a condition.

    ``pseudonym`` is what they are called on this map alone; someone who is cared for has none.
    ``soon``: others see it with the very next publication, not with one of the next three.
    """

    area_id: int
    area_version: str
    visibility: str
    role: str
    pseudonym: str = ""
    soon: bool = False


def place(ctx: Context, condition_id: int, wanted: Placement) -> bool:
    """Place the member, or change their place, with the consents it needs; True when it is new.

    Raises:
        BadInputError: for choices that do not exist, a pseudonym that reveals who they are or
            deceives, areas of another table of areas, during a pause, and for a member who has
            not said that they are 18 or over.
        NotFoundError: for an area that does not exist.
        LimitError: when the limit on moving is used up.
    """
    refuse_paused(ctx.session, ctx.member_id)
    consent_receipts.require_adult(ctx.session, ctx.member_id)
    consent_receipts.agree_to_visibility(
        ctx.session, ctx.member_id, condition_id, wanted.visibility
    )
    name = clean_pseudonym(wanted.pseudonym, ctx.settings.site_name)
    return put(ctx, ctx.member_id, condition_id, replace(wanted, pseudonym=name))


def put(ctx: Context, member_id: int, condition_id: int, wanted: Placement) -> bool:
    """Place any member, also one who is cared for; as ``place``, but nobody agrees to anything."""
    _check(ctx.areas, wanted)
    refuse_listing(ctx.session, member_id, wanted.visibility)
    old = membership_of(ctx.session, member_id, condition_id)
    if old is None:
        _spend(ctx, (member_id, condition_id), is_new=True)
        made = _insert(ctx, member_id, condition_id, wanted)
        if made is not None:
            card_changed(ctx, made, None, soon=wanted.soon)
            return True
        # Sent twice at once: it is there now.
        old = membership_of(ctx.session, member_id, condition_id)
    if old is None:
        raise NotFoundError(
            N_("This place has been removed in the meantime. Please put yourself on the map again.")
        )
    _change(ctx, old, wanted)
    return False


def remove(ctx: Context, member_id: int, condition_id: int) -> None:
    """Take a member off the map of a condition; coming back within 30 days counts as a move.

    Raises:
        NotFoundError: when the member has no place there.
    """
    old = my_membership(ctx.session, member_id, condition_id)
    consent_receipts.agree_to_visibility(ctx.session, member_id, condition_id, "")
    end_requests(ctx.session, member_id, condition_id)
    mine = (NearbyAlert.member_id == member_id, NearbyAlert.condition_id == condition_id)
    ctx.session.execute(delete(NearbyAlert).where(*mine))
    forget_tried(ctx.session, member_id, condition_id)
    withdraw(ctx.session, condition_id, member_id)
    quotas.use_up(ctx, quotas.FIRST_PLACE, member_id, condition_id)
    keep_name_in_conversations(ctx.session, old)
    take_names_off_posts(ctx.session, old)
    ctx.session.delete(old)
    ctx.session.flush()
    if ctx.settings.schedule.is_live:
        publish_live(ctx)


def _check(areas: Areas, wanted: Placement) -> None:
    if wanted.area_version != areas.version:
        raise BadInputError(
            N_(
                "The map’s areas have been redrawn since you opened the page. Please "
                "choose your place again."
            )
        )
    seen_at(areas, wanted.area_id)
    if wanted.visibility not in VISIBILITIES:
        raise BadInputError(N_("Choose who sees you."))
    if wanted.role not in ROLES:
        raise BadInputError(N_("Choose your connection to the condition."))


def _insert(
    ctx: Context, member_id: int, condition_id: int, wanted: Placement
) -> Membership | None:
    public_id = new_public_id()
    # Leaving a map and coming back undoes nothing.
    is_hidden = is_hidden_by_moderators(ctx.session, member_id, condition_id)
    reasons = HiddenReason.BY_MODERATORS if is_hidden else NOT_HIDDEN
    made = Membership(
        condition_id=condition_id,
        member_id=member_id,
        public_id=public_id,
        pseudonym=wanted.pseudonym,
        area_id=wanted.area_id,
        area_version=wanted.area_version,
        visibility=visible_as(wanted.visibility, reasons),
        hidden_reasons=reasons,
        chosen_visibility=wanted.visibility if reasons else "",
        role=wanted.role,
        month=this_month(ctx.now),
        listing_order=order_key(ctx.settings.secret, condition_id, public_id),
    )
    try:
        with ctx.session.begin_nested():
            ctx.session.add(made)
    except IntegrityError:
        return None
    return made


def _change(ctx: Context, old: Membership, wanted: Placement) -> None:
    before = seen(old)
    moved = old.area_id != wanted.area_id
    if moved and not is_coarser(ctx.areas, wanted.area_id, old.area_id):
        _spend(ctx, (old.member_id, old.condition_id))
    if moved:
        old.month = this_month(ctx.now)
    old.area_id, old.area_version = wanted.area_id, wanted.area_version
    old.visibility, old.role = choose(old, wanted.visibility), wanted.role
    old.pseudonym = wanted.pseudonym
    card_changed(ctx, old, before, soon=wanted.soon)
    if is_listed(before.visibility) and not is_listed(old.visibility):
        end_requests(ctx.session, old.member_id, old.condition_id)


def _spend(ctx: Context, subject: tuple[int, int], *, is_new: bool = False) -> None:
    """Take one placement from what privacy rule 6 allows: the first one, a correction, or a move.

    Leaving and coming back counts as moving, or it would be a way around the limit.
    """
    if is_new and quotas.try_use(ctx, quotas.FIRST_PLACE, *subject):
        quotas.open_window(ctx, quotas.CORRECTIONS, *subject)
        return
    corrects = quotas.is_open(ctx, quotas.CORRECTIONS, *subject)
    if corrects and quotas.try_use(ctx, quotas.CORRECTIONS, *subject):
        return
    quotas.use(ctx, quotas.MOVES, *subject)


def forget_tried(session: Session, member_id: int, condition_id: int) -> None:
    """Delete what a member tried against a condition, and take the consent to it back."""
    here = select(Treatment.id).where(Treatment.condition_id == condition_id)
    mine = TreatmentUse.member_id == member_id
    session.execute(delete(TreatmentUse).where(mine, TreatmentUse.treatment_id.in_(here)))
    consent_receipts.take_back(session, member_id, TREATMENTS, condition_id)
