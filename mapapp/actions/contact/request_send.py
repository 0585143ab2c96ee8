"""Asking another member for contact: choices only, no free text.

A no is silent: the sender sees an unanswered request, and everything that is counted for them
stays as if it were open. It also lasts: who hides, returns and asks again sees a request like the
first, and the other side sees nothing.
"""

from datetime import date, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from mapapp.actions.contact.person_page import PersonPage, find_person, has_request
from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.actions.core.locking import lock_members
from mapapp.actions.mail.consent_receipts import has_agreed
from mapapp.actions.mail.notices import notify
from mapapp.actions.members.visibility_change import refuse_paused
from mapapp.actions.published.blocked_pairs import is_blocked
from mapapp.actions.safety.restrictions import refuse_silenced
from mapapp.domain.core.choices import GREETINGS
from mapapp.domain.core.dates import month_of
from mapapp.domain.mail.consent_wordings import MAIL
from mapapp.domain.members.request_states import (
    ACCEPTED,
    BARRED,
    DAYS,
    DECLINED,
    END,
    OPEN,
    REFUSED,
    UNANSWERED,
    WITHDRAWN,
    before,
)
from mapapp.errors import N_, BadInputError, LimitError, NotAllowedError
from mapapp.store.contact import ContactRequest
from mapapp.store.members import Membership

MOST_OPEN = 20
TOO_MANY_OPEN = N_("You have 20 requests without an answer. Wait until someone answers one.")
NOT_PLACED = N_("Put yourself on this map first. Then you can ask for contact.")
NOT_OFFERED = N_("Choose from the options.")


def send_request(ctx: Context, public_id: str, slug: str, reason: str, greeting: str) -> None:
    """Send a request.

    Raises:
        NotFoundError: as ``find_person``.
        BadInputError: for a choice not offered, for the sender, for a request made before, and in
            a pause: the receiver could not look at the sender.
        NotAllowedError: when the sender is not on this map, not wanted, or silenced.
        LimitError: when a limit of privacy rule 6 is reached.
    """
    # A member's requests are handled one at a time, so that two cannot pass the same check.
    other = select(Membership.member_id).where(Membership.public_id == public_id)
    lock_members(ctx.session, ctx.member_id, ctx.session.scalar(other))
    refuse_who_cannot_ask(ctx)
    person = find_person(ctx.session, ctx.areas, ctx.member_id, public_id, slug)
    if greeting not in GREETINGS:
        raise BadInputError(NOT_OFFERED)
    check_person(person, reason)
    send_to(ctx, person, reason, greeting)


def refuse_who_cannot_ask(ctx: Context) -> None:
    """Refuse to send anything for a member who cannot ask anyone now.

    Raises:
        BadInputError: in a pause.
        NotAllowedError: for a silenced member.
    """
    refuse_paused(ctx.session, ctx.member_id)
    refuse_silenced(ctx.session, ctx.member_id, ctx.today)


def send_to(ctx: Context, person: PersonPage, reason: str, greeting: str) -> None:
    """Send a request to somebody who was checked, within the limits of the sender.

    Raises:
        LimitError: when a limit of privacy rule 6 is reached.
    """
    if requests_open(ctx) >= MOST_OPEN:
        raise LimitError(TOO_MANY_OPEN)
    pair = (ctx.session, ctx.member_id, person.member_id)
    # Asking a person again costs nothing while a request is open or was accepted, on this map: on
    # another one, what it costs would tell that it is the same person.
    if not has_request(*pair, (*UNANSWERED, ACCEPTED), person.condition_id):
        _spend(ctx)
    # They said no before, or there is a block: another map is no way around it, nor a new account.
    refused = (
        has_request(*pair, (DECLINED, REFUSED, BARRED))
        or is_blocked(*pair)
        or _was_refused(ctx, *pair[1:])
    )
    # Asking and withdrawing in turn must not call on somebody again and again.
    is_first = not _asked_lately(ctx, person)
    ctx.session.add(
        ContactRequest(
            condition_id=person.condition_id,
            from_member_id=ctx.member_id,
            to_member_id=person.member_id,
            reason=reason,
            greeting=greeting,
            state=DECLINED if refused else OPEN,
            unheard=refused,
            month=month_of(ctx.today),
            expires=ctx.today + timedelta(days=DAYS),
        )
    )
    if is_first and not refused:
        notify(ctx, person.member_id, "request")


def may_offer_mail(session: Session, member_id: int) -> bool:
    """Whether a member is asked if they want mail: with their first request, if they get none."""
    if has_agreed(session, member_id, MAIL):
        return False
    sent = select(ContactRequest.id).where(ContactRequest.from_member_id == member_id)
    return session.scalar(sent.limit(1)) is None


def _was_refused(ctx: Context, asker_id: int, asked_id: int) -> bool:
    """Whether a no outlasted the account of one of the two (privacy rule 8)."""
    numbers = (quotas.number_of(ctx.session, one) for one in (asker_id, asked_id))
    return quotas.is_open(ctx, quotas.LASTING_NO, *numbers)


def _asked_lately(ctx: Context, person: PersonPage) -> bool:
    """Whether a request to this person on this map ended before its 60 days were over."""
    ended = select(ContactRequest.id).where(
        ContactRequest.from_member_id == ctx.member_id,
        ContactRequest.to_member_id == person.member_id,
        ContactRequest.condition_id == person.condition_id,
        ContactRequest.state == WITHDRAWN,
        ContactRequest.expires > ctx.today,
    )
    return ctx.session.scalar(ended.limit(1)) is not None


def lapse(session: Session, today: date) -> int:
    """End the requests that nobody has answered for 60 days; return how many."""
    ended = 0
    for state, after in before(END).items():
        over = (ContactRequest.state == state, ContactRequest.expires <= today)
        done = session.execute(update(ContactRequest).where(*over).values(state=after))
        ended += done.rowcount  # type: ignore[attr-defined]
    return ended


def requests_open(ctx: Context) -> int:
    """Return how many requests of the member nobody has answered."""
    sent = select(func.count()).where(
        ContactRequest.from_member_id == ctx.member_id, ContactRequest.state.in_(UNANSWERED)
    )
    return ctx.session.scalar(sent) or 0


def check_person(person: PersonPage, reason: str) -> None:
    """Refuse to ask a person who cannot be asked, or not for this reason.

    Raises:
        BadInputError: for the sender, a request made before, or a reason that is not offered.
        NotAllowedError: when the sender is not on this map, or not wanted.
    """
    if person.is_me:
        raise BadInputError(N_("This is you."))
    if person.me is None:
        raise NotAllowedError(NOT_PLACED)
    if person.asked:
        raise BadInputError(N_("You have already asked. You will see the answer in your inbox."))
    if person.asks_me:
        raise BadInputError(N_("This person has asked you. You can answer in your inbox."))
    if person.conversation:
        raise BadInputError(N_("You are already in touch. The conversation is in your inbox."))
    if person.refusal:
        raise NotAllowedError(person.refusal)
    if reason not in person.wishes.offered:
        raise BadInputError(NOT_OFFERED)


def _spend(ctx: Context) -> None:
    is_new = quotas.is_open(ctx, quotas.NEW_ACCOUNT, ctx.member_id)
    limit = quotas.NEW_PEOPLE_AT_FIRST if is_new else quotas.NEW_PEOPLE
    quotas.use(ctx, limit, ctx.member_id)
