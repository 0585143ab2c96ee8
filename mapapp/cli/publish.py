"""What the commands do that publish the public side, and compare it with what is due."""

import time

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mapapp.actions.published.number_check import Check, check_published, repair_published
from mapapp.actions.published.publishing import ALL_DUE, Published, publish
from mapapp.cli.progress import progress
from mapapp.cli.tools import open_database, open_site, say
from mapapp.errors import N_, Nn_
from mapapp.settings import Settings
from mapapp.store.database import much_room

WRONG_AREA = N_("condition %(condition)s, area %(area)s: stored %(stored)s, correct %(true)s")
WRONG_TOTAL = N_("condition %(condition)s, total: stored %(stored)s, correct %(true)s")
WRONG = Nn_(
    "%(n)s wrong number. Repair with: mapapp counts repair",
    "%(n)s wrong numbers. Repair with: mapapp counts repair",
)
WRONG_CARDS = Nn_(
    "%(n)s person is not shown as they chose. Repair with: mapapp counts repair",
    "%(n)s people are not shown as they chose. Repair with: mapapp counts repair",
)
MENDED = Nn_("Repaired %(n)s number.", "Repaired %(n)s numbers.")
MENDED_CARDS = Nn_(
    "%(n)s person comes as they chose with the next publication.",
    "%(n)s people come as they chose with the next publication.",
)
MADE_PUBLIC = Nn_(
    "Publication %(number)s, with what %(n)s person changed.",
    "Publication %(number)s, with what %(n)s people changed.",
)
TOLD_AT_MOST = 20


def publish_due(at_once: bool) -> None:
    """Publish what is due, without waiting for the worker."""
    with open_database() as (settings, engine):
        done = run_publication(engine, settings, ALL_DUE if at_once else None)
    say(MADE_PUBLIC, n=done.memberships, number=done.number)


def run_publication(engine: Engine, settings: Settings, until: int | None) -> Published:
    """Publish what is due until a moment, showing how far it is."""
    with progress(N_("Publishing")) as advance:
        return publish(engine, settings, int(time.time()), until=until, advance=advance)


def verify_counts() -> None:
    """Recount everyone and compare with what is published; exit with 1 if anything is wrong."""
    with open_site(write=False) as (_settings, session):
        found = _checked(session)
    _tell(found)
    if found.wrong:
        raise SystemExit(1)
    say(N_("All numbers are correct."))


def _checked(session: Session) -> Check:
    with progress(N_("Counting")) as advance, much_room(session.connection()):
        return check_published(session, advance)


def _tell(found: Check) -> None:
    for difference in found.numbers[:TOLD_AT_MOST]:
        say(
            WRONG_TOTAL if difference.area_id is None else WRONG_AREA,
            condition=str(difference.condition_id),
            area=str(difference.area_id),
            stored=str(difference.stored),
            true=str(difference.true),
        )
    for words, n in ((WRONG, len(found.numbers)), (WRONG_CARDS, found.cards)):
        if n:
            say(words, err=True, n=n)


def repair_counts() -> None:
    """Recount all published numbers from the people who are shown."""
    with open_site() as (_settings, session):
        found = _checked(session)
        if found.wrong:
            repair_published(session)
    if found.numbers or not found.cards:
        say(MENDED if found.numbers else N_("All numbers were correct."), n=len(found.numbers))
    if found.cards:
        say(MENDED_CARDS, n=found.cards)
