"""A short run of the odd requests, and what the watcher sees. An hour is run by hand."""

import random
import re
import subprocess
import sys

import pytest
from sqlalchemy import create_engine, text

from mapapp.paths import DATA

sys.path.insert(0, str(DATA.parent / "scripts"))
from fuzz_texts import LONGEST, hostile
from fuzz_watch import Watch


def test_a_short_run_finds_nothing() -> None:
    """Some requests to each kind of route: no 5xx, and reading writes nothing."""
    script = str(DATA.parent / "scripts" / "fuzz.py")
    command = [sys.executable, script, "--requests", "400", "--untimed"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "Nothing was found." in done.stdout
    reached = re.search(r"400 requests, (\d+) of (\d+) routes", done.stdout)
    assert reached
    assert int(reached[1]) > int(reached[2]) / 3


@pytest.mark.parametrize(
    ("words", "tables"),
    [
        ("SELECT * FROM bird", set()),
        ("INSERT INTO bird VALUES (1)", {"bird"}),
        ('UPDATE "bird" SET n = 2', {"bird"}),
        ("DELETE FROM bird", {"bird"}),
    ],
)
def test_the_watcher_sees_what_is_written(words: str, tables: set[str]) -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE bird (n INTEGER)"))
        watch = Watch()
        with watch.request() as cost:
            connection.execute(text(words))
        watch.close()
    assert cost.tables == tables
    assert cost.ms > 0


def test_hostile_texts_are_many_and_come_again_with_their_seed() -> None:
    texts = [hostile(random.Random(seed)) for seed in range(500)]
    assert texts == [hostile(random.Random(seed)) for seed in range(500)]
    assert max(len(words) for words in texts) <= LONGEST
    assert len(set(texts)) > 250
