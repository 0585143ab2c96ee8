"""Finding, once a day, which alerts the publication that stands has made come true.

Only published numbers are looked at, so that news tell their member nothing that is not public
already, whoever hides, comes or goes (privacy rule 4). They are on the member's page of news until
they are put away, and in one mail for all of a day where a member asked for it.
"""

from collections.abc import Iterator, Sequence, Set
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Engine, select, tuple_, update
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.mail.notices import ASKED_FOR_ONCE, notify
from mapapp.actions.members.alert_numbers import AlertNumbers
from mapapp.domain.areas.area_tree import Areas, load_areas
from mapapp.domain.members.alert_wishes import AlertWish
from mapapp.settings import Settings
from mapapp.store import facts
from mapapp.store.conditions import Condition
from mapapp.store.database import in_transaction, transaction
from mapapp.store.members import SHOWN, WAITING, Member, PeopleAlert

TOLD_A_PART = 200
NEWS_FOUND = "news_found"  # the fact: the day on which this was last done

Found = tuple[int, AlertWish]
"""Whose alert came true, and which."""


def tell_todays_news(engine: Engine, settings: Settings, now: float) -> bool:
    """Tell of the alerts that came true, unless that was done today; return whether it was now.

    Stopped on the way, the rest waits until tomorrow, so that nobody gets two mails in a day.
    """
    today = datetime.fromtimestamp(now, UTC).date().isoformat()
    with transaction(engine, write=False) as session:
        if facts.fact(session, NEWS_FOUND) == today:
            return False
        found = list(reached_alerts(session, load_areas()))
    if not in_transaction(engine, lambda session: facts.claim(session, NEWS_FOUND, today)):
        return False  # another worker was faster
    mailed: set[int] = set()
    for at in range(0, len(found), TOLD_A_PART):
        part = partial(_tell_some, settings, int(now), found[at : at + TOLD_A_PART], mailed)
        mailed |= in_transaction(engine, part)
    return True


def _tell_some(
    settings: Settings, now: int, found: Sequence[Found], mailed: Set[int], session: Session
) -> set[int]:
    return tell(Context(session, settings, now=now), found, mailed)


def reached_alerts(session: Session, areas: Areas) -> Iterator[Found]:
    """Find the alerts that wait for a number that is reached, map by map.

    Those of a member who pauses or is suspended go on waiting, and so do those for a map that staff
    hid.
    """
    maps = (
        select(Condition.id, Condition.code)
        .where(
            Condition.shown,
            Condition.id.in_(
                select(PeopleAlert.condition_id).where(PeopleAlert.news == WAITING).distinct()
            ),
        )
        .order_by(Condition.id)
    )
    for condition_id, code in session.execute(maps).all():
        numbers = AlertNumbers(session, areas, condition_id, code)
        for member_id, wish in _waiting(session, areas, condition_id):
            if numbers.people(wish.kind, wish.area_id) >= wish.people:
                yield member_id, wish


def _waiting(session: Session, areas: Areas, condition_id: int) -> list[Found]:
    query = (
        select(
            PeopleAlert.member_id,
            PeopleAlert.condition_id,
            PeopleAlert.kind,
            PeopleAlert.area_id,
            PeopleAlert.people,
        )
        .join(Member, Member.id == PeopleAlert.member_id)
        .where(
            PeopleAlert.condition_id == condition_id,
            PeopleAlert.news == WAITING,
            PeopleAlert.area_id < len(areas),
            Member.paused.is_(False),
            Member.suspended.is_(False),
        )
        # Those of one area one after the other: its distances are worked out once.
        .order_by(PeopleAlert.kind, PeopleAlert.area_id, PeopleAlert.member_id)
    )
    return [(row[0], AlertWish(*row[1:])) for row in session.execute(query)]


def tell(ctx: Context, found: Sequence[Found], mailed: Set[int]) -> set[int]:
    """Show the news, and queue a mail to those who asked for one and were not ``mailed`` yet.

    Returns:
        Whom it mailed.
    """
    columns = (
        PeopleAlert.member_id,
        PeopleAlert.condition_id,
        PeopleAlert.kind,
        PeopleAlert.area_id,
        PeopleAlert.people,
    )
    keys = [(member_id, *vars(wish).values()) for member_id, wish in found]
    shown = (
        update(PeopleAlert)
        .where(tuple_(*columns).in_(keys), PeopleAlert.news == WAITING)
        .values(news=SHOWN)
        .returning(PeopleAlert.member_id, PeopleAlert.by_mail)
        .execution_options(synchronize_session=False)
    )
    asked = {row.member_id for row in ctx.session.execute(shown) if row.by_mail} - mailed
    for member_id in sorted(asked):
        notify(ctx, member_id, "news", ASKED_FOR_ONCE)
    return asked
