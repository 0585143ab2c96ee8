"""Reporting a person, a request, a message, an answer or a story to the moderators.

Two independent reports hide a person or a post until a moderator has decided. A request and a
message are read by one person alone, who can put them away and block: there is no second one to
report them, and nobody else from whom they would have to be hidden.
"""

from dataclasses import dataclass
from itertools import combinations

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from mapapp.actions import block as blocking
from mapapp.actions import hide, quotas
from mapapp.actions.cases import open_case
from mapapp.actions.pieces import NO_PIECE, find_piece, is_named
from mapapp.actions.post_aside import set_post_aside
from mapapp.actions.together import lock_members
from mapapp.domain.areas import Areas
from mapapp.domain.aside import REPORTED
from mapapp.domain.cases import (
    CATEGORIES,
    HIDDEN_BY_REPORTS,
    PERSON,
    POSTS,
    REPORTS_TO_HIDE,
    UNDECIDED,
)
from mapapp.errors import BadInputError, NotFoundError
from mapapp.settings import Settings
from mapapp.store.connections import Block
from mapapp.store.conversations import ConversationSide
from mapapp.store.moderation import Case, Report


@dataclass(frozen=True)
class MyReport:
    """A report as whoever made it sees it; ``subject_id`` is None when they have left."""

    category: str
    subject_id: int | None


def report(
    session: Session,
    settings: Settings,
    areas: Areas,
    reader_id: int,
    kind: str,
    piece: str,
    category: str,
    slug: str = "",
    now: int | None = None,
) -> None:
    """Report something, or say again why; the other side is not told.

    Raises:
        BadInputError: for a category that is not offered, and for oneself.
        NotFoundError: as ``find_piece``.
        LimitError: for more than 20 a day.
    """
    if category not in CATEGORIES:
        raise BadInputError("Choose what is wrong.")
    found = find_piece(session, areas, reader_id, kind, piece, slug)
    lock_members(session, reader_id, found.subject_id)
    known = _known(session, reader_id, kind, piece)
    if known is not None and (known[1].state in UNDECIDED or kind != PERSON):
        _say_again(session, *known, category)
        return
    quotas.use(session, settings.secret, quotas.REPORTS, reader_id, now=now)
    is_new = quotas.is_open(session, settings.secret, quotas.NEW_ACCOUNT, reader_id, now=now)
    case = open_case(session, kind, piece, found.subject_id, category, found.evidence)
    # Whoever was not followed the first time does not hide somebody by saying the same again.
    weighs = known is None and not is_new
    session.add(Report(case_id=case.id, reporter_id=reader_id, category=category, weighs=weighs))
    session.flush()
    if kind in HIDDEN_BY_REPORTS and not case.hides and _is_hidden_by(session, case.id):
        case.hides = True
        session.flush()
        if kind == PERSON:
            hide.set_aside(session, settings, areas, found.subject_id)
        else:
            set_post_aside(session, piece, REPORTED)


def my_report(session: Session, reader_id: int, kind: str, piece: str) -> MyReport:
    """Return what the reader said last of a piece, which may be gone by now.

    Whoever blocks the reader looks like somebody who has left, here too.

    Raises:
        NotFoundError: when they did not report it, and for a person who has left.
    """
    known = _known(session, reader_id, kind, piece)
    if known is None:
        raise NotFoundError(NO_PIECE)
    subject_id = known[1].subject_id
    if subject_id is not None and session.get(Block, (subject_id, reader_id)) is not None:
        subject_id = None
    if kind in POSTS and not is_named(session, piece):
        subject_id = None  # blocking would tell whose it is
    if subject_id is None and kind == PERSON:
        raise NotFoundError(NO_PIECE)
    return MyReport(known[0].category, subject_id)


def block_reported(session: Session, reader_id: int, kind: str, piece: str) -> None:
    """Block whom one has reported, also when they are hidden from everybody by now.

    Raises:
        NotFoundError: when the reader did not report it.
    """
    subject_id = my_report(session, reader_id, kind, piece).subject_id
    if subject_id is not None:
        blocking.block(session, reader_id, subject_id)


def _known(session: Session, reader_id: int, kind: str, piece: str) -> tuple[Report, Case] | None:
    row = session.execute(
        select(Report, Case)
        .join(Case, Case.id == Report.case_id)
        .where(Case.kind == kind, Case.piece == piece, Report.reporter_id == reader_id)
        .order_by(Report.id.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None


def _say_again(session: Session, mine: Report, case: Case, category: str) -> None:
    mine.category = category
    session.flush()
    if case.state not in UNDECIDED:
        return
    said = session.scalars(
        select(Report.category).where(Report.case_id == case.id).order_by(Report.id)
    )
    case.category = min(said, key=lambda key: CATEGORIES[key].urgency)
    case.urgency = CATEGORIES[case.category].urgency
    session.flush()


def _is_hidden_by(session: Session, case_id: int) -> bool:
    """Whether enough people reported who do not know each other.

    People in a conversation can agree to report somebody, so they count as one. It only means that
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
