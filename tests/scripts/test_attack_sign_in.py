"""How the attack on the sign-in page judges made-up times, and a short run of the attack itself.

The times of a short run beside other tests prove nothing; they are judged when it is run by hand.
"""

import subprocess
import sys

import numpy as np
import pytest

from mapapp.paths import DATA

sys.path.insert(0, str(DATA.parent / "scripts"))
from attack_sign_in import KINDS, Answer, best_threshold, findings

SEEN = (303, (("location", "/sign-in/code"),), b"")


def _answers(slower: float = 0, spread: float = 2) -> dict[str, list[Answer]]:
    """Return 400 responses of each kind; those for members are ``slower`` milliseconds slower."""
    chance = np.random.default_rng(7)
    more = {"known": slower, "suspended": slower}
    return {
        kind: [Answer(SEEN, ms) for ms in 10 + more.get(kind, 0) + chance.exponential(spread, 400)]
        for kind in KINDS
    }


def test_chance_is_no_finding() -> None:
    assert findings(_answers()) == []


@pytest.mark.parametrize(("slower", "words"), [(1, "AUC"), (-1, "AUC"), (6, "medians")])
def test_members_who_cost_more_or_less_are_found(slower: float, words: str) -> None:
    assert any(words in found for found in findings(_answers(slower)))


def test_one_byte_is_found() -> None:
    answers = _answers()
    answers["suspended"][200] = Answer((303, SEEN[1], b"!"), 10)
    assert findings(answers) == ["bytes or headers differ"]


def test_the_threshold_knows_chance_from_certainty() -> None:
    chance = np.random.default_rng(3)
    fast, slow = chance.normal(10, 1, 300), chance.normal(30, 1, 300)
    for ones, others in ((fast, slow), (slow, fast)):
        assert best_threshold(ones, others) == (1, 1, 1)
    assert best_threshold(fast, fast)[0] == 0.5


@pytest.mark.parametrize("more", [[], ["--join"]], ids=["sign-in", "join"])
def test_bytes_and_headers_are_the_same_for_every_kind(more: list[str]) -> None:
    """Also where a place waits for the link."""
    script = DATA.parent / "scripts" / "attack_sign_in.py"
    command = [sys.executable, str(script), "--each", "200", *more]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert "known        200 responses" in done.stdout, done.stdout + done.stderr
    assert "bytes or headers differ" not in done.stdout
