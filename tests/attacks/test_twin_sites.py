"""What the attack on twin sites reads: every page that anybody may open, later ones too."""

import uuid

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from tests.attacks.twin_sites import OTHER, SAME_FOR_ALL, addresses, same_chance
from tests.factories import make_condition
from tests.finished import fill_pages
from tests.open_to import FOR_EVERYONE

NO_SUCH_LINK = 410
"""Addresses of links in mails, of which nobody has one."""


def test_each_public_page_is_read_at_an_address_where_it_is(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    fill_pages(session)
    make_condition(session, OTHER)
    session.commit()
    there = set()
    for address in addresses(app):
        status = client.get(address).status_code
        if status < 400 or status == NO_SUCH_LINK:
            path, _, _ = address.partition("?")
            there.add(_endpoint(app, path))
    wanted = {name for name in FOR_EVERYONE if not name.startswith(SAME_FOR_ALL)}
    only_sent = wanted - {
        rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods
    }
    assert wanted - there - only_sent == set(), "twin_sites.VALUES lacks what is in their addresses"


def _endpoint(app: Flask, path: str) -> str:
    try:
        return str(app.url_map.bind("").match(path)[0])
    except HTTPException:
        return ""


def test_chance_follows_from_the_seed() -> None:
    def _drawn(seed: int) -> list[uuid.UUID]:
        with same_chance(seed):
            return [uuid.uuid4() for _ in range(3)]

    assert _drawn(1) == _drawn(1) != _drawn(2)
    assert uuid.uuid4() not in _drawn(1)
