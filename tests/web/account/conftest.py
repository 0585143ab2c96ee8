"""Members whom tests of the account's pages sign in."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.actions.mail import consent_receipts
from mapapp.settings import Settings
from mapapp.store.members import Member
from tests.joining import Joiner
from tests.trust import World


@pytest.fixture
def wren(world: World, login: Callable[..., FlaskClient]) -> Member:
    """A signed-in member, listed for everyone on one map."""
    member = world.somebody("public", email="wren@example.org", pseudonym="Zebra Plover")
    login(member)
    return member


@pytest.fixture
def newcomer(world: World, login: Callable[..., FlaskClient]) -> Member:
    """A signed-in member who has not agreed to anything yet."""
    world.condition()
    member = world.member(email="new@example.org", pseudonym="")
    for receipt in world.receipts(member):
        consent_receipts.take_back(world.session, member.id, receipt.purpose)
    login(member)
    return member


@pytest.fixture
def carer(world: World, login: Callable[..., FlaskClient]) -> Member:
    """A signed-in member who is on no map."""
    world.condition()
    member = world.member(email="carer@example.org", pseudonym="Careful Wren")
    login(member)
    return member


@pytest.fixture
def child(world: World, carer: Member) -> Member:
    """The child whom the carer placed."""
    made = world.child_of(carer, "2040-05")
    world.session.commit()
    return made


@pytest.fixture
def dystonia(world: World) -> None:
    """A condition with a map on which nobody is."""
    world.condition()
    world.session.commit()


@pytest.fixture
def joiner(app: Flask, session: Session, settings: Settings) -> Joiner:
    """Somebody without an account."""
    return Joiner(app, session, settings)
