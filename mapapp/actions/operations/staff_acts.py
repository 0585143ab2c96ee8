"""What staff do: manage conditions, and mail that could not be sent."""

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from mapapp.actions.core import audit
from mapapp.actions.core.locking import locked
from mapapp.actions.core.paging import Key, Order, Page, Spot, mapped, read_page
from mapapp.actions.mail.outbox import NEVER
from mapapp.actions.published.card_changes import note_map_of_site
from mapapp.domain.core.folding import fold
from mapapp.domain.core.keyed_hash import plain_hash
from mapapp.domain.core.visible_text import clean_line
from mapapp.errors import N_, BadInputError, NotFoundError
from mapapp.store import facts
from mapapp.store.conditions import Condition, ConditionName
from mapapp.store.mail import Outbox

EDITED_A_PAGE = 30
MOST_LISTED = Order(
    (Key(Condition.listed, falls=True), Key(Condition.name), Key(Condition.id)), EDITED_A_PAGE
)
LONGEST_CONDITION_NAME, LONGEST_ABOUT, MOST_NAMES = 200, 2000, 50
LONGEST_CONDITION_SLUG = 100


@dataclass(frozen=True)
class StaffTotals:
    """The site in numbers. Accounts are not counted: the number would reveal hidden people."""

    listed: int
    with_people: int
    conditions: int
    mail_waiting: int
    mail_dead: int


@dataclass(frozen=True)
class StaffCondition:
    """A condition as staff see it."""

    slug: str
    code: str
    name: str
    about: str
    shown: bool
    listed: int
    names: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """What tells apart its versions; it comes back with what an admin made of this one."""
        return plain_hash(repr((self.name, self.about, self.shown, sorted(self.names))))


