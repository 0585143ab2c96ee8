"""Asking another member for contact: choices only, without a free word.

A no is silent: whoever asked sees an unanswered request, and everything that is counted for them
stays as if it were open. It also lasts: who hides, returns and asks again sees a request like the
first, and the other side sees nothing.
"""

import time
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from mapapp.actions import quotas
from mapapp.actions.notices import notify
from mapapp.actions.silence import refuse_silenced
from mapapp.actions.together import lock_members
from mapapp.actions.visibility import refuse_paused
from mapapp.actions.whom import Whom, whom
from mapapp.domain.areas import Areas
from mapapp.domain.months import month_of
from mapapp.domain.requests import (
    ACCEPTED,
    BARRED,
    DAYS,
    DECLINED,
    END,
    OPEN,
    REFUSED,
    UNANSWERED,
    before,
)
from mapapp.domain.wording import GREETINGS
from mapapp.errors import BadInputError, LimitError, NotAllowedError
from mapapp.settings import Settings
from mapapp.store.connections import ContactRequest
from mapapp.store.members import Member

MOST_OPEN = 20


def knock(
    session: Session,
    settings: Settings,
    areas: Areas,
    reader_id: int,
    public_id: str,
    slug: str,
    reason: str,
    greeting: str,
    now: int | None = None,
) -> None:
    """Send a request.

    Raises:
        NotFoundError: as ``whom``.
        BadInputError: for what is not offered, oneself, a request that stands already, and during
            a pause: whoever is asked could not look at who asks.
        NotAllowedError: for who is not on this map, is not wanted, or must be silent.
        LimitError: when a limit of rule 6 is reached.
    """
    # One request of a member after the other, so that two at once cannot pass the same check.
    other = select(Member.id).where(Member.public_id == public_id)
    lock_members(session, reader_id, session.scalar(other))
    refuse_paused(session, reader_id)
    moment = int(time.time()) if now is None else now
    today = datetime.fromtimestamp(moment, UTC).date()
    refuse_silenced(session, reader_id, today)
    person = whom(session, areas, reader_id, public_id, slug)
    _check(person, reason, greeting)
    sent = select(func.count()).where(
        ContactRequest.from_member_id == reader_id, ContactRequest.state.in_(UNANSWERED)
    )
    if (session.scalar(sent) or 0) >= MOST_OPEN:
        raise LimitError("You have 20 requests without an answer. Wait until somebody answers one.")
    if not _asked_before(session, reader_id, person.member_id):
        _spend(session, settings.secret, reader_id, moment)
    refused = _was_refused(session, reader_id, person.member_id)
    session.add(
        ContactRequest(
            condition_id=person.condition_id,
            from_member_id=reader_id,
            to_member_id=person.member_id,
            reason=reason,
            greeting=greeting,
            state=DECLINED if refused else OPEN,
            month=month_of(today),
            lapses=today + timedelta(days=DAYS),
        )
    )
    if not refused:
        notify(session, settings, person.member_id, "request", "/inbox")


def lapse(session: Session, today: date) -> int:
    """End the requests that nobody has answered for 60 days; return how many."""
    ended = 0
    for state, after in before(END).items():
        over = (ContactRequest.state == state, ContactRequest.lapses <= today)
        done = session.execute(update(ContactRequest).where(*over).values(state=after))
        ended += done.rowcount  # type: ignore[attr-defined]
    return ended


def _check(person: Whom, reason: str, greeting: str) -> None:
    if person.is_me:
        raise BadInputError("This is you.")
    if person.me is None:
        raise NotAllowedError("Put yourself on this map first. Then you can ask for contact.")
    if person.asked:
        raise BadInputError("You have asked already. You will see the answer in your inbox.")
    if person.asks_me:
        raise BadInputError("This person has asked you. You can answer in your inbox.")
    if person.conversation:
        raise BadInputError("You are in touch already. You find the conversation in your inbox.")
    if person.refusal:
        raise NotAllowedError(person.refusal)
    if reason not in person.wishes.offered or greeting not in GREETINGS:
        raise BadInputError("Choose from what is offered.")


def _spend(session: Session, secret: str, reader_id: int, now: int) -> None:
    limit = quotas.NEW_PEOPLE
    if quotas.is_open(session, secret, quotas.NEW_ACCOUNT, reader_id, now=now):
        limit = quotas.NEW_PEOPLE_AT_FIRST
    quotas.use(session, secret, limit, reader_id, now=now)


def _was_refused(session: Session, from_id: int, to_id: int) -> bool:
    """Whether they said no before, on whichever map: the way over another one is none."""
    pair = (
        ContactRequest.from_member_id == from_id,
        ContactRequest.to_member_id == to_id,
        ContactRequest.state.in_((DECLINED, REFUSED, BARRED)),
    )
    return session.scalar(select(ContactRequest.id).where(*pair).limit(1)) is not None


def _asked_before(session: Session, from_id: int, to_id: int) -> bool:
    """Whether a request to them stands or was accepted; one that was withdrawn does not count."""
    pair = (
        ContactRequest.from_member_id == from_id,
        ContactRequest.to_member_id == to_id,
        ContactRequest.state.in_((*UNANSWERED, ACCEPTED)),
    )
    return session.scalar(select(ContactRequest.id).where(*pair).limit(1)) is not None
