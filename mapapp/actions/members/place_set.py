"""Placing members on the map of a condition, moving, changing who sees them, and leaving it.

Each act writes the membership alone. What others see of it follows as
``actions.published.card_changes`` says: less at once, more with a publication.
"""

from dataclasses import dataclass, replace

from sqlalchemy import Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.actions.core.quota_windows import Windows
from mapapp.actions.mail import consent_receipts
from mapapp.actions.mail.consent_standing import Agreeing, agree_as_told, agree_to_visibility
from mapapp.actions.members.placing_member import PlacingMember, placing_member
from mapapp.actions.members.profile_edit import checked_languages, store_languages
from mapapp.actions.members.request_ends import (
    end_requests,
    keep_name_in_conversations,
    take_names_off_posts,
)
from mapapp.actions.members.visibility_change import (
    check_visibility,
    choose,
    membership_of,
    my_membership,
)
from mapapp.actions.published.card_changes import (
    announce_all,
    card_changed,
    comes_at,
    seen,
    withdraw,
)
from mapapp.actions.published.listings import NO_CONDITION
from mapapp.actions.published.publishing import publish_live
from mapapp.domain.areas.area_facts import is_coarser, seen_at
from mapapp.domain.areas.area_tree import Areas
from mapapp.domain.core.choices import ROLES
from mapapp.domain.core.dates import this_month
from mapapp.domain.core.hidden_reasons import NOT_HIDDEN, HiddenReason, visible_as
from mapapp.domain.core.visibilities import is_listed
from mapapp.domain.mail.consent_wordings import ADULT, DECADES, TREATMENTS
from mapapp.domain.members.pseudonyms import clean_pseudonym
from mapapp.domain.published.listing_order import order_key
from mapapp.errors import N_, BadInputError, NotFoundError
from mapapp.store.members import Membership, PeopleAlert, new_public_id
from mapapp.store.treatments import Treatment, TreatmentUse

