"""Privacy rule 2's table: four choices, three kinds of readers, every address that names people."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.settings import Settings
from mapapp.store.contact import Block, ContactRequest
from mapapp.store.members import Member
from mapapp.store.moderation import Report
from tests import factories
from tests.places import zones_of
from tests.posts import Board
from tests.worlds import HERE

# From the rule, word for word: who reads pseudonym, area and contact link.
VISITOR, MEMBER, ON_MAP = "a visitor", "a signed-in member", "a member listed on this map"
TABLE = {
    "public": {VISITOR: True, MEMBER: True, ON_MAP: True},
    "members": {VISITOR: False, MEMBER: True, ON_MAP: True},
    "map": {VISITOR: False, MEMBER: False, ON_MAP: True},
    "counted": {VISITOR: False, MEMBER: False, ON_MAP: False},
}
COUNTED_EXACTLY = {"public", "members", "map"}

NAMES = {
    "public": "Public Wren",
    "members": "Members Wren",
    "map": "Mapped Wren",
    "counted": "Counted Wren",
}
ZONE = zones_of(HERE)[0]

LISTS = {
    "the page of an area": "/conditions/dystonia/areas/DE-BE",
    "the page of the world": "/conditions/dystonia/areas/world",
    "the map's panel": "/conditions/dystonia/areas/DE-BE/people.json",
    "who is near": f"/conditions/dystonia/nearby?area={ZONE}",
    "who is near, by role": f"/conditions/dystonia/nearby?area={ZONE}&role=self",
    "who is near, by language": f"/conditions/dystonia/nearby?area={ZONE}&language=en",
}
OF_ONE = {
    "the page of a person": "/members/{}/connect?condition=dystonia",
    "the page of a person, whatever map": "/members/{}/connect",
    "the page for reporting": "/report/person/{}?condition=dystonia",
    "the page for reporting, whatever map": "/report/person/{}",
}
"""Pages for members: a visitor is asked to sign in, whoever is at the address."""

ANSWERS = "/conditions/dystonia/questions/treatments/answers"
"""Each of the four people wrote one, under a name for members."""
NUMBERS = "/api/v1/conditions/dystonia/counts?level=zone"


@dataclass
class Scene:
    """A map with one person of each choice, and the three readers."""

    people: dict[str, Member] = field(default_factory=dict)
    public_ids: dict[str, str] = field(default_factory=dict)
    readers: dict[str, FlaskClient] = field(default_factory=dict)
    listed_id: int = 0


@pytest.fixture
def scene(
    app: Flask, session: Session, settings: Settings, login: Callable[..., FlaskClient]
) -> Scene:
    here = factories.make_condition(session, "dystonia", name="Dystonia")
    elsewhere = factories.make_condition(session, "als", name="ALS")
    made, board = Scene(), Board(session, settings)
    for visibility, name in NAMES.items():
        who = factories.make_member(session, pseudonym=name)
        row = factories.make_membership(session, here, ZONE, member=who, visibility=visibility)
        made.people[visibility], made.public_ids[visibility] = who, row.public_id
        assert board.write(who, text=f"Whom {visibility} shows: I walk every morning.") == "sent"
    outside, inside = (factories.make_member(session) for _ in range(2))
    # Neither another map, nor being counted on this one, makes a reader who sees more.
    factories.make_membership(session, elsewhere, ZONE, member=outside, visibility="map")
    factories.make_membership(session, here, ZONE, member=outside, visibility="counted")
    factories.make_membership(session, here, ZONE, member=inside, visibility="map")
    made.listed_id = inside.id
    session.commit()
    made.readers = {
        VISITOR: app.test_client(),
        MEMBER: login(outside, on=app.test_client()),
        ON_MAP: login(inside, on=app.test_client()),
    }
    return made


every_choice = pytest.mark.parametrize("choice", list(TABLE))
every_reader = pytest.mark.parametrize("reader", [VISITOR, MEMBER, ON_MAP])
members = pytest.mark.parametrize("reader", [MEMBER, ON_MAP])


@pytest.mark.both
@every_reader
@every_choice
def test_the_table_of_rule_2(scene: Scene, choice: str, reader: str) -> None:
    """Every list: pseudonym and contact link, or neither."""
    client = scene.readers[reader]
    for place, path in LISTS.items():
        answer = client.get(path)
        assert answer.status_code == 200, place
        assert (NAMES[choice] in answer.text) == TABLE[choice][reader], place
        assert (scene.public_ids[choice] in answer.text) == TABLE[choice][reader], place


@pytest.mark.both
@members
@every_choice
def test_a_person_s_own_address_says_no_more_than_the_lists(
    scene: Scene, choice: str, reader: str
) -> None:
    for place, path in OF_ONE.items():
        answer = scene.readers[reader].get(path.format(scene.public_ids[choice]))
        assert (answer.status_code, NAMES[choice] in answer.text) == (
            (200, True) if TABLE[choice][reader] else (404, False)
        ), place


@members
@every_choice
def test_asking_several_names_and_reaches_nobody_else(
    scene: Scene, session: Session, choice: str, reader: str
) -> None:
    client, page = scene.readers[reader], "/conditions/dystonia/nearby/ask"
    seen, public_id = TABLE[choice][reader], scene.public_ids[choice]
    answer = client.get(page)
    assert (NAMES[choice] in answer.text, public_id in answer.text) == (seen, seen)
    said = {"who": [public_id], "reason": "meet", "greeting": "hello-all"}
    assert client.post(page, data=said).status_code == (303 if seen else 400)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(ContactRequest)) == int(seen)


@every_reader
@every_choice
def test_an_address_one_may_not_see_is_an_address_of_nobody(
    scene: Scene, choice: str, reader: str
) -> None:
    if TABLE[choice][reader] and reader != VISITOR:
        return
    for path in OF_ONE.values():
        found = [
            _without_ids(scene.readers[reader].get(path.format(one)), one)
            for one in (scene.public_ids[choice], str(uuid.uuid4()))
        ]
        assert found[0] == found[1], path


def _without_ids(answer: Any, public_id: str) -> tuple[int, str, str]:
    text = re.sub(r"[\w.-]{60,}", "token", answer.text).replace(public_id, "id")
    return answer.status_code, answer.headers.get("Location", "").replace(public_id, "id"), text


@members
@every_choice
def test_no_act_reaches_whom_one_may_not_see(
    scene: Scene, session: Session, choice: str, reader: str
) -> None:
    acts = {
        "/members/{}/connect?condition=dystonia": {"reason": "meet", "greeting": "hello"},
        "/report/person/{}?condition=dystonia": {"category": "spam"},
        "/members/{}/block?condition=dystonia": {},
    }
    seen = TABLE[choice][reader]
    for path, data in acts.items():
        answer = scene.readers[reader].post(path.format(scene.public_ids[choice]), data=data)
        # Who is only counted may ask; all three acts answer with another page.
        assert answer.status_code == (303 if seen else 404), path
    session.rollback()
    made = [session.scalar(select(func.count()).select_from(t)) for t in (ContactRequest, Report)]
    assert made == [int(seen), int(seen)]
    assert bool(session.scalar(select(func.count()).select_from(Block))) == seen


@every_reader
@every_choice
def test_a_text_leads_to_its_writer_where_the_reader_sees_them_on_the_map(
    scene: Scene, choice: str, reader: str
) -> None:
    """Who reads the name beside it is chosen with the text; who finds the writer, on the map."""
    page = scene.readers[reader].get(ANSWERS).text
    assert f"Whom {choice} shows" in page
    assert (NAMES[choice] in page) == (reader != VISITOR)
    link = f"/members/{scene.public_ids[choice]}/connect"
    assert (link in page) == (TABLE[choice][reader] and reader != VISITOR)


@every_reader
def test_everybody_reads_the_same_exact_number(scene: Scene, reader: str) -> None:
    found = scene.readers[reader].get(NUMBERS).get_json()
    assert found["total"] == len(COUNTED_EXACTLY) + 1  # and the reader who is listed
    assert found["counts"] == [found["total"]]


TOLD = {
    VISITOR: "3 people {} shown only to members or people on this map. "
    "Once you are on it, you see them, too.",
    MEMBER: "2 people {} shown only to people on this map. Show yourself on it to see them.",
    ON_MAP: "",
}
"""Of four listed people, the visitor sees one by name and the member two."""


@every_reader
def test_each_kind_of_reader_is_told_how_many_are_not_named(scene: Scene, reader: str) -> None:
    client, here = scene.readers[reader], TOLD[reader].format("here are")
    note = client.get(LISTS["the map's panel"]).get_json()["note"]
    assert note == here
    for place, words in (
        ("the page of an area", here),
        ("the page of the world", here),
        ("who is near", TOLD[reader].format("in the world are")),
        ("who is near, by role", ""),  # what is chosen from is not everybody
    ):
        text = re.sub(r"<[^>]+>", "", client.get(LISTS[place]).text)
        assert words in text, place
        assert ("shown only to" in text) == bool(words), place


def test_who_is_not_on_the_map_is_told_how_to_see_more(
    scene: Scene, login: Callable[..., FlaskClient], session: Session, app: Flask
) -> None:
    stranger = login(factories.make_member(session), on=app.test_client())
    page = stranger.get(LISTS["the page of an area"]).text
    assert '<a href="/conditions/dystonia/place">Put yourself on it to see them.</a>' in page


@every_reader
def test_one_person_is_one_person(scene: Scene, session: Session, reader: str) -> None:
    """The sentence has a singular."""
    factories.make_condition(session, "one", name="One")
    condition = factories.make_condition(session, "one")
    factories.make_membership(session, condition, ZONE, visibility="map")
    session.commit()
    note = scene.readers[reader].get("/conditions/one/areas/DE-BE/people.json").get_json()["note"]
    assert note == (
        "1 person here is shown only to members or people on this map. "
        "Once you are on it, you see them, too."
        if reader == VISITOR
        else "1 person here is shown only to people on this map. Put yourself on it to see them."
    )


@pytest.mark.parametrize("choice", sorted(COUNTED_EXACTLY))
def test_no_sentence_tells_who_is_listed_that_somebody_blocks_them(
    scene: Scene, session: Session, choice: str
) -> None:
    """Numbers do not follow a block, so a sentence about the unnamed would tell of it."""
    pair = {"member_id": scene.people[choice].id, "blocked_id": scene.listed_id}
    here = factories.make_condition(session, "dystonia")
    session.add(Block(condition_id=here.id, **pair))
    session.commit()
    client = scene.readers[ON_MAP]
    answer = client.get(LISTS["the map's panel"]).get_json()
    assert NAMES[choice] not in str(answer)
    assert answer["note"] == ""
    for place in ("the page of an area", "who is near"):
        page = client.get(LISTS[place]).text
        assert NAMES[choice] not in page
        assert "shown only to" not in page
