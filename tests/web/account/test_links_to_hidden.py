"""A member's own pages lead to no page that staff took off the site."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from mapapp.store.conditions import Condition
from mapapp.store.members import SHOWN, Membership, PeopleAlert
from tests.trust import AREAS, World, live_fully

LINK = re.compile(r'<a [^>]*href="(/[^"#]*)')
FILES = ("geo.", "assets.", "map_files.")


def _links(app: Flask, browser: FlaskClient) -> set[str]:
    """Return where the links of all pages lead that have one address for everybody."""
    found: set[str] = set()
    for rule in app.url_map.iter_rules():
        is_page = "GET" in (rule.methods or ()) and not rule.arguments
        if is_page and not rule.endpoint.startswith(FILES):
            answer = browser.get(rule.rule)
            if answer.mimetype.startswith("text/"):
                found |= set(map(unescape, LINK.findall(answer.text)))
    return found


@pytest.mark.parametrize("version", [AREAS.version, "older"])
def test_no_link_leads_to_what_staff_hid(
    app: Flask, world: World, login: Callable[..., FlaskClient], version: str
) -> None:
    member = world.member(email="wren@example.org", pseudonym="Zebra Plover")
    live_fully(world, member, "tin")
    world.session.execute(update(Membership).values(area_version=version))
    world.session.execute(update(PeopleAlert).values(news=SHOWN))
    world.session.commit()
    browser = login(member)
    before = _links(app, browser)
    assert "/conditions/dystonia/place" in before
    world.session.execute(update(Condition).values(shown=False))
    world.session.commit()
    after = _links(app, browser)
    assert len(after) > 20
    assert {link for link in after if browser.get(link).status_code >= 400} == set()
    page = browser.get("/places").text
    assert "does not show this map at the moment" in page
    assert 'action="/places/dystonia/remove"' in page