PLACE_ROWS: Table = Membership.__table__  # type: ignore[assignment]
_INSERT = {
    name: dialect.insert(PLACE_ROWS).on_conflict_do_nothing()
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


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


@dataclass(frozen=True)
class AlsoSaid:
    """What a member says in the same form, once for all maps.

    ``languages``: those they speak; None where they were not asked. ``agreed``: purposes of the
    account.
    """

    languages: tuple[str, ...] | None = None
    agreed: tuple[str, ...] = ()


NOTHING_ELSE = AlsoSaid()


@dataclass(frozen=True)
class Placed:
    """What came of it: whether the place is new, and with which publication others see it.

    ``due`` is its moment (Unix seconds), None where nothing waits.
    """

    is_new: bool
    due: int | None


def place(
    ctx: Context, condition_id: int, wanted: Placement, also: AlsoSaid = NOTHING_ELSE
) -> Placed:
    """Place the member, or change their place, with the consents it needs.

    Raises:
        BadInputError: for choices that do not exist, a pseudonym that reveals who they are or
            deceives, areas of another table of areas, during a pause, and for a member who has
            not said that they are 18 or over.
        NotFoundError: for an area that does not exist, and a condition that staff hid.
        LimitError: when the limit on moving is used up.
    """
    who = placing_member(ctx.session, ctx.member_id, condition_id)
    if not who.map_is_shown:
        raise NotFoundError(NO_CONDITION)
    if ADULT not in also.agreed and not who.standing.get((ADULT, None)):
        raise BadInputError(consent_receipts.NOT_ADULT)
    name = clean_pseudonym(wanted.pseudonym, ctx.settings.site_name)
    if also.languages is not None:
        _speak(ctx, who, checked_languages(also.languages))
    agreeing = Agreeing(who.id, condition_id, who.standing)
    agree_as_told(ctx.session, agreeing, wanted.visibility, also.agreed)
    return _put(ctx, who, condition_id, replace(wanted, pseudonym=str(name)))


def put(ctx: Context, member_id: int, condition_id: int, wanted: Placement) -> Placed:
    """Place any member, also one who is cared for; as ``place``, but nobody agrees to anything."""
    return _put(ctx, placing_member(ctx.session, member_id, condition_id), condition_id, wanted)


def _put(ctx: Context, who: PlacingMember, condition_id: int, wanted: Placement) -> Placed:
    check_said(ctx.areas, wanted)
    who.refuse_listing(wanted.visibility)
    if not who.is_here:
        _spend(ctx, who, condition_id, is_new=True)
        made = _insert(ctx, who, condition_id, wanted)
        if made is not None:
            return made
        # Sent twice at once: it is there now.
    old = membership_of(ctx.session, who.id, condition_id)
    if old is None:
        raise NotFoundError(
            N_("This place has been removed in the meantime. Please put yourself on the map again.")
        )
    _change(ctx, who, old, wanted)
    return Placed(is_new=False, due=old.due)


def _speak(ctx: Context, who: PlacingMember, spoken: tuple[str, ...]) -> None:
    if spoken != who.languages:
        store_languages(ctx, spoken, who.languages)
        if who.is_placed:
            announce_all(ctx, who.id)


def remove(ctx: Context, member_id: int, condition_id: int) -> None:
    """Take a member off the map of a condition; coming back within 30 days counts as a move.

    Raises:
        NotFoundError: when the member has no place there.
    """
    old = my_membership(ctx.session, member_id, condition_id)
    agree_to_visibility(ctx.session, member_id, condition_id, "")
    end_requests(ctx, member_id, condition_id)
    mine = (PeopleAlert.member_id == member_id, PeopleAlert.condition_id == condition_id)
    ctx.session.execute(delete(PeopleAlert).where(*mine))
    forget_tried(ctx.session, member_id, condition_id)
    consent_receipts.take_back(ctx.session, member_id, DECADES, condition_id)
    withdraw(ctx.session, condition_id, member_id)
    quotas.use_up(ctx, quotas.FIRST_PLACE, member_id, condition_id)
    keep_name_in_conversations(ctx.session, old)
    take_names_off_posts(ctx.session, old)
    ctx.session.delete(old)
    ctx.session.flush()
    if ctx.settings.schedule.is_live:
        publish_live(ctx)


def check_said(areas: Areas, wanted: Placement, also: AlsoSaid = NOTHING_ELSE) -> None:
    """Refuse what nobody can choose, as ``place`` does, without asking the database.

    Raises:
        BadInputError: for choices that do not exist, and areas of another table of areas.
        NotFoundError: for an area that does not exist.
    """
    checked_languages(also.languages or ())
    if wanted.area_version != areas.version:
        raise BadInputError(
            N_(
                "The map’s areas have been redrawn since you opened the page. Please "
                "choose your place again."
            )
        )
    seen_at(areas, wanted.area_id)
    check_visibility(wanted.visibility)
    if wanted.role not in ROLES:
        raise BadInputError(N_("Choose your connection to the condition."))


def _insert(
    ctx: Context, who: PlacingMember, condition_id: int, wanted: Placement
) -> Placed | None:
    """Write the one row of a new place; None where another act has written it meanwhile."""
    public_id = new_public_id()
    # Leaving a map and coming back undoes nothing.
    reasons = HiddenReason.BY_MODERATORS if who.is_hidden else NOT_HIDDEN
    visibility = visible_as(wanted.visibility, reasons)
    due = comes_at(ctx, public_id, soon=wanted.soon) if is_listed(visibility) else None
    row = {
        "condition_id": condition_id,
        "member_id": who.id,
        "public_id": public_id,
        "pseudonym": wanted.pseudonym,
        "area_id": wanted.area_id,
        "area_version": wanted.area_version,
        "visibility": visibility,
        "hidden_reasons": reasons,
        "chosen_visibility": wanted.visibility if reasons else "",
        "role": wanted.role,
        "month": this_month(ctx.now),
        "listing_order": order_key(ctx.settings.secret, condition_id, public_id),
        "due": due,
    }
    connection = ctx.session.connection()
    if not connection.execute(_INSERT[connection.dialect.name], row).rowcount:
        return None
    if ctx.settings.schedule.is_live:
        publish_live(ctx)
        return Placed(is_new=True, due=None)
    return Placed(is_new=True, due=due)


def _change(ctx: Context, who: PlacingMember, old: Membership, wanted: Placement) -> None:
    before = seen(old)
    moved = old.area_id != wanted.area_id
    if moved and not is_coarser(ctx.areas, wanted.area_id, old.area_id):
        _spend(ctx, who, old.condition_id)
    if moved:
        old.month = this_month(ctx.now)
    old.area_id, old.area_version = wanted.area_id, wanted.area_version
    old.visibility, old.role = choose(old, wanted.visibility), wanted.role
    old.pseudonym = wanted.pseudonym
    card_changed(ctx, old, before, soon=wanted.soon)
    if is_listed(before.visibility) and not is_listed(old.visibility):
        end_requests(ctx, old.member_id, old.condition_id)


def _spend(ctx: Context, who: PlacingMember, condition_id: int, *, is_new: bool = False) -> None:
    """Take one placement from what privacy rule 6 allows: the first one, a correction, or a move.

    Leaving and coming back counts as moving, or it would be a way around the limit.
    """
    mine = Windows.of(ctx, quotas.OF_PLACES, who.number, condition_id)
    corrects = mine.is_open(quotas.CORRECTIONS)
    if is_new and mine.try_use(quotas.FIRST_PLACE):
        mine.open(quotas.CORRECTIONS)
    elif not (corrects and mine.try_use(quotas.CORRECTIONS)):
        mine.use(quotas.MOVES)
    mine.store()


def forget_tried(session: Session, member_id: int, condition_id: int) -> None:
    """Delete what a member tried against a condition, and take the consent to it back."""
    here = select(Treatment.id).where(Treatment.condition_id == condition_id)
    mine = TreatmentUse.member_id == member_id
    session.execute(delete(TreatmentUse).where(mine, TreatmentUse.treatment_id.in_(here)))
    consent_receipts.take_back(session, member_id, TREATMENTS, condition_id)
