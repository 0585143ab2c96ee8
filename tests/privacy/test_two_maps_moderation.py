"""Cases and decisions of one map tell nothing of another (privacy rule 2)."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from mapapp.actions.contact.block_member import my_blocks
from mapapp.actions.core.context import Context
from mapapp.actions.members import place_set as placing
from mapapp.actions.moderation import case_decide
from mapapp.actions.moderation.case_decide import Decision
from mapapp.actions.moderation.case_read import case_page
from mapapp.domain.core.hidden_reasons import HiddenReason
from mapapp.store.contact import ConversationSide
from mapapp.store.moderation import Case
from mapapp.store.records import AuditEntry
from tests.moderation import AREAS, REASON, Site
from tests.posts import Board
from tests.two_maps import FIRST, NAMES, SECOND, TwoMaps


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    with time_machine.travel("2026-11-24 10:00:00+00:00", tick=False):
        yield


@pytest.fixture
def maps(site: Site, app: Flask) -> TwoMaps:
    return TwoMaps(site, app)


def test_a_case_names_its_subject_as_on_its_map(maps: TwoMaps) -> None:
    second = f"/moderation/{maps.case}"
    maps.report("third", "wren", FIRST)
    first = f"/moderation/{maps.site.case().public_id}"
    page = maps.read("mod", [first, second])
    assert NAMES["wren"][0] in page[first][1]
    assert NAMES["wren"][1] in page[second][1]
    assert NAMES["wren"][1] not in page[first][1]
    assert NAMES["wren"][0] not in page[second][1]


@pytest.mark.both
def test_earlier_decisions_are_those_of_the_same_map(maps: TwoMaps) -> None:
    mod = maps.people["mod"]
    maps.report("third", "wren", FIRST)
    maps.site.settle(mod, "warn")
    assert case_page(maps.site.session, mod.id, maps.case).before == {}
    maps.report("robin", "wren", FIRST)
    newest = maps.site.case().public_id
    assert case_page(maps.site.session, mod.id, newest).before == {"warn": 1}
    # Leaving a map and coming back under another name undoes nothing.
    placing.remove(maps.site.ctx, maps.wren.id, maps.site.condition(FIRST).id)
    maps.wren.pseudonym = "Witty Fox"
    maps.site.place(maps.wren, "public", FIRST)
    maps.report("third", "wren", FIRST)
    newest = maps.site.case().public_id
    assert case_page(maps.site.session, mod.id, newest).before == {"warn": 1}


@pytest.mark.both
def test_a_moderator_is_refused_for_whom_they_talk_with_on_that_map_alone(
    maps: TwoMaps,
) -> None:
    """The refusal on another map would tell them who it is."""
    mod = maps.people["mod"]
    mod.pseudonym = "Kind Fern"
    for slug in (FIRST, SECOND):
        maps.site.place(mod, "members", slug)
    maps.connect("mod", "wren", FIRST)
    assert not case_page(maps.site.session, mod.id, maps.case).refusal
    maps.report("third", "wren", FIRST)
    assert case_page(maps.site.session, mod.id, maps.site.case().public_id).refusal


@pytest.mark.both
def test_coming_back_to_a_map_ends_no_hiding_by_reports(maps: TwoMaps) -> None:
    for who in ("robin", "third"):
        maps.report(who, "wren", FIRST)
    placing.remove(maps.site.ctx, maps.wren.id, maps.site.condition(FIRST).id)
    maps.site.place(maps.wren, "public", FIRST)
    assert maps.site.on_map(maps.wren, FIRST).hidden_reasons == HiddenReason.BY_MODERATORS
    assert not maps.site.on_map(maps.wren, SECOND).hidden_reasons
    maps.site.settle(maps.people["mod"], "nothing", "")
    assert not maps.site.on_map(maps.wren, FIRST).hidden_reasons


def test_a_decision_on_one_map_ends_no_hiding_on_another(maps: TwoMaps) -> None:
    mod = maps.people["mod"]
    for who in ("robin", "third"):
        maps.report(who, "wren", FIRST)
    case_decide.take(maps.site.session, mod.id, maps.case)
    ctx = Context(maps.site.session, maps.site.settings, AREAS, mod.id)
    case_decide.decide(ctx, maps.case, Decision("warn", REASON))
    assert maps.site.on_map(maps.wren, FIRST).hidden_reasons == HiddenReason.BY_MODERATORS


def test_a_suspension_hides_on_every_map(maps: TwoMaps) -> None:
    """The page of the decision and privacy rule 2 say that this can be seen on all at once."""
    maps.report("third", "wren", FIRST)
    maps.site.settle(maps.people["mod"], "suspend")
    for slug in (FIRST, SECOND):
        assert maps.site.on_map(maps.wren, slug).hidden_reasons == HiddenReason.BY_MODERATORS


@pytest.mark.both
def test_a_pseudonym_is_removed_wherever_its_map_keeps_it(maps: TwoMaps) -> None:
    first = maps.connect("robin", "wren", FIRST)
    maps.block("third", "wren", FIRST)
    maps.block("third", "wren", SECOND)
    maps.report("robin", "wren", FIRST)
    for slug in (FIRST, SECOND):
        placing.remove(maps.site.ctx, maps.wren.id, maps.site.condition(slug).id)
    page = maps.read("robin", [f"/conversations/{first}"])[f"/conversations/{first}"][1]
    assert NAMES["wren"][0] in page  # what they were called when they left the map
    maps.site.settle(maps.people["mod"], "remove")
    names = set(maps.site.session.scalars(select(ConversationSide.left_as)))
    assert names == {"", NAMES["wren"][1]}
    blocked = {who.pseudonym for who in my_blocks(maps.site.session, maps.people["third"].id)}
    assert blocked == {"", NAMES["wren"][1]}


@pytest.mark.both
def test_members_read_on_which_map_it_was(maps: TwoMaps) -> None:
    maps.report("third", "wren", FIRST)
    maps.site.settle(maps.people["mod"], "warn")
    name = maps.site.condition(FIRST).name
    assert name in maps.read("wren", ["/account/rulings"])["/account/rulings"][1]
    (told,) = maps.data("wren")["decisions"]
    assert told["condition"] == name
    reported = [one["condition"] for one in maps.data("third")["reports"]]
    assert reported == [maps.site.condition(slug).name for slug in (SECOND, FIRST)]


def test_the_log_of_decisions_names_cases_and_never_the_member(maps: TwoMaps) -> None:
    maps.report("third", "wren", FIRST)
    maps.site.settle(maps.people["mod"], "suspend")
    public_ids = {maps.id_on("wren", slug) for slug in (FIRST, SECOND)}
    for entry in maps.site.session.scalars(select(AuditEntry)):
        words = f"{entry.actor} {entry.reason} {entry.detail}"
        assert not any(one in words for one in {maps.wren.account_id, *public_ids})


@pytest.mark.both
@pytest.mark.parametrize("visibility", ["counted", None])
def test_what_is_written_for_everyone_names_nobody_who_is_not_listed(
    board: Board, visibility: str | None
) -> None:
    """The name of somebody who is only counted would tell that they are on the map."""
    mod, wren = board.moderator(), board.somebody("public", pseudonym="Wren")
    board.tell(wren)
    piece = board.case().public_id
    assert case_page(board.session, mod.id, piece).line.subject == "Wren"
    if visibility:
        board.place(wren, visibility)
    else:
        placing.remove(board.ctx, wren.id, board.condition_id)
    assert case_page(board.session, mod.id, piece).line.subject == ""


def test_each_case_stands_on_its_map(maps: TwoMaps, board: Board) -> None:
    maps.site.report_piece(maps.wren, "person", maps.id_on("robin", FIRST), "spam", FIRST)
    rows = maps.site.session.execute(select(Case.condition_id).order_by(Case.id))
    expected = [maps.site.condition(slug).id for slug in (SECOND, FIRST)]
    assert list(rows.scalars()) == expected
    maps.write("robin", "Please send 500 euros to my bank account")
    assert maps.site.case().condition_id == maps.site.condition(SECOND).id
    maps.wren.pseudonym = "Dapper Dove"
    maps.site.place(maps.wren, "public")
    board.tell(maps.wren)
    assert maps.site.case().condition_id == board.condition_id
