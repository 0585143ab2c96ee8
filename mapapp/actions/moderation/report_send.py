"""Reporting a person, a request, a message, an answer or a story to the moderators.

Two independent reports hide a post, or a person on the map where they were reported, until a
moderator has decided. A request and a message are read by one person alone, who can put them away
and block: there is no second one to report them, and nobody else they would have to be hidden from.
"""

from dataclasses import dataclass
from itertools import combinations

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from mapapp.actions.contact import block_member
from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.actions.core.locking import lock_members
from mapapp.actions.knowledge.post_hide import hide_post
from mapapp.actions.moderation import member_hide
from mapapp.actions.moderation.report_subject import NO_PIECE, Reported, find_reported, is_named
from mapapp.actions.safety.case_open import About, open_case
from mapapp.domain.core.hidden_reasons import HiddenReason
from mapapp.domain.safety.case_rules import (
    CATEGORIES,
    HIDDEN_BY_REPORTS,
    PERSON,
    POSTS,
    REPORTS_TO_HIDE,
    UNDECIDED,
    checked_report,
)
from mapapp.errors import N_, BadInputError, NotFoundError
from mapapp.store.contact import Block, ConversationSide
from mapapp.store.moderation import Case, Report


@dataclass(frozen=True)
class Said:
    """Why something is reported, and what the reporter adds: '' for nothing."""

    category: str
    words: str = ""

    def checked(self) -> "Said":
        """Return it as it is stored.

        Raises:
            BadInputError: for a category that is not offered, or too many words.
        """
        if self.category not in CATEGORIES:
            raise BadInputError(N_("Choose what is wrong."))
        return Said(self.category, checked_report(self.words))


@dataclass(frozen=True)
class MyReport:
    """A report as its sender sees it; ``subject_id`` is None when they have left."""

    category: str
    subject_id: int | None
    condition_id: int | None


def report(ctx: Context, kind: str, piece: str, said: Said, slug: str = "") -> None:
    """Report something, or report it again; the other side is not told.

    Raises:
        BadInputError: as ``Said.checked``, and for a report of the reader.
        NotFoundError: as ``find_piece``.
        LimitError: for more than 20 a day.
    """
    checked = said.checked()
    _report(ctx, find_reported(ctx, kind, piece, slug), checked)


def report_gone(ctx: Context, seen: Reported, said: Said) -> None:
    """Report what the reader saw on a form, and what has gone since; as ``report``."""
    _report(ctx, seen, said.checked())


def _report(ctx: Context, found: Reported, said: Said) -> None:
    kind, piece, subject_id = found.kind, found.piece, found.subject_id or None
    about = About(kind, piece, subject_id, found.condition_id)
    lock_members(ctx.session, ctx.member_id, subject_id)
    known = _known(ctx.session, ctx.member_id, kind, piece)
    if known is not None and (known[1].state in UNDECIDED or kind != PERSON):
        _say_again(ctx.session, *known, said)
        return
    quotas.use(ctx, quotas.REPORTS, ctx.member_id)
    is_new = quotas.is_open(ctx, quotas.NEW_ACCOUNT, ctx.member_id)
    case = open_case(ctx.session, about, said.category, found.evidence)
    # A report that was not upheld does not hide a member when it is sent a second time.
    weighs = known is None and not is_new
    ctx.session.add(
        Report(
            case_id=case.id,
            reporter_id=ctx.member_id,
            category=said.category,
            words=said.words,
            weighs=weighs,
        )
    )
    ctx.session.flush()
    if kind in HIDDEN_BY_REPORTS and not case.hides and _is_hidden_by(ctx.session, case.id):
        case.hides = True
        ctx.session.flush()
        if kind != PERSON:
            hide_post(ctx.session, piece, HiddenReason.REPORTED)
        elif subject_id is not None:
            member_hide.hide_by_moderators(ctx, subject_id, found.condition_id)


def my_report(session: Session, reader_id: int, kind: str, piece: str) -> MyReport:
    """Return the reader's latest report of a piece, which may have gone since.

    A member who blocks the reader on this map looks as if they had left, here too.

    Raises:
        NotFoundError: when they did not report it, and for a person who has left.
    """
    known = _known(session, reader_id, kind, piece)
    if known is None:
        raise NotFoundError(NO_PIECE)
    subject_id, condition_id = known[1].subject_id, known[1].condition_id
    block = (subject_id, reader_id, condition_id)
    if condition_id is None or (subject_id and session.get(Block, block) is not None):
        subject_id = None
    if kind in POSTS and not is_named(session, piece):
        subject_id = None  # blocking would tell whose it is
    if subject_id is None and kind == PERSON:
        raise NotFoundError(NO_PIECE)
    return MyReport(known[0].category, subject_id, condition_id)


def block_reported(session: Session, reader_id: int, kind: str, piece: str) -> None:
    """Block the member who was reported, even when everyone else no longer sees them.

    Raises:
        NotFoundError: when the reader did not report it, and where blocking is not offered.
    """
    mine = my_report(session, reader_id, kind, piece)
    if mine.subject_id is None or mine.condition_id is None:
        raise NotFoundError(N_("There is nobody here whom you can block."))
    block_member.block(session, reader_id, mine.subject_id, mine.condition_id)


def _known(session: Session, reader_id: int, kind: str, piece: str) -> tuple[Report, Case] | None:
    row = session.execute(
        select(Report, Case)
        .join(Case, Case.id == Report.case_id)
        .where(Case.kind == kind, Case.piece == piece, Report.reporter_id == reader_id)
        .order_by(Report.id.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None


def _say_again(session: Session, mine: Report, case: Case, said: Said) -> None:
    mine.category = said.category
    if case.state in UNDECIDED:
        mine.words = said.words or mine.words
    session.flush()
    if case.state not in UNDECIDED:
        return
    reasons = session.scalars(
        select(Report.category).where(Report.case_id == case.id).order_by(Report.id)
    )
    case.category = min(reasons, key=lambda key: CATEGORIES[key].urgency)
    case.urgency = CATEGORIES[case.category].urgency
    session.flush()


def _is_hidden_by(session: Session, case_id: int) -> bool:
    """Whether enough people reported who do not know each other.

    People in a conversation can agree to report a member, so they count as one. It only means that
    a moderator looks first.
    """
    weighing = session.scalars(
        select(Report.reporter_id).where(
            Report.case_id == case_id, Report.weighs, Report.reporter_id.is_not(None)
        )
    ).all()
    one, other = aliased(ConversationSide), aliased(ConversationSide)
    talking = {
        frozenset((first, second))
        for first, second in session.execute(
            select(one.member_id, other.member_id)
            .join(other, other.conversation_id == one.conversation_id)
            .where(one.member_id.in_(weighing), other.member_id.in_(weighing))
            .where(one.member_id < other.member_id)
        )
    }
    return any(
        not any(frozenset(pair) in talking for pair in combinations(group, 2))
        for group in combinations(sorted(filter(None, weighing)), REPORTS_TO_HIDE)
    )
