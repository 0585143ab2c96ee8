"""The yearly check: whether all is still right, and whether a person who turned 18 stays.

``run_yearly_check`` is called once a day by the worker. Silence hides, then erases; see
``domain.account.yearly_check_stages``. Only members with an address can be asked: imported members
have none.
"""

import json
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Row, Select, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.core.context import Context
from mapapp.actions.mail import outbox
from mapapp.actions.mail.mail_text import language_for, write_mail
from mapapp.actions.mail.member_addresses import address_of
from mapapp.actions.moderation.member_hide import hide_unanswered, show_answered
from mapapp.domain.account.yearly_check_stages import (
    ADULT,
    AFTER_MONTHS,
    ASKED,
    ERASED,
    RIGHT,
    STAGE_HIDDEN,
    STAGE_MAILS,
    next_stage,
)
from mapapp.domain.core.dates import month_of, months_between
from mapapp.domain.core.keyed_hash import seal, unseal
from mapapp.errors import N_, BadInputError
from mapapp.store.mail import OpenQuestion
from mapapp.store.members import Member, MemberStaffRole, new_public_id

LINK_PURPOSE = "still-right"


def run_yearly_check(ctx: Context) -> int:
    """Open the questions that are due, move on those without an answer; return how many moved.

    Nobody is hidden or erased who could not be written to: a stage lasts until its mail was handed
    over, and its days count from then.
    """
    moved = 0
    for question in _waiting(ctx.session):
        stage = next_stage(question.kind, question.stage, question.since, ctx.today)
        address = _receiver(ctx, question.member_id, question.kind)
        if not stage or not address:
            continue
        mail = new_public_id()
        if _move_on(ctx, question, stage, mail):
            moved += 1
            if stage != ERASED:
                _write(ctx, question.member_id, (question.kind, stage), address, mail)
    for member_id, kind in [
        *_due_right(ctx.session, ctx.today),
        *_due_adult(ctx.session, ctx.today),
    ]:
        address = _receiver(ctx, member_id, kind)
        if address:
            mail = new_public_id()
            values = {"member_id": member_id, "kind": kind, "stage": ASKED, "since": ctx.today}
            ctx.session.execute(insert(OpenQuestion).values(**values, mail=mail))
            _write(ctx, member_id, (kind, ASKED), address, mail)
            moved += 1
    return moved


def confirm(ctx: Context, member_id: int) -> None:
    """Note that everything is still right; what silence had hidden is shown again."""
    ctx.session.execute(
        delete(OpenQuestion).where(OpenQuestion.member_id == member_id, OpenQuestion.kind == RIGHT)
    )
    month = month_of(ctx.today)
    ctx.session.execute(update(Member).where(Member.id == member_id).values(confirmed=month))
    show_answered(ctx, member_id)


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


def member_of_link(ctx: Context, token: str) -> int:
    """Return the member a link of the yearly mail is for; it holds until the question is answered.

    Raises:
        BadInputError: for a link that is none, or was answered.
    """
    try:
        public_id, since = json.loads(unseal(ctx.settings.secret, LINK_PURPOSE, token))
    except (BadInputError, ValueError):
        raise BadInputError(
            N_("This link is not complete. Open it from the email again.")
        ) from None
    found = ctx.session.scalar(
        select(Member.id)
        .join(OpenQuestion, OpenQuestion.member_id == Member.id)
        .where(Member.account_id == public_id, OpenQuestion.kind == RIGHT)
    )
    confirmed = ctx.session.scalar(select(Member.confirmed).where(Member.account_id == public_id))
    if found is None or confirmed != since:
        raise BadInputError(N_("This question has already been answered. Thank you."))
    return found


def _link(ctx: Context, member_id: int) -> str:
    public_id, confirmed = ctx.session.execute(
        select(Member.account_id, Member.confirmed).where(Member.id == member_id)
    ).one()
    token = seal(ctx.settings.secret, LINK_PURPOSE, json.dumps([public_id, confirmed]))
    return f"{ctx.settings.base_url}/still-right/{token}"


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


def _receiver(ctx: Context, member_id: int, kind: str) -> str | None:
    """Return the address to ask at, the carer's for a child; None where nobody can be asked."""
    if kind == ADULT:
        carer = ctx.session.scalar(select(Member.carer_id).where(Member.id == member_id))
        member_id = carer or 0
    try:
        return address_of(ctx, member_id)
    except BadInputError:  # encrypted with a lost key: our mistake, not the member's
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
    """People who are cared for and have turned 18."""
    open_ones = select(OpenQuestion.member_id).where(OpenQuestion.kind == ADULT)
    rows = session.scalars(
        select(Member.id).where(
            # The whole month must be over: only then is everyone born in it 18.
            Member.adult_month < month_of(today),
            Member.carer_id.is_not(None),
            Member.id.not_in(open_ones),
        )
    )
    return [(member_id, ADULT) for member_id in rows]


def _move_on(ctx: Context, question: Row[int, str, str, date], stage: str, mail: str) -> bool:
    """Begin a stage; False when the question has gone since, with the member it was about."""
    member_id, kind = question.member_id, question.kind
    changed = ctx.session.execute(
        update(OpenQuestion)
        .where(OpenQuestion.member_id == member_id, OpenQuestion.kind == kind)
        .values(stage=stage, since=ctx.today, mail=mail)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        return False
    if stage == ERASED:
        erase_member(ctx, member_id)
        return True
    if stage == STAGE_HIDDEN:
        hide_unanswered(ctx, member_id)
    return True


def _write(
    ctx: Context, member_id: int, question: tuple[str, str], address: str, mail: str
) -> None:
    """Queue the mail with which a stage of a question begins."""
    kind, _stage = question
    # The account page leads on: a path that says more would tell the reader of the mail.
    account = f"{ctx.settings.base_url}/account"
    link = _link(ctx, member_id) if kind == RIGHT else account
    letter = write_mail(STAGE_MAILS[question], language_for(ctx, member_id), link=link)
    outbox.queue(ctx, address, letter, outbox.Terms(question=mail))