class OutdatedError(BadInputError):
    """Another admin saved a condition while this one wrote."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Someone has changed this condition since you opened this page. Yours is below "
                "and not saved yet: compare it with theirs in another tab, then save it again."
            )
        )


@dataclass(frozen=True)
class DeadMail:
    """A mail that could not be sent. Not even staff see its receiver."""

    id: int
    subject: str
    attempts: int
    error: str


@dataclass(frozen=True)
class ConditionText:
    """What staff can say about a condition."""

    name: str
    about: str
    names: tuple[str, ...]
    shown: bool = True

    def checked(self) -> "ConditionText":
        """Return it tidied.

        Raises:
            BadInputError: for texts too short or long, and heaped marks.
        """
        name = clean_line(self.name)
        names = tuple(dict.fromkeys(t for t in map(clean_line, self.names) if t and t != name))
        if not 2 <= len(name) <= LONGEST_CONDITION_NAME:
            raise BadInputError(
                N_("A name has 2 to %(most)s characters."), most=LONGEST_CONDITION_NAME
            )
        if len(names) > MOST_NAMES or any(len(n) > LONGEST_CONDITION_NAME for n in names):
            raise BadInputError(
                N_("Give at most %(names)s other names, each of at most %(most)s characters."),
                names=MOST_NAMES,
                most=LONGEST_CONDITION_NAME,
            )
        if len(self.about) > LONGEST_ABOUT:
            raise BadInputError(
                N_("The description has at most %(most)s characters."), most=LONGEST_ABOUT
            )
        return ConditionText(name, self.about.strip(), names, self.shown)


def staff_totals(session: Session) -> StaffTotals:
    """Return the site in numbers."""
    listed, with_people = session.execute(
        select(func.coalesce(func.sum(Condition.listed), 0), func.count()).where(
            Condition.listed > 0
        )
    ).one()
    return StaffTotals(
        listed=int(listed),
        with_people=int(with_people),
        conditions=_count(session, Condition, Condition.shown.is_(True)),
        mail_waiting=_count(session, Outbox, Outbox.due < NEVER),
        mail_dead=_count(session, Outbox, Outbox.due == NEVER),
    )


def _count(session: Session, table: type, term: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(term)) or 0


def find_conditions(session: Session, query: str, spot: Spot | None = None) -> Page[StaffCondition]:
    """Return a page of the conditions, hidden ones too, with ``query`` in name, code or address.

    Raises:
        BadInputError: for a spot of another list.
    """
    wanted = query.strip()
    term = or_(
        func.lower(Condition.name).contains(wanted.lower(), autoescape=True),
        Condition.slug.contains(wanted.lower(), autoescape=True),
        Condition.code == wanted.upper(),
    )
    total = _count(session, Condition, term)
    found = read_page(session, select(Condition).where(term), MOST_LISTED, spot, total)
    return mapped(found, lambda row: _as_seen(row[0]))


def conditions_with_people(session: Session) -> list[tuple[str, str]]:
    """Return (slug, name) of the conditions that have anyone to export, by name."""
    query = select(Condition.slug, Condition.name).where(Condition.listed > 0, Condition.shown)
    return [(slug, name) for slug, name in session.execute(query.order_by(Condition.name))]


def condition_for_staff(session: Session, slug: str) -> StaffCondition:
    """Return one condition with its other names.

    Raises:
        NotFoundError: when there is none.
    """
    row = _condition(session, slug)
    names = select(ConditionName.name).where(ConditionName.condition_id == row.id)
    return _as_seen(row, tuple(sorted(session.scalars(names))))


def _as_seen(row: Condition, names: tuple[str, ...] = ()) -> StaffCondition:
    return StaffCondition(
        slug=row.slug,
        code=row.code,
        name=row.name,
        about=row.about,
        shown=row.shown,
        listed=row.listed,
        names=names,
    )


def add_condition(session: Session, actor: str, text: ConditionText, reason: str) -> str:
    """Add a condition that the catalogue lacks and return its slug.

    Raises:
        BadInputError: for a name that cannot be, or that there is already.
    """
    wanted = text.checked()
    slug = fold(wanted.name).replace(" ", "-")[:LONGEST_CONDITION_SLUG].strip("-")
    if not slug:
        raise BadInputError(N_("A name needs at least one letter."))
    if session.scalar(select(Condition.id).where(Condition.slug == slug)) is not None:
        raise BadInputError(
            N_("There is already a condition with this name: %(condition)s."), condition=slug
        )
    audit.record(session, actor, "condition-add", reason, condition=slug)
    made = Condition(
        code=f"LOCAL:{10**8 + secrets.randbelow(9 * 10**8)}",
        slug=slug,
        name=wanted.name,
        about=wanted.about,
        edited=True,
    )
    session.add(made)
    session.flush()
    _rename(session, made.id, wanted.names)
    facts.step_up(session, facts.CONDITIONS_VERSION)
    return slug


def edit_condition(
    session: Session, by: audit.By, slug: str, text: ConditionText, mark: str
) -> None:
    """Change what a condition is called, what is said of it, and whether it is shown.

    ``mark`` is that of the version which the admin changed.

    Raises:
        BadInputError: for a name that cannot be.
        OutdatedError: when somebody has saved something else in the meantime.
        NotFoundError: when there is no such condition.
    """
    wanted, shown = text.checked(), text.shown
    row = _condition(session, slug, lock=True)
    now = condition_for_staff(session, slug)
    if (now.name, now.about, now.shown, set(now.names)) == (
        wanted.name,
        wanted.about,
        shown,
        set(wanted.names),
    ):
        return  # the same form again
    if now.mark != mark:
        raise OutdatedError
    act = (
        "condition-edit"
        if row.shown == shown
        else ("condition-show" if shown else "condition-hide")
    )
    audit.record(session, by.actor, act, by.reason, condition=slug, name=wanted.name)
    session.execute(
        update(Condition)
        .where(Condition.id == row.id)
        .values(
            name=wanted.name,
            about=wanted.about,
            shown=shown,
            edited=True,
            version=Condition.version + 1,  # pages that browsers keep are out of date now
        )
    )
    if row.shown != shown:
        note_map_of_site(session, row.id, 1 if shown else -1)
    _rename(session, row.id, wanted.names)
    facts.step_up(session, facts.CONDITIONS_VERSION)


def dead_mail(session: Session) -> list[DeadMail]:
    """Return the mails that could not be sent."""
    rows = session.scalars(select(Outbox).where(Outbox.due == NEVER).order_by(Outbox.id))
    return [DeadMail(row.id, row.subject, row.attempts, row.error) for row in rows]


def retry_dead_mail(session: Session, actor: str) -> int:
    """Queue every mail that could not be sent again; return how many."""
    mails = _count(session, Outbox, Outbox.due == NEVER)
    audit.record(session, actor, "mail-retry", mails=mails)
    session.execute(
        update(Outbox).where(Outbox.due == NEVER).values(due=int(time.time()), attempts=0, error="")
    )
    return mails


def _condition(session: Session, slug: str, *, lock: bool = False) -> Condition:
    query = select(Condition).where(Condition.slug == slug)
    row = session.scalar(locked(query) if lock else query)
    if row is None:
        raise NotFoundError(N_("There is no condition at this address. Search for it by name."))
    return row


def _rename(session: Session, condition_id: int, names: Iterable[str]) -> None:
    session.execute(delete(ConditionName).where(ConditionName.condition_id == condition_id))
    session.add_all(ConditionName(condition_id=condition_id, name=name) for name in names)
    session.flush()
