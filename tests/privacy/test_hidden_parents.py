"""What is under something hidden is hidden on every route, and no act reaches it."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, select, update
from sqlalchemy.orm import Session

from mapapp.actions.core.audit import By
from mapapp.actions.knowledge.post_export import my_votes
from mapapp.actions.moderation import member_hide
from mapapp.actions.operations.staff_acts import conditions_with_people
from mapapp.actions.statistics.export_asked import ask_for
from mapapp.actions.statistics.export_make import export_numbers
from mapapp.actions.statistics.export_request import Request
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.knowledge.question_set import QUESTION_HIDDEN
from mapapp.errors import NotFoundError
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.contact import ContactRequest
from mapapp.store.members import Member, Membership, PeopleAlert
from mapapp.store.moderation import Case, Report
from mapapp.store.posts import Post, PostVersion, PostVote
from mapapp.store.questions import Editorial, Question
from mapapp.store.treatments import Treatment, TreatmentUse
from tests import factories
from tests.searchable import DAY, make_post, make_question
from tests.trust import LEEDS, World, make_request

AREAS = load_areas()
OWN = {"places.change_visibility", "places.remove_place", "alerts.stop_telling"}
"""Acts on the reader's own place, which stays theirs where staff hid the map."""
PERSONAL = frozenset({"connect.inbox", "account.data", "account.data_file"})
"""Pages of what one person sent another, which stays theirs where staff hid the map."""
FEED = frozenset({"feeds.condition_feed"})
"""Names nobody, and is the same for everybody."""
HEAVY = ("geo.", "assets.", "map_files.", "suggest.towns")
"""Files of numbers and of towns."""
TABLES: tuple[type[Any], ...] = (
    Post, PostVersion, PostVote, Report, Case, Editorial, Question,
    Treatment, TreatmentUse, Membership, PeopleAlert, ContactRequest,
)  # fmt: skip
ASKED = {"q": "zebra", "condition": "dystonia", "area": str(LEEDS)}
PIECES = ("answer", "story", "treatment", "writer")
WRITTEN = ("answer", "story", "writer")
UNDER_QUESTION = frozenset({"zebraquestion", "zebraanswer", "zebraeditorial"})
OF_WRITER = frozenset({"zebraanswer", "zebrastory", "zebratitle", "zebra plover"})
EVERYTHING = UNDER_QUESTION | OF_WRITER | {"zebratreatment"}
SAID = {
    "helpful": "yes", "category": "spam", "outcome": "better",
    "question": "Who else sleeps badly in winter?", "name": "Warm baths", "reason": "meet",
    "greeting": "hello", "where": "area:0", "people": "30", "area_id": str(LEEDS),
    "area_version": AREAS.version,
    "visibility": "public", "text": "I walk every morning, and plan one thing a day.",
    "named_to": "members", "role": "self",
}  # fmt: skip


@dataclass
class Planted(World):
    """One of everything about dystonia by one writer, with a word of its own in each."""

    session: Session
    settings: Settings

    def plant(self) -> None:
        """Make the rows."""
        session, condition = self.session, self.condition()
        self.writer = self.somebody("public", pseudonym="Zebra Plover")
        self.reader = self.somebody("members", pseudonym="Reading Heron")
        self.question_id = make_question(session, condition)
        session.get_one(Question, self.question_id).title = "Does the zebraquestion run in it?"
        self.answer = self._post(self.question_id, "zebraanswer")
        self.story = self._post(None, "zebrastory", title="My zebratitle")
        given = {"author_role": "editor", "sources": "[]", "state": "published", "day": DAY}
        body = "Some forms are a zebraeditorial."
        session.add(Editorial(question_id=self.question_id, number=1, body=body, **given))
        self.treatment = factories.make_treatment(session, condition, "Zebratreatment")
        self.request = make_request(self, self.writer, self.reader, "open")
        session.commit()

    def _post(self, question_id: int | None, word: str, **more: str) -> Post:
        said = f"A {word} helps me."
        given: dict[str, Any] = {"named_to": "public", "text": said, "words": f" {word}", **more}
        post = make_post(self.session, self.condition(), question_id, member=self.writer, **given)
        self.session.flush()
        text = f"An earlier{word} did not."
        self.session.add(PostVersion(post_id=post.id, number=1, text=text, title="", day=DAY))
        return post

    def values(self, pieces: Iterable[str]) -> dict[str, list[str]]:
        """Return what stands for each part of an address, with these rows for pieces."""
        ids = [getattr(self, piece).public_id for piece in pieces]
        return {
            "slug": ["dystonia"],
            "question": ["heredity"],
            "public_id": ids,
            "kind": ["person", "answer", "story", "knock"],
            "piece": ids,
            "code": ["GB", AREAS.code[LEEDS]],
        }

    def rows(self) -> dict[str, list[Any]]:
        """Return all that stands under the condition."""
        self.session.rollback()
        return {
            table.__name__: sorted(
                repr([getattr(row, c.key) for c in inspect(table).column_attrs if c.key != "reads"])
                for row in self.session.scalars(
                    select(table).execution_options(populate_existing=True)
                )
            )
            for table in TABLES
        }


