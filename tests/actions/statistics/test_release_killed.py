"""A release that is killed at any step leaves ledger and releases consistent, never overspent."""

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mapapp.domain.published.release_rules import Who
from mapapp.settings import Settings
from mapapp.store import facts
from mapapp.store.conditions import Condition
from tests import factories
from tests.places import zones_of
from tests.releases import LATER, answers, ledger, release_on, shares, wrong
from tests.sampling import Sampling

ROOT = Path(__file__).parents[3]
LEEDS = zones_of("GB-ENG")[0]
STEPS = 12
"""Commits of making the releases of one map for a quarter and a year, with one to spare."""
FEW = 6  # of them, where tests are sampled

KILLED = """
import os, sys
from datetime import date
from sqlalchemy import event
from mapapp.settings import load_settings
from mapapp.store.database import make_engine
from tests.releases import release_on

step, when, day = int(sys.argv[1]), sys.argv[2], date.fromisoformat(sys.argv[3])
engine = make_engine(load_settings().sqlalchemy_url)
seen = 0

def end():
    os.kill(os.getpid(), 9)

commit = engine.dialect.do_commit

def counted(connection):
    global seen
    seen += 1
    if seen == step and when == "before":
        end()
    commit(connection)
    if seen == step:
        end()

engine.dialect.do_commit = counted
release_on(engine, load_settings(), day)
print("done")
"""


def _killed_at(settings: Settings, step: int, when: str) -> bool:
    """Make releases in a process that kills itself at a commit; return whether it came so far."""
    given = {
        "MAPAPP_INSTANCE": str(settings.instance),
        "MAPAPP_DATABASE_URL": settings.database_url,
        "MAPAPP_SECRET_KEY": settings.secret_key,
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-c", KILLED, str(step), when, LATER.isoformat()]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MAPAPP_")} | given
    ended = subprocess.run(command, env=environment, capture_output=True, check=False, text=True)
    assert ended.returncode in {0, -signal.SIGKILL}, ended.stderr
    return ended.returncode != 0


@pytest.mark.both
def test_kill_9_at_every_step(
    session: Session, engine: Engine, settings: Settings, sampling: Sampling
) -> None:
    moments = [(step, when) for step in range(1, STEPS) for when in ("before", "after")]
    killed = 0
    for step, when in sampling.some(moments, FEW):
        condition = factories.make_condition(session, f"map-{step}-{when}")
        factories.make_crowd(session, condition, LEEDS, 51)
        factories.make_crowd(session, condition, LEEDS, 3, "counted")
        for who in Who:
            facts.state(session, f"released:{who}", "")
        session.commit()
        killed += _killed_at(settings, step, when)
        assert wrong(session) == []
        _run_again(session, engine, settings, condition)
    assert killed


def _run_again(session: Session, engine: Engine, settings: Settings, condition: Condition) -> None:
    before = answers(session, condition.id)
    release_on(engine, settings)
    after = answers(session, condition.id)
    assert {query: after[query] for query in before} == before
    asked = Counter(ledger(session))
    assert set(asked.values()) == {1}
    # What was spent before the end and has no answer is lost, and nothing is asked twice.
    questions = sum(1 for one, _epoch, _query in asked if one == condition.id)
    assert len(after) <= questions <= 12
    assert max(spent for spent, _epoch in shares(session).values()) <= 3000
    assert wrong(session) == []
