"""What one account writes, votes and tries on two maps shows on neither that it is one account."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from mapapp.actions.core.context import Context
from mapapp.actions.knowledge.post_vote import cast_vote
from mapapp.actions.members import place_set as placing
from mapapp.actions.members.place_set import Placement
from mapapp.actions.members.visibility_change import set_visibility
from mapapp.store.members import Member, Membership
from mapapp.store.posts import Post
from mapapp.store.treatments import TreatmentUse
from tests.factories import make_treatment
from tests.moderation import Site
from tests.searchable import KEY, make_post, make_question
from tests.trust import AREAS, LEEDS
from tests.two_maps import FIRST, NAMES, SECOND, TwoMaps

READERS = ("visitor", "third", "robin", "mod")
BOTH = ((FIRST, SECOND, 0), (SECOND, FIRST, 1))


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    with time_machine.travel("2026-11-24 10:00:00+00:00", tick=False):
        yield


@dataclass
class Written(TwoMaps):
    """The same two maps, on which Wren wrote, was voted for, and tried something."""

    def __post_init__(self) -> None:
        super().__post_init__()
        session = self.site.session
        for slug in (FIRST, SECOND):
            condition = self.site.condition(slug)
            question_id = make_question(session, condition)
            for who in ("wren", "robin"):
                said = {"member": self.people[who], "named_to": "public"}
                make_post(session, condition, question_id, text=f"{who} of {slug}", **said)
            told = f"A story of {slug}. " * 20
            make_post(session, condition, member=self.wren, named_to="public", text=told, title="I")
            tried = make_treatment(session, condition, f"Tea of {slug}")
            use = {"member_id": self.wren.id, "outcome": "better"}
            session.add(TreatmentUse(treatment_id=tried.id, **use))
        session.commit()
        self.vote("robin", FIRST)
        self.vote("third", FIRST)
        self.vote("robin", SECOND)

    def answer(self, slug: str, who: str = "wren") -> Post:
        """Return somebody's answer on a map."""
        query = select(Post).where(
            Post.condition_id == self.site.condition(slug).id,
            Post.member_id == self.people[who].id,
            Post.question_id.is_not(None),
        )
        return self.site.session.scalars(query.execution_options(populate_existing=True)).one()

    def vote(self, who: str, slug: str, helpful: bool | None = True) -> None:
        """Say whether Wren's answer on a map helps."""
        ctx = Context(self.site.session, self.site.settings, reader_id=self.people[who].id)
        cast_vote(ctx, self.answer(slug).public_id, helpful)
        self.site.session.commit()

    def texts(self, slug: str) -> list[str]:
        """Return the addresses at which the texts and numbers of a map are read."""
        here, story = f"/conditions/{slug}", select(Post.public_id).where(Post.title == "I")
        mine = story.where(Post.condition_id == self.site.condition(slug).id)
        return [
            *self.pages(slug),
            f"{here}/questions",
            f"{here}/questions/{KEY}",
            f"{here}/questions/{KEY}/answers",
            f"{here}/questions/{KEY}/answers?order=newest",
            f"{here}/stories",
            f"{here}/stories/{self.site.session.scalars(mine).one()}",
            f"/posts/{self.answer(slug).public_id}/versions",
            f"{here}/feed.atom",
            f"{here}/treatments",
            f"{here}/map.html",
            f"/api/v1{here}/counts?level=zone&include=points",
            f"/questions?q={slug}",
        ]


@pytest.fixture
def maps(site: Site, app: Flask) -> Written:
    return Written(site, app)


def _ctx(maps: Written, who: str = "wren") -> Context:
    return Context(maps.site.session, maps.site.settings, AREAS, maps.people[who].id)


