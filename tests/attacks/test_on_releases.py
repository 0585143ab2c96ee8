"""A short run of each attack on releases, and the same where what protects is taken away."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mapapp.actions.statistics import release_make
from mapapp.settings import Settings
from tests.attacks.on_releases import ATTACKS, Attack

TRIALS = 60


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_no_attack_does_better_than_it_may(
    session: Session, engine: Engine, settings: Settings, client: FlaskClient, attack: Attack
) -> None:
    outcome = attack(session, engine, settings, lambda path: client.get(path).text, TRIALS)
    assert outcome.is_held, str(outcome)


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_without_noise_each_succeeds(
    session: Session, engine: Engine, settings: Settings, client: FlaskClient, attack: Attack,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(release_make, "with_noise", lambda numbers, _scale: dict(numbers))
    monkeypatch.setattr("mapapp.domain.published.release_rules.TOLD_IN_STEPS", 1)
    outcome = attack(session, engine, settings, lambda path: client.get(path).text, TRIALS)
    assert not outcome.is_held, str(outcome)
    assert outcome.right == TRIALS