@pytest.fixture
def planted(session: Session, settings: Settings) -> Planted:
    made = Planted(session, settings)
    made.plant()
    return made


def _walk(app: Flask, method: str, values: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Yield each endpoint and address that takes ``method``, with every value in its place."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if method not in (rule.methods or ()) or rule.endpoint.startswith(HEAVY):
            continue
        names = sorted(rule.arguments)
        for chosen in product(*(values.get(name, ["1"]) for name in names)):
            address = rule.rule
            for name, value in zip(names, chosen, strict=True):
                address = re.sub(rf"<(\w+:)?{name}>", value, address)
            yield rule.endpoint, address


def _read(app: Flask, planted: Planted, browser: FlaskClient) -> dict[str, set[str]]:
    """Return on which pages each marked word is read."""
    found: dict[str, set[str]] = {}
    for endpoint, address in _walk(app, "GET", planted.values(PIECES)):
        # A picture is no text: what it says is tested where it is made.
        said = browser.get(address, query_string=ASKED).data
        text = said.decode(errors="replace").casefold()
        for word in (word for word in EVERYTHING if word in text):
            found.setdefault(word, set()).add(endpoint)
    return found


def _act(
    app: Flask, planted: Planted, browser: FlaskClient, pieces: Iterable[str], parts: Iterable[str]
) -> None:
    """Post to every address that has one of these parts, but to what is the reader's own."""
    acts = {rule.endpoint for rule in app.url_map.iter_rules() if rule.arguments & set(parts)}
    for endpoint, address in _walk(app, "POST", planted.values(pieces)):
        if endpoint in acts - OWN:
            given = {**SAID, "treatment": planted.treatment.public_id}
            browser.post(address, data=given, query_string={"condition": "dystonia"})


def _hide_question(planted: Planted) -> None:
    which = Question.id == planted.question_id
    planted.session.execute(update(Question).where(which).values(state=QUESTION_HIDDEN))


def _hide_condition(planted: Planted) -> None:
    which = Condition.slug == "dystonia"
    planted.session.execute(update(Condition).where(which).values(shown=False))


def _suspend(planted: Planted) -> None:
    who = Member.id == planted.writer.id
    member_hide.hide_by_moderators(planted.ctx, planted.writer.id)
    planted.session.execute(update(Member).where(who).values(suspended=True))


def _hide_everywhere(planted: Planted) -> None:
    member_hide.hide_everywhere(planted.ctx, planted.writer.id)


def _pause(planted: Planted) -> None:
    member_hide.pause(planted.ctx, planted.writer.id)


def _block(planted: Planted) -> None:
    planted.block(planted.writer, planted.reader)


@dataclass(frozen=True)
class Hiding:
    """A way to hide something, and what nobody reads and reaches from then on.

    Attributes:
        words: what is read on no page.
        pieces: whose address no act takes.
        parts: and in which part of an address.
        but: the pages that may say it.
        to_visitors: whether it is hidden from everybody, and not from one member alone.
    """

    hide: Callable[[Planted], None]
    words: frozenset[str]
    pieces: tuple[str, ...]
    parts: tuple[str, ...] = ("public_id", "piece")
    but: frozenset[str] = frozenset()
    to_visitors: bool = True


HIDINGS = {
    "question": Hiding(
        _hide_question, UNDER_QUESTION, ("answer",), ("public_id", "piece", "question")
    ),
    "condition": Hiding(
        _hide_condition, EVERYTHING, PIECES, ("slug", "public_id", "piece"), PERSONAL
    ),
    "suspension": Hiding(_suspend, OF_WRITER, WRITTEN),
    "hide everywhere": Hiding(_hide_everywhere, OF_WRITER, WRITTEN),
    "pause": Hiding(_pause, OF_WRITER, WRITTEN),
    "block": Hiding(_block, OF_WRITER, WRITTEN, but=FEED, to_visitors=False),
}


def test_the_walk_finds_everything_while_it_is_shown(
    app: Flask, planted: Planted, login: Callable[..., FlaskClient]
) -> None:
    reader = login(planted.reader, on=app.test_client())
    assert set(_read(app, planted, app.test_client())) == EVERYTHING - {"zebratreatment"}
    found = _read(app, planted, reader)
    assert set(found) == EVERYTHING
    assert {"posts.list_post_versions", "reports.report"} <= found["zebraanswer"]
    before = planted.rows()
    _act(app, planted, reader, ("answer", "story", "treatment"), ("slug", "public_id", "piece"))
    after = planted.rows()
    changed = {table for table in before if before[table] != after[table]}
    assert {"PostVote", "Report", "PeopleAlert", "Treatment"} <= changed


@pytest.mark.both
@pytest.mark.parametrize("hiding", HIDINGS.values(), ids=HIDINGS)
def test_what_is_hidden_is_read_nowhere_and_no_act_reaches_it(
    app: Flask, planted: Planted, login: Callable[..., FlaskClient], hiding: Hiding
) -> None:
    hiding.hide(planted)
    reader = login(planted.reader, on=app.test_client())
    for browser in (app.test_client(), reader)[not hiding.to_visitors :]:
        found = _read(app, planted, browser)
        seen = {word: found[word] - hiding.but for word in hiding.words & set(found)}
        assert not any(seen.values()), seen
    before = planted.rows()
    _act(app, planted, reader, hiding.pieces, hiding.parts)
    assert planted.rows() == before


@pytest.mark.both
def test_writers_keep_what_they_wrote(
    app: Flask, planted: Planted, login: Callable[..., FlaskClient]
) -> None:
    _hide_question(planted)
    writer = login(planted.writer, on=app.test_client())
    page = writer.get("/account/posts").get_data(as_text=True)
    assert "only you can read this" in page
    assert "/questions/heredity" not in page
    address = f"/posts/{planted.answer.public_id}"
    assert writer.get(f"{address}/versions").status_code == 200
    said = {"text": "A quiet morning helps me.", "role": "self", "named_to": "nobody"}
    answer = writer.post(f"{address}/change", data=said)
    assert (answer.status_code, answer.location) == (303, "/account/posts")
    planted.session.refresh(planted.answer)
    assert planted.answer.text == said["text"]


def test_a_hidden_map_makes_no_export(planted: Planted) -> None:
    _hide_condition(planted)
    assert conditions_with_people(planted.session) == []
    asked, by = Request(("dystonia",), "country", "csv"), By("-", "Asked for.")
    for export in (ask_for, partial(export_numbers, site="Map")):
        with pytest.raises(NotFoundError, match="hidden"):
            export(planted.session, asked, by)


def test_the_title_of_a_hidden_question_is_not_told_to_who_voted(planted: Planted) -> None:
    planted.session.add(
        PostVote(post_id=planted.answer.id, member_id=planted.reader.id, helpful=True)
    )
    planted.session.flush()
    (vote,) = my_votes(planted.session, planted.reader.id)
    assert "zebraquestion" in vote["question"]
    _hide_question(planted)
    (vote,) = my_votes(planted.session, planted.reader.id)
    assert vote["question"] == ""
