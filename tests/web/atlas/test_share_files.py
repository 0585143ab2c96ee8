"""The picture beside a link, and the poster: what they say, and that they name nobody."""

import re
import zlib
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.store import facts
from mapapp.web.atlas import share_files
from tests import factories
from tests.places import zones_of
from tests.published import change_numbers
from tests.worlds import HERE, fill, hide_somebody, whole_answer

CARD = "/conditions/dystonia/card.png"
POSTER = "/conditions/dystonia/poster.pdf"
FILES = (CARD, "/card.png", POSTER)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """What is put on the pages that are made meanwhile."""
    found: list[dict[str, str]] = []
    true = share_files.typeset

    def _noted(name: str, values: Any, kind: Any) -> bytes:
        found.append(dict(values))
        return true(name, values, kind)

    monkeypatch.setattr(share_files, "typeset", _noted)
    return found


@pytest.mark.parametrize("path", FILES)
def test_they_are_files(client: FlaskClient, session: Session, path: str) -> None:
    fill(session)
    response = client.get(path)
    kind = "image/png" if path.endswith(".png") else "application/pdf"
    assert (response.status_code, response.mimetype) == (200, kind)
    assert response.headers["X-Robots-Tag"] == "noindex"
    again = client.get(path, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_card_says_who_has_joined(
    client: FlaskClient, session: Session, said: list[dict[str, str]]
) -> None:
    fill(session)
    client.get(CARD)
    (words,) = said
    assert words["name"] == "Dystonia"
    assert words["people"] == "3 people in 2 countries"
    assert words["note"] == "That is who has joined, not how many people have it."
    assert words["demo"] == ""
    client.get("/card.png")
    assert said[1]["people"] == "4 people in 2 countries joined a map."


def test_an_empty_map_is_a_beginning(
    client: FlaskClient, session: Session, said: list[dict[str, str]]
) -> None:
    factories.make_condition(session, "dystonia", name="Dystonia")
    session.commit()
    for path in FILES:
        assert client.get(path).status_code == 200
    assert [words["people"] for words in said] == [
        "Nobody is on this map yet. You would be the first.",
        "",
        "Nobody is on this map yet. You would be the first.",
    ]
    assert said[0]["note"] == ""


def test_invented_people_are_called_so(
    client: FlaskClient, session: Session, said: list[dict[str, str]]
) -> None:
    fill(session)
    facts.state(session, facts.HAS_DEMO, "1")
    session.commit()
    for path in FILES:
        client.get(path)
    assert {words["demo"] for words in said} == {"A demo: everybody here is invented."}


def test_they_name_nobody(
    client: FlaskClient, session: Session, said: list[dict[str, str]]
) -> None:
    fill(session)
    for path in FILES:
        client.get(path)
    assert len(said) == len(FILES)
    assert not re.search("Person|Berlin|zone", repr(said))


@pytest.mark.parametrize("path", FILES)
def test_they_change_with_a_publication_and_with_nothing_hidden(
    client: FlaskClient, session: Session, path: str
) -> None:
    condition = fill(session)
    before = whole_answer(client, path)
    hide_somebody(session, condition)
    assert whole_answer(client, path) == before
    change_numbers(session, condition, {zones_of(HERE)[0]: 500})
    session.commit()
    assert whole_answer(client, path) != before
    known = {"If-None-Match": dict(before[1])["ETag"]}
    assert client.get(path, headers=known).status_code == 200


def test_a_picture_is_made_once(
    client: FlaskClient, session: Session, said: list[dict[str, str]]
) -> None:
    condition = fill(session)
    for _ in range(2):
        client.get(CARD, headers={"Cookie": "a=b"})  # which finished answers leave to the site
    assert len(said) == 1
    factories.make_condition(session, "gout", name="Gout")
    session.commit()
    client.get("/conditions/gout/card.png")
    assert [words["name"] for words in said] == [condition.name, "Gout"]


def test_a_poster_leads_to_the_condition(
    client: FlaskClient, session: Session, said: list[dict[str, str]]
) -> None:
    fill(session)
    response = client.get(POSTER, headers={"Host": "evil.example"})
    assert response.headers["Content-Disposition"] == "inline; filename=dystonia-poster.pdf"
    (words,) = said
    assert words["address"] == "127.0.0.1:8000/conditions/dystonia"
    assert words["note"] == "That is who has joined, not how many people have it."
    assert "evil" not in repr(said)
    assert b"evil" not in _unpacked(response.data)


def test_a_poster_says_of_which_publication_its_numbers_are(
    client: FlaskClient, session: Session, said: list[dict[str, str]]
) -> None:
    fill(session)
    facts.state(session, facts.PUBLISHED_FOR, str(1_795_320_000))  # 2026-11-22, 04:00 UTC
    session.commit()
    with time_machine.travel("2026-11-25 02:00:00+00:00", tick=False):
        tag = client.get(POSTER).headers["ETag"]
    with time_machine.travel("2026-11-26 02:00:00+00:00", tick=False):
        assert client.get(POSTER).headers["ETag"] == tag
    assert [words["day"] for words in said] == ["Numbers as of November 22, 2026."]


def test_a_poster_says_nothing_of_when_it_was_made_but_the_day(
    client: FlaskClient, session: Session
) -> None:
    fill(session)
    body = client.get(POSTER).data
    assert re.findall(rb"D:(\d+)", body + _unpacked(body)) in ([], [b"19700101000000"] * 2)


@pytest.mark.parametrize("path", [CARD, POSTER])
def test_hidden_conditions_have_none(client: FlaskClient, session: Session, path: str) -> None:
    factories.make_condition(session, "dystonia", name="Dystonia", shown=False)
    session.commit()
    assert client.get(path).status_code == 404


def _unpacked(pdf: bytes) -> bytes:
    """Everything that is packed in a file."""
    found = []
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S):
        try:
            found.append(zlib.decompress(packed))
        except zlib.error:
            continue
    assert found
    return b"".join(found)
