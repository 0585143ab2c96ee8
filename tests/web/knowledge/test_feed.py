"""The feed of a condition: valid Atom, newest first, naming nobody."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.actions.knowledge import feed_entries
from mapapp.domain.core.free_text import HELD
from mapapp.domain.core.hidden_reasons import HiddenReason
from mapapp.domain.knowledge.question_set import QUESTION_HIDDEN
from mapapp.store.conditions import Condition
from mapapp.store.questions import Question
from tests.injections import PAYLOADS, packed
from tests.searchable import PAGE, TEXT, make_editorial, make_post, make_question, xml_of
from tests.worlds import counted_queries

HIDDEN = {"hidden_reasons": HiddenReason.BY_MEMBER}

HERE = "/conditions/dystonia"
FEED = f"{HERE}/feed.atom"
NAMES = {"a": "http://www.w3.org/2005/Atom"}
FIRST, THEN, LAST = date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 3)


@pytest.fixture
def dystonia(make_condition: Callable[..., Condition]) -> Condition:
    return make_condition("dystonia")


def _feed(client: FlaskClient) -> ET.Element:
    answer = client.get(FEED)
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")
    return xml_of(answer.data)


def _texts(feed: ET.Element, name: str) -> list[str]:
    return [found.text or "" for found in feed.findall(f"a:entry/a:{name}", NAMES)]


def _one(parent: ET.Element, name: str) -> str:
    (found,) = parent.findall(f"a:{name}", NAMES)
    assert found.text
    return found.text


def _assert_valid(feed: ET.Element) -> None:
    """What RFC 4287 requires of a feed and its entries (4.1.1 and 4.1.2), as far as we use it."""
    assert feed.tag == f"{{{NAMES['a']}}}feed"
    assert _one(feed.find("a:author", NAMES) or feed, "name")
    ids = []
    for part in (feed, *feed.findall("a:entry", NAMES)):
        ids.append(_one(part, "id"))
        assert urlsplit(ids[-1]).scheme in {"tag", "urn"}
        assert _one(part, "title")
        assert datetime.fromisoformat(_one(part, "updated")).tzinfo
        links = [link.attrib for link in part.findall("a:link", NAMES)]
        assert [link["type"] for link in links if link["rel"] == "alternate"] == ["text/html"]
        assert all(urlsplit(link["href"]).netloc for link in links)
    assert len(set(ids)) == len(ids)
    for entry in feed.findall("a:entry", NAMES):
        kinds = [entry.find(f"a:{name}", NAMES) for name in ("content", "summary")]
        assert [kind.attrib for kind in kinds if kind is not None] == [{"type": "text"}]


def test_an_answer_a_story_and_the_editors(
    client: FlaskClient, session: Session, dystonia: Condition
) -> None:
    question_id = make_question(session, dystonia)
    make_editorial(session, question_id, day=FIRST)
    post = make_post(session, dystonia, question_id, day=THEN)
    story = make_post(session, dystonia, title="A year with it", day=FIRST, edited=LAST)
    session.commit()
    feed = _feed(client)
    _assert_valid(feed)
    asked = "Does Dystonia run in families?"
    assert _texts(feed, "title") == ["A year with it", f"Answer: {asked}", asked]
    assert _texts(feed, "content") == [TEXT, TEXT]
    assert _texts(feed, "summary") == ["The editors answered this question."]
    days = [f"{day.isoformat()}T00:00:00Z" for day in (LAST, THEN, FIRST)]
    assert _texts(feed, "updated") == days
    assert _texts(feed, "published") == [days[2], days[1], days[2]]
    assert _one(feed, "updated") == days[0]
    assert _texts(feed, "id")[:2] == [f"urn:uuid:{story.public_id}", f"urn:uuid:{post.public_id}"]


def test_every_link_leads_to_its_text(
    client: FlaskClient, session: Session, dystonia: Condition
) -> None:
    question_id = make_question(session, dystonia)
    make_post(session, dystonia, question_id)
    make_post(session, dystonia, title="A year with it")
    session.commit()
    for link in _feed(client).findall("a:entry/a:link", NAMES):
        parts = urlsplit(link.attrib["href"])
        page = client.get(f"{parts.path}?{parts.query}")
        assert TEXT in page.text
        assert parts.fragment in page.text


@pytest.mark.both
def test_a_feed_without_entries(client: FlaskClient, dystonia: Condition) -> None:
    feed = _feed(client)
    _assert_valid(feed)
    assert _texts(feed, "id") == []


def test_the_editors_newest_version_is_the_same_entry(
    client: FlaskClient, session: Session, dystonia: Condition
) -> None:
    question_id = make_question(session, dystonia)
    make_editorial(session, question_id, day=FIRST)
    session.commit()
    before = _texts(_feed(client), "id")
    make_editorial(session, question_id, 2, day=LAST)
    make_editorial(session, question_id, 3, state="draft", day=date(2026, 11, 20))
    session.commit()
    feed = _feed(client)
    assert _texts(feed, "id") == before
    assert _texts(feed, "updated") == ["2026-11-03T00:00:00Z"]
    assert _texts(feed, "published") == ["2026-11-01T00:00:00Z"]


@pytest.mark.parametrize("values", [{"indexed": False}, {"state": HELD}, HIDDEN])
@pytest.mark.parametrize("is_story", [False, True])
def test_what_is_not_for_search_engines_is_in_no_feed(
    client: FlaskClient,
    session: Session,
    dystonia: Condition,
    values: dict[str, Any],
    is_story: bool,
) -> None:
    question_id = None if is_story else make_question(session, dystonia)
    make_post(session, dystonia, question_id, title="A title", **values)
    session.commit()
    assert _texts(_feed(client), "id") == []


def test_answers_to_a_question_that_was_hidden_are_in_no_feed(
    client: FlaskClient, session: Session, dystonia: Condition
) -> None:
    question_id = make_question(session, dystonia)
    make_post(session, dystonia, question_id)
    make_editorial(session, question_id)
    session.get_one(Question, question_id).state = QUESTION_HIDDEN
    session.commit()
    assert _texts(_feed(client), "id") == []


def test_nobody_is_named_and_members_read_the_same(
    client: FlaskClient,
    session: Session,
    dystonia: Condition,
    make_member: Callable[..., Any],
    login: Callable[..., FlaskClient],
) -> None:
    writer = make_member(pseudonym="Zebra Lighthouse")
    make_post(session, dystonia, make_question(session, dystonia), member=writer, named_to="public")
    session.commit()
    assert b"Zebra Lighthouse" in client.get(PAGE).data
    before = client.get(FEED).data
    assert TEXT.encode() in before
    assert b"Lighthouse" not in before
    assert writer.public_id.encode() not in before
    assert login(writer).get(FEED).data == before


def test_texts_stay_texts(client: FlaskClient, session: Session, dystonia: Condition) -> None:
    texts = packed(PAYLOADS, 5_000)
    for text in texts:
        make_post(session, dystonia, title=PAYLOADS[0], text=text)
    session.commit()
    feed = _feed(client)
    _assert_valid(feed)
    found = _texts(feed, "content")
    assert sorted(found) == sorted(_as_xml_has_it(text) for text in texts)
    assert _texts(feed, "title") == [PAYLOADS[0]] * len(texts)
    assert b"<script" not in client.get(FEED).data


def _as_xml_has_it(text: str) -> str:
    """Return a text without characters that XML forbids, and with normalised line endings."""
    kept = "".join(c for c in text if c in "\t\n\r" or c >= " ").replace("\ufffe", "")
    return kept.replace("\r\n", "\n").replace("\r", "\n")


def test_a_feed_is_short(
    client: FlaskClient, session: Session, dystonia: Condition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_entries, "MOST_ENTRIES", 2)
    for day in (FIRST, LAST, THEN):
        make_post(session, dystonia, title="A title", day=day)
        make_editorial(session, make_question(session, dystonia), number=day.day, day=day)
    session.commit()
    assert len(_texts(_feed(client), "id")) == 2


def test_many_entries_take_few_queries(
    app: Flask, client: FlaskClient, session: Session, dystonia: Condition
) -> None:
    for _number in range(40):
        make_post(session, dystonia, make_question(session, dystonia))
        make_post(session, dystonia, title="A title")
    session.commit()
    with counted_queries(app) as statements:
        assert len(_texts(_feed(client), "id")) == 30
    assert len(statements) <= 5


def test_pages_lead_to_the_feed(client: FlaskClient, session: Session, dystonia: Condition) -> None:
    make_question(session, dystonia)
    session.commit()
    link = f'type="application/atom+xml" title="New about Dystonia" href="{FEED}">'
    for path in ("/conditions/dystonia", PAGE):
        assert link in client.get(path).text


@pytest.mark.parametrize("part", ["", "/questions", PAGE.removeprefix(HERE), "/stories"])
def test_people_see_the_way_to_the_feed(
    client: FlaskClient, session: Session, dystonia: Condition, part: str
) -> None:
    make_question(session, dystonia)
    session.commit()
    text = client.get(f"{HERE}{part}").text
    (way,) = re.findall(
        rf'<a class="way" href="{FEED}" type="application/atom\+xml">(.+?)</a>', text
    )
    assert way == "New answers and stories as a feed (Atom)"


def test_what_did_not_change_is_not_sent_again(
    client: FlaskClient, session: Session, dystonia: Condition
) -> None:
    tag = client.get(FEED).headers["ETag"]
    assert client.get(FEED, headers={"If-None-Match": tag}).status_code == 304
    make_post(session, dystonia, title="A title")
    session.commit()
    assert client.get(FEED, headers={"If-None-Match": tag}).status_code == 200


def test_search_engines_do_not_list_the_feed_itself(
    client: FlaskClient, dystonia: Condition
) -> None:
    assert client.get(FEED).headers["X-Robots-Tag"] == "noindex"


def test_there_is_none_of_a_condition_that_is_not_shown(
    client: FlaskClient, session: Session, make_condition: Callable[..., Condition]
) -> None:
    make_condition("dystonia", shown=False)
    session.commit()
    assert client.get(FEED).status_code == 404
    assert client.get("/conditions/no-such/feed.atom").status_code == 404
