"""Looking a person up without a report: who is shown on a map, for a reason, on that map."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.actions.moderation.case_queue import numbers
from mapapp.actions.moderation.case_read import case_page, read_evidence
from mapapp.actions.moderation.person_look_up import look_up
from mapapp.errors import BadInputError, LimitError, NotAllowedError, NotFoundError
from mapapp.store.members import Member
from mapapp.store.moderation import Case
from mapapp.store.records import AuditEntry
from tests.moderation import REASON, Site

WHY = "Their pseudonym is a telephone number."


def _look(site: Site, who: Member, address: str, category: str = "other", why: str = WHY) -> str:
    site.session.flush()
    ctx = Context(site.session, site.settings, reader_id=who.id)
    return look_up(ctx, address, category, why)


@pytest.mark.both
def test_it_opens_a_case_that_is_taken_with_what_the_map_shows(site: Site, mod: Member) -> None:
    wren = site.somebody("map", pseudonym="Wren")
    number = site.on_map(wren).public_id
    case_id = _look(site, mod, f"https://map.example/members/{number.upper()}/connect?x=1")
    page = case_page(site.session, mod.id, case_id)
    assert (page.line.state, page.line.is_mine, page.line.is_looked_up) == ("taken", True, True)
    assert (page.line.subject, page.said) == ("Wren", {})
    assert [note.text for note in page.notes] == [WHY]
    evidence = read_evidence(site.session, mod.id, case_id)
    assert evidence.keys() == {"pseudonym", "role", "languages", "condition", "area"}
    assert evidence["pseudonym"] == "Wren"
    entries = site.session.execute(select(AuditEntry.action, AuditEntry.reason, AuditEntry.detail))
    logged = [tuple(entry) for entry in entries if entry.action == "case-look-up"]
    assert logged == [("case-look-up", WHY, json.dumps({"case": case_id}))]
    assert number not in json.dumps([tuple(entry) for entry in logged])


@pytest.mark.both
def test_it_does_not_make_the_queue_look_faster(site: Site, mod: Member) -> None:
    site.report(site.somebody(), site.somebody())
    site.take(mod)
    case = site.case()
    case.opened -= timedelta(hours=3)
    for _ in range(2):
        _look(site, mod, site.on_map(site.somebody()).public_id)
    first_act = numbers(site.session, mod.id).first_act
    assert first_act is not None
    assert timedelta(hours=3) <= first_act < timedelta(hours=4)


def test_what_is_decided_is_told_as_ever_and_can_be_appealed(site: Site, mod: Member) -> None:
    wren = site.somebody()
    _look(site, mod, site.on_map(wren).public_id)
    site.decide(mod, "remove")
    assert site.ruling().member_id == wren.id
    assert site.on_map(wren).pseudonym == ""
    assert site.ruling().reason == REASON


def test_nobody_is_found_who_is_not_shown(site: Site, mod: Member) -> None:
    hidden = site.somebody("counted")
    for number in (
        site.on_map(hidden).public_id,
        hidden.account_id,
        site.somebody().account_id,
        "00000000-0000-4000-8000-000000000000",
    ):
        with pytest.raises(NotFoundError) as refusal:
            _look(site, mod, number)
        assert str(refusal.value) == "Nobody who is shown on a map has this number."
    with pytest.raises(BadInputError):
        _look(site, mod, "Wren")
    assert site.session.scalars(select(Case)).all() == []


def test_a_map_tells_nothing_of_another(site: Site, mod: Member) -> None:
    wren = site.somebody(pseudonym="Wren")
    wren.pseudonym = "Otter"
    site.place(wren, "members", "gout")
    first = _look(site, mod, site.on_map(wren).public_id)
    site.decide(mod, "warn")
    second = _look(site, mod, site.on_map(wren, "gout").public_id)
    page = case_page(site.session, mod.id, second)
    assert (page.line.subject, page.before) == ("Otter", {})
    assert first != second
    assert "Wren" not in json.dumps(read_evidence(site.session, mod.id, second))


def test_a_reason_and_a_category_are_needed(site: Site, mod: Member) -> None:
    number = site.on_map(site.somebody()).public_id
    with pytest.raises(BadInputError):
        _look(site, mod, number, why="no")
    with pytest.raises(BadInputError):
        _look(site, mod, number, category="held")


def test_nobody_acts_on_themselves_or_on_whom_they_talk_with(site: Site) -> None:
    mod, friend = site.somebody(staff="moderator"), site.somebody()
    site.conversation(mod, friend)
    with pytest.raises(NotFoundError):
        _look(site, mod, site.on_map(mod).public_id)
    with pytest.raises(NotAllowedError):
        _look(site, mod, site.on_map(friend).public_id)


def test_a_case_that_waits_is_taken_and_one_that_is_taken_stays(site: Site, mod: Member) -> None:
    wren, other = site.somebody(), site.moderator()
    site.report(site.somebody(), wren)
    waits = site.case().public_id
    assert _look(site, mod, site.on_map(wren).public_id) == waits
    assert site.case().taken_by == mod.account_id
    assert _look(site, other, site.on_map(wren).public_id, why="I saw it as well.") == waits
    assert site.case().taken_by == mod.account_id
    notes = case_page(site.session, mod.id, waits).notes
    assert [note.text for note in notes] == [WHY, "I saw it as well."]


def test_twenty_people_a_day(site: Site, mod: Member) -> None:
    people = [site.on_map(site.somebody()).public_id for _ in range(quotas.LOOK_UPS.most + 1)]
    for number in people[:-1]:
        _look(site, mod, number)
    with pytest.raises(LimitError):
        _look(site, mod, people[-1])