@pytest.mark.both
@pytest.mark.parametrize(("here", "there", "n"), BOTH)
def test_no_page_of_a_map_holds_who_its_people_are_on_another(
    maps: Written, here: str, there: str, n: int
) -> None:
    session = maps.site.session
    telling = set(session.scalars(select(Member.account_id)))
    telling |= {names[1 - n] for names in NAMES.values()}
    telling |= {maps.id_on(who, there) for who in NAMES}
    telling |= {maps.answer(there, who).public_id for who in ("wren", "robin")}
    for who in READERS:
        for page, (status, text) in maps.read(who, maps.texts(here)).items():
            assert [word for word in telling if word in text] == [], (who, page)
            assert status < 500, page
    pages = maps.read("third", maps.texts(here))
    assert NAMES["wren"][n] in pages[f"/conditions/{here}/questions/{KEY}/answers"][1]


def test_points_count_one_map(maps: Written) -> None:
    for slug, words in ((FIRST, "2 helpful votes"), (SECOND, "1 helpful vote<")):
        page = f"/conditions/{slug}/questions/{KEY}/answers"
        assert words in maps.read("third", [page])[page][1]


def _rename(maps: Written) -> None:
    wanted = Placement(LEEDS, AREAS.version, "public", "self", "Wild Plover")
    placing.place(_ctx(maps), maps.site.condition(FIRST).id, wanted)


def _hide(maps: Written) -> None:
    set_visibility(_ctx(maps), maps.wren.id, maps.site.condition(FIRST).id, "counted")


def _leave(maps: Written) -> None:
    placing.remove(_ctx(maps), maps.wren.id, maps.site.condition(FIRST).id)


def _vote(maps: Written) -> None:
    maps.vote("third", FIRST, helpful=False)


def _delete(maps: Written) -> None:
    maps.browser("wren").post(f"/posts/{maps.answer(FIRST).public_id}/delete")


def _forget_treatments(maps: Written) -> None:
    placing.forget_tried(maps.site.session, maps.wren.id, maps.site.condition(FIRST).id)


@pytest.mark.parametrize("act", [_rename, _hide, _leave, _vote, _delete, _forget_treatments])
def test_what_is_done_on_a_map_changes_no_byte_about_another(
    maps: Written, act: Callable[[Written], None]
) -> None:
    here, there = maps.texts(FIRST), maps.texts(SECOND)
    before = {who: maps.read(who, there) for who in READERS}
    was = maps.read("third", here)
    act(maps)
    maps.site.session.commit()
    for who in READERS:
        assert maps.read(who, there) == before[who], who
    if act is not _forget_treatments:  # of which nothing is shown: too few have tried it
        assert maps.read("third", here) != was


@pytest.mark.both
def test_whoever_leaves_a_map_is_named_beside_no_text_there_again(maps: Written) -> None:
    answers = f"/conditions/{FIRST}/questions/{KEY}/answers"
    old_id = maps.id_on("wren", FIRST)
    _leave(maps)
    for who in READERS:
        _status, text = maps.read(who, [answers])[answers]
        assert "wren of als" in text
        assert NAMES["wren"][0] not in text
        assert old_id not in text
    assert "<strong>You</strong>" in maps.read("wren", [answers])[answers][1]
    _rename(maps)
    maps.site.session.commit()
    assert maps.id_on("wren", FIRST) != old_id
    assert "Wild Plover" in maps.read("third", [maps.area(FIRST)])[maps.area(FIRST)][1]
    assert "Wild Plover" not in maps.read("third", [answers])[answers][1]
    assert maps.answer(SECOND).named_to == "public"


def test_a_block_hides_texts_on_its_own_map_alone(maps: Written) -> None:
    maps.block("wren", "robin", FIRST)
    for slug, shown in ((FIRST, False), (SECOND, True)):
        page = f"/conditions/{slug}/questions/{KEY}/answers"
        assert (f"wren of {slug}" in maps.read("robin", [page])[page][1]) == shown


def test_every_place_has_an_id_and_an_order_of_its_own(maps: Written) -> None:
    places = maps.site.session.scalars(select(Membership)).all()
    accounts = set(maps.site.session.scalars(select(Member.account_id)))
    assert len({place.public_id for place in places} | accounts) == len(places) + len(accounts)
    assert len({place.listing_order for place in places}) == len(places)
