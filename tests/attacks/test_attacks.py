"""A short run of each attack, and the same where what protects is taken away."""

from functools import partial

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mapapp.schedule import USUAL
from mapapp.settings import Settings
from tests.attacks.duel import Attack
from tests.attacks.every_attack import ATTACKS
from tests.attacks.target import Here, Target

EACH = pytest.mark.parametrize(
    "attack",
    [
        pytest.param(one, id=number, marks=[pytest.mark.browser] if one.in_browser else [])
        for number, one in ATTACKS.items()
    ],
)


@pytest.fixture
def target(session: Session, engine: Engine, settings: Settings, app: Flask) -> Target:
    """A site that publishes once a day, as most do."""
    daily = settings.model_copy(update={"publish": USUAL})
    app.extensions["mapapp_settings"] = daily
    return Target(session, engine, daily, partial(Here, app))


@EACH
def test_no_attack_does_better_than_it_may(target: Target, attack: Attack) -> None:
    outcome = attack.play(target, attack.short)
    assert outcome.is_held, f"{attack.name}: {outcome}"


@EACH
def test_each_succeeds_without_what_protects(target: Target, attack: Attack) -> None:
    with attack.unprotected():
        outcome = attack.play(target, attack.short)
    assert not outcome.is_held, f"{attack.name}: {outcome}"
