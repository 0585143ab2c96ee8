"""Asking once a year whether it is still right, and once whether somebody who turned 18 stays.

``ask_around`` is called once a day by the worker. Silence hides, then erases; see
``domain.still_right``. Only people with an address can be asked: who was imported cannot.
"""

import json
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Row, Select, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from mapapp.actions import outbox
from mapapp.actions.addresses import address_of
from mapapp.actions.erase import erase_member
from mapapp.actions.hide import hide_silent, show_answered
from mapapp.actions.letters import write_letter
from mapapp.domain.areas import Areas
from mapapp.domain.keyed import seal, unseal
from mapapp.domain.months import month_of, months_between
from mapapp.domain.still_right import (
    ADULT,
    AFTER_MONTHS,
    ASKED,
    ERASED,
    HIDDEN,
    LETTERS,
    RIGHT,
    next_stage,
)
from mapapp.errors import BadInputError
from mapapp.settings import Settings
from mapapp.store.members import Member, MemberStaffRole, new_public_id
from mapapp.store.trust import OpenQuestion

PURPOSE = "still-right"


def ask_around(session: Session, settings: Settings, areas: Areas, today: date) -> int:
    """Open the questions that are due, move on those without an answer; return how many moved.

    Nobody is hidden or erased who could not be written to: a stage lasts until its mail was handed
    over, and its days count from then.
    """
    moved = 0
    for question in _waiting(session):
        stage = next_stage(question.kind, question.stage, question.since, today)
        address = _receiver(session, settings, question.member_id, question.kind)
        if not stage or not address:
            continue
        mail = new_public_id()
        if _move_on(session, settings, areas, question, stage, today, mail):
            moved += 1
            if stage != ERASED:
                _write(session, settings, question.member_id, question.kind, stage, address, mail)
    for member_id, kind in [*_due_right(session, today), *_due_adult(session, today)]:
        address = _receiver(session, settings, member_id, kind)
        if address:
            mail = new_public_id()
            values = {"member_id": member_id, "kind": kind, "stage": ASKED, "since": today}
            session.execute(insert(OpenQuestion).values(**values, mail=mail))
            _write(session, settings, member_id, kind, ASKED, address, mail)
            moved += 1
    return moved


def confirm(
    session: Session, settings: Settings, areas: Areas, member_id: int, today: date
) -> None:
    """Note that everything is still right; what silence had hidden is shown again."""
    session.execute(
        delete(OpenQuestion).where(OpenQuestion.member_id == member_id, OpenQuestion.kind == RIGHT)
    )
    month = month_of(today)
    session.execute(update(Member).where(Member.id == member_id).values(confirmed=month))
    show_answered(session, settings, areas, member_id)


def open_stage(session: Session, member_id: int) -> str:
    """Return the stage of the yearly question to this member, '' when none is open."""
    return (
        session.scalar(
            select(OpenQuestion.stage).where(
                OpenQuestion.member_id == member_id, OpenQuestion.kind == RIGHT
            )
        )
        or ""
    )


def member_of_link(session: Session, settings: Settings, token: str) -> int:
    """Return whom a link of the yearly mail is for; it holds until the question is answered.

    Raises:
        BadInputError: for a link that is none, or was answered.
    """
    try:
        public_id, since = json.loads(unseal(settings.secret, PURPOSE, token))
    except (BadInputError, ValueError):
        raise BadInputError("This link is not complete. Open it from the mail once more.") from None
    found = session.scalar(
        select(Member.id)
        .join(OpenQuestion, OpenQuestion.member_id == Member.id)
        .where(Member.public_id == public_id, OpenQuestion.kind == RIGHT)
    )
    confirmed = session.scalar(select(Member.confirmed).where(Member.public_id == public_id))
    if found is None or confirmed != since:
        raise BadInputError("This question was answered already. Thank you.")
    return found


def _link(session: Session, settings: Settings, member_id: int) -> str:
    public_id, confirmed = session.execute(
        select(Member.public_id, Member.confirmed).where(Member.id == member_id)
    ).one()
    token = seal(settings.secret, PURPOSE, json.dumps([public_id, confirmed]))
    return f"{settings.base_url}/still-right/{token}"


def _waiting(session: Session) -> Sequence[Row[int, str, str, date]]:
    """Questions that were mailed and not answered; not those of people who became staff since."""
    columns = (OpenQuestion.member_id, OpenQuestion.kind, OpenQuestion.stage, OpenQuestion.since)
    asked = select(*columns).where(
        OpenQuestion.mail.is_(None),
        or_(OpenQuestion.kind != RIGHT, OpenQuestion.member_id.not_in(_staff())),
    )
    return session.execute(asked.order_by(OpenQuestion.member_id)).all()


def _staff() -> Select[int]:
    return select(MemberStaffRole.member_id)


def _receiver(session: Session, settings: Settings, member_id: int, kind: str) -> str | None:
    """Return the address to ask at, the carer's for a child; None where nobody can be asked."""
    if kind == ADULT:
        carer = session.scalar(select(Member.carer_id).where(Member.id == member_id))
        member_id = carer or 0
    try:
        return address_of(session, settings, member_id)
    except BadInputError:  # sealed with a key that is not set: a mistake of ours, not a silence
        return None


def _due_right(session: Session, today: date) -> list[tuple[int, str]]:
    """Members with an account who said a year ago, or never, that it is right; not staff."""
    open_ones = select(OpenQuestion.member_id).where(OpenQuestion.kind == RIGHT)
    rows = session.execute(
        select(Member.id, Member.confirmed).where(
            Member.address_sealed.is_not(None),
            Member.active.is_(True),
            Member.id.not_in(open_ones),
            Member.id.not_in(_staff()),
        )
    )
    this = month_of(today)
    return [(i, RIGHT) for i, then in rows if then and months_between(then, this) >= AFTER_MONTHS]


def _due_adult(session: Session, today: date) -> list[tuple[int, str]]:
    """People who are cared for and have turned 18 by now."""
    open_ones = select(OpenQuestion.member_id).where(OpenQuestion.kind == ADULT)
    rows = session.scalars(
        select(Member.id).where(
            # The whole month must be over: only then everybody born in it is 18.
            Member.adult_month < month_of(today),
            Member.carer_id.is_not(None),
            Member.id.not_in(open_ones),
        )
    )
    return [(member_id, ADULT) for member_id in rows]


def _move_on(
    session: Session,
    settings: Settings,
    areas: Areas,
    question: Row[int, str, str, date],
    stage: str,
    today: date,
    mail: str,
) -> bool:
    """Begin a stage; False when the question went meanwhile, with the member it was about."""
    member_id, kind = question.member_id, question.kind
    changed = session.execute(
        update(OpenQuestion)
        .where(OpenQuestion.member_id == member_id, OpenQuestion.kind == kind)
        .values(stage=stage, since=today, mail=mail)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        return False
    if stage == ERASED:
        erase_member(session, settings, member_id)
        return True
    if stage == HIDDEN:
        hide_silent(session, settings, areas, member_id)
    return True


def _write(
    session: Session,
    settings: Settings,
    member_id: int,
    kind: str,
    stage: str,
    address: str,
    mail: str,
) -> None:
    # The account page leads on: a path that says more would tell whoever reads the mail.
    account = f"{settings.base_url}/account"
    link = _link(session, settings, member_id) if kind == RIGHT else account
    letter = write_letter(LETTERS[kind, stage], link=link)
    outbox.queue(session, settings, address, letter, question=mail)
