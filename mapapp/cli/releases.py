"""What the commands do that make, print and check releases."""

import sys
import time

from mapapp.actions.published.listings import condition_by_slug
from mapapp.actions.published.released import released
from mapapp.actions.statistics.release_check import (
    check_releases,
    ledger_numbers,
    spent_by_question,
)
from mapapp.actions.statistics.release_make import Made, make_due
from mapapp.cli.progress import progress
from mapapp.cli.tools import open_database, open_site, say
from mapapp.domain.published.release_rules import ALL_QUERIES, THOUSAND, place_and_value
from mapapp.domain.statistics.inert_cells import write_csv
from mapapp.errors import N_, BadInputError, Nn_

MADE = Nn_("Made the releases of %(n)s map.", "Made the releases of %(n)s maps.")
SPENT_COLUMNS = ("epoch", "question", "maps", "answered", "epsilon")
SHOWN_COLUMNS = ("condition", "epoch", "question", "country", "value", "number", "error", "fewest")
WELL = Nn_(
    "All is well: %(n)s question in the ledger, %(lost)s without an answer.",
    "All is well: %(n)s questions in the ledger, %(lost)s without an answer.",
)


def make() -> None:
    """Make what this quarter and this year still lack."""
    with open_site(write=False):
        pass
    made = run_releases()
    say(
        MADE if made.epochs else N_("All releases of this quarter and year are there."), n=made.maps
    )


def run_releases() -> Made:
    """Make them, showing how far it is."""
    with open_database() as (settings, engine), progress(N_("Releases")) as advance:
        return make_due(engine, settings, time.time(), advance)


def list_spent() -> None:
    """Print what the ledger spent."""
    with open_site(write=False) as (_settings, session):
        rows = spent_by_question(session)
    lines = ((r.epoch, r.query, r.maps, r.answered, r.epsilon / THOUSAND) for r in rows)
    write_csv(sys.stdout, [SPENT_COLUMNS, *lines], "\n")


def show(slug: str, epoch: str) -> None:
    """Print the released numbers of a condition."""
    with open_site(write=False) as (_settings, session):
        condition = condition_by_slug(session, slug)
        found = [(q, released(session, condition.id, q, epoch)) for q in ALL_QUERIES]
    rows = [
        (slug, answer.epoch, query.key, *place_and_value(cell), n, answer.error, answer.least)
        for query, answer in found
        if answer is not None
        for cell, n in sorted(answer.numbers.items())
    ]
    if all(answer is None for _query, answer in found):
        raise BadInputError(N_("Nothing was released of this condition then."))
    write_csv(sys.stdout, [SHOWN_COLUMNS, *rows], "\n")


def verify() -> None:
    """Check releases against the ledger and the budget."""
    with open_site(write=False) as (_settings, session):
        wrong = list(check_releases(session))
        ledger = ledger_numbers(session)
    for one in wrong:
        say(one.words, err=True, **one.values)
    if wrong:
        raise SystemExit(1)
    say(WELL, n=ledger.entries, lost=ledger.lost)
