"""The queue of the moderators: what waits, by urgency and age, and how fast it is looked at.

Cases about a moderator are in no list and no number that this moderator sees.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from mapapp.actions.core.paging import Key, Order, Page, Spot, mapped, read_page
from mapapp.domain.core.visibilities import LISTED
from mapapp.domain.safety.case_rules import (
    APPEALED,
    CASE_STATES,
    CATEGORIES,
    CONTACT_REQUEST,
    MESSAGE,
    OPEN,
    PERSON,
    RESOLVED,
)
from mapapp.store.members import Member, Membership
from mapapp.store.moderation import Case, Report, Ruling

CASES_A_PAGE = 25
DAYS_MEASURED = 90


@dataclass(frozen=True)
class CaseLine:
    """A case as it appears in the queue.

    Attributes:
        subject: pseudonym, on the map of the case, of the member it is about. '' for none, and for
            one who is not to be named; None when they have left the site.
        reports: how many members reported it; 0 for what the site noticed itself.
        taken_by: who has taken it, '' for nobody, or for a moderator without a pseudonym.
        is_mine: whether the reader has taken it.
        hides: whether it hides its subject until it is decided.
        act: what was decided, '' where nobody was told.
    """

    public_id: str
    kind: str
    category: str
    urgency: int
    state: str
    opened: datetime
    subject: str | None
    reports: int
    taken_by: str
    is_mine: bool
    hides: bool
    act: str

    @property
    def is_looked_up(self) -> bool:
        """Whether a moderator opened it, without a report."""
        return not self.reports and self.category in CATEGORIES


@dataclass(frozen=True)
class Numbers:
    """The queue in numbers.

    Attributes:
        by_state: how many cases are in each state.
        oldest: when the oldest case that nobody has taken was opened.
        first_act: the median time until a moderator took a case, over the last 90 days. Those that
            a moderator opened have not waited, and do not count.
    """

    by_state: dict[str, int]
    oldest: datetime | None
    first_act: timedelta | None

    @property
    def waiting(self) -> int:
        """How many wait for a moderator."""
        return self.by_state[OPEN] + self.by_state[APPEALED]


def queue(session: Session, reader_id: int, state: str, spot: Spot | None = None) -> Page[CaseLine]:
    """Return a page of the cases in ``state``: the most urgent first, of these the oldest.

    What is decided is listed the other way round, newest first.

    Raises:
        BadInputError: for a spot of another list.
    """
    keys = (Key(Case.id, falls=True),) if state == RESOLVED else (Key(Case.urgency), Key(Case.id))
    query = lines_query(reader_id).where(Case.state == state)
    order = Order(keys, CASES_A_PAGE)
    found = read_page(session, query, order, spot)
    return mapped(found, as_line)


def lines_query(reader_id: int) -> Select[Any]:
    """Return the query whose rows ``as_line`` reads."""
    subject, taker = aliased(Membership), aliased(Member)
    reports = select(func.count()).where(Report.case_id == Case.id).scalar_subquery()
    act = select(func.max(Ruling.act)).where(Ruling.case_id == Case.id).scalar_subquery()
    return (
        select(
            Case,
            _name_of(subject).label("subject"),
            taker.staff_name.label("taker"),
            (taker.id == reader_id).label("is_mine"),
            reports.label("reports"),
            act.label("act"),
        )
        .outerjoin(
            subject,
            (subject.member_id == Case.subject_id) & (subject.condition_id == Case.condition_id),
        )
        .outerjoin(taker, taker.account_id == Case.taken_by)
        .where(not_about(reader_id))
    )


def _name_of(subject: type[Membership]) -> ColumnElement[str]:
    """Return the name of a subject on the map of the case.

    What they wrote for everyone does not say that they are on the map, and their name would. So it
    names only who chose to be listed there.
    """
    chosen = case(
        (subject.chosen_visibility != "", subject.chosen_visibility), else_=subject.visibility
    )
    is_met = Case.kind.in_((PERSON, MESSAGE, CONTACT_REQUEST))
    return case((or_(is_met, chosen.in_(LISTED)), func.coalesce(subject.pseudonym, "")), else_="")


def as_line(row: Any) -> CaseLine:
    """Return a row of ``lines_query`` as plain values."""
    found: Case = row[0]
    return CaseLine(
        public_id=found.public_id,
        kind=found.kind,
        category=found.category,
        urgency=found.urgency,
        state=found.state,
        opened=in_utc(found.opened),
        subject=row.subject if found.subject_id is not None else None,
        reports=row.reports,
        taken_by=row.taker or "",
        is_mine=bool(row.is_mine),
        hides=found.hides,
        act=row.act or "",
    )


def not_about(reader_id: int) -> ColumnElement[bool]:
    """Return the term that lets through no case about the reader."""
    return Case.subject_id.is_distinct_from(reader_id)


def numbers(session: Session, reader_id: int, now: datetime | None = None) -> Numbers:
    """Return the queue in numbers."""
    moment = now or datetime.now(UTC)
    mine = not_about(reader_id)
    counted = session.execute(select(Case.state, func.count()).where(mine).group_by(Case.state))
    found = {state: n for state, n in counted}
    oldest = session.scalar(select(func.min(Case.opened)).where(mine, Case.state == OPEN))
    since = moment - timedelta(days=DAYS_MEASURED)
    waited = exists().where(Report.case_id == Case.id) | Case.category.not_in(CATEGORIES)
    acted = session.execute(
        select(Case.opened, Case.first_act).where(
            mine, waited, Case.first_act.is_not(None), Case.opened >= since
        )
    )
    waits = [(in_utc(first) - in_utc(opened)).total_seconds() for opened, first in acted if first]
    return Numbers(
        {state: found.get(state, 0) for state in CASE_STATES},
        in_utc(oldest) if oldest else None,
        timedelta(seconds=median(waits)) if waits else None,
    )


def in_utc(moment: datetime) -> datetime:
    """Return a stored time with its zone, which SQLite leaves out."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
