"""Pages for moderators: the queue, and a case from taking it to the appeal."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mapapp.actions.core.context import Context
from mapapp.actions.knowledge.post_write import change
from mapapp.actions.moderation.appeal import make_appeal
from mapapp.store.members import Member
from mapapp.store.records import AuditEntry
from tests.forms import actions, texts_shown
from tests.moderation import APPEAL, REASON, Site
from tests.posts import DRAFT, TEXT, Board

Login = Callable[..., FlaskClient]


@pytest.fixture
def wren(site: Site) -> Member:
    return site.somebody("public", pseudonym="Wren", email="wren@somewhere.example")


@pytest.fixture
def case(site: Site, wren: Member) -> str:
    """A message that was reported, with ten others around it."""
    robin = site.somebody(pseudonym="Reporting Robin")
    conversation = site.conversation(wren, robin)
    sent = [
        site.message(conversation, (wren, robin)[n % 2], f"words number {n}.") for n in range(11)
    ]
    site.report_piece(robin, "message", sent[4].public_id, "harassment")
    return f"/moderation/{site.case().public_id}"


def _acts(site: Site) -> list[str]:
    site.session.rollback()
    return list(site.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def _words(page: str) -> list[str]:
    return re.findall(r"words number \d+", page)


def test_an_empty_queue_says_so(mod: Member, login: Login) -> None:
    browser = login(mod)
    page = browser.get("/moderation").text
    assert "Nothing is waiting" in page
    assert page.count('aria-current="page"') == 1
    for state in ("taken", "resolved", "appealed"):
        assert browser.get(f"/moderation?state={state}").status_code == 200
    for wrong in ("state=moon", "page=-1", "page=x"):
        assert browser.get(f"/moderation?{wrong}").status_code == 400
    assert "Nothing is waiting" in browser.get("/moderation?page=9").text
    assert browser.get("/moderation/nothing").status_code == 404


def test_the_queue_tells_what_waits_and_not_who_reported(
    case: str, mod: Member, login: Login
) -> None:
    page = login(mod).get("/moderation").text
    assert f'href="{case}"' in page
    for shown in ("Harasses or threatens", "A message", "Wren", "1 report"):
        assert shown in page
    assert "Reporting Robin" not in page


def test_what_was_reported_is_read_after_taking_and_no_more_than_three_around_it(
    site: Site, case: str, mod: Member, login: Login
) -> None:
    browser = login(mod)
    assert _words(browser.get(case).text) == []
    assert _acts(site) == []
    assert browser.post(f"{case}/take").location == case
    page = browser.get(case).text
    assert _words(page) == [f"words number {n}" for n in range(1, 8)]
    assert "Reporting Robin" not in page
    assert _acts(site) == ["case-take", "case-read"]
    browser.get(case)
    assert _acts(site)[-2:] == ["case-read", "case-read"]


@pytest.mark.both
def test_of_a_story_a_moderator_reads_all_that_others_will(
    site: Site, mod: Member, login: Login
) -> None:
    board = Board(site.session, site.settings)
    wren, robin = board.somebody(pseudonym="Wren"), board.somebody()
    board.tell(wren)
    board.settle(mod, "nothing", reason="")
    story = board.post_of(wren)
    board.report_piece(robin, "story", story.public_id)
    new = replace(DRAFT, title="Another title", text="w" * 200)
    change(board.session, wren.id, story.public_id, new)
    board.session.commit()
    browser, case = login(mod), f"/moderation/{board.case().public_id}"
    assert "w" * 200 not in browser.get(case).text
    browser.post(f"{case}/take")
    page = browser.get(case).text
    for shown in ("A story", "My first year", "Another title", "w" * 200, TEXT, "Dystonia"):
        assert shown in page, shown


def test_nobody_else_reads_it(app: Flask, site: Site, case: str, mod: Member, login: Login) -> None:
    login(mod).post(f"{case}/take")
    other = login(site.moderator(), on=app.test_client())
    page = other.get(case).text
    assert _words(page) == []
    assert "Someone else has taken it" in page
    assert other.post(f"{case}/decide", data={"act": "warn", "reason": REASON}).status_code == 403
    assert other.post(f"{case}/take").status_code == 404
    assert _acts(site) == ["case-take"]
    assert other.post(f"{case}/give-back").status_code == 303


@pytest.mark.both
def test_deciding(site: Site, case: str, wren: Member, mod: Member, login: Login) -> None:
    browser = login(mod)
    browser.post(f"{case}/take")
    done = browser.post(f"{case}/decide", data={"act": "silence", "days": "7", "reason": REASON})
    assert done.location == "/moderation"
    assert _acts(site)[-1] == "case-silence"
    page = browser.get(case).text
    assert REASON in page
    assert _words(page) == []
    assert "Silence for a time" in browser.get("/moderation?state=resolved").text
    assert browser.post(f"{case}/decide", data={"act": "warn", "reason": REASON}).status_code == 404


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"act": "warn"},
        {"act": "warn", "reason": "short"},
        {"act": "nothing", "reason": "short"},
        {"act": "banish", "reason": REASON},
        {"act": "silence", "days": "365", "reason": REASON},
        {"act": "warn", "reason": "x" * 2001},
    ],
)
def test_a_refused_form_keeps_what_was_typed_and_its_reading_is_written_down(
    site: Site, case: str, mod: Member, login: Login, data: dict[str, str]
) -> None:
    browser = login(mod)
    browser.post(f"{case}/take")
    answer = browser.post(f"{case}/decide", data=data)
    assert answer.status_code == 400
    assert 'class="error"' in answer.text
    assert data.get("reason", "") in answer.text
    assert len(_words(answer.text)) == 7
    assert _acts(site) == ["case-take", "case-read"]
    assert site.case().state == "taken"


def test_an_appeal_is_decided_by_another(
    app: Flask, site: Site, case: str, wren: Member, mod: Member, login: Login
) -> None:
    site.settle(mod, "suspend")
    other = site.moderator()
    make_appeal(site.session, wren.id, site.ruling().public_id, APPEAL)
    first, second = login(mod), login(other, on=app.test_client())
    page = first.get(case).text
    assert "Another moderator must decide on the appeal" in page
    assert (_words(page), f"{case}/close" in actions(page)) == ([], False)
    form = {"outcome": "lifted", "reason": "You are right. We are sorry."}
    assert first.post(f"{case}/close", data=form).status_code == 403
    page = second.get(case).text
    assert APPEAL in page
    assert len(_words(page)) == 7
    refused = second.post(f"{case}/close", data={"outcome": "lifted", "reason": ""})
    assert refused.status_code == 400
    assert second.post(f"{case}/close", data=form).status_code == 303
    assert not site.now(wren).suspended
    assert _acts(site)[-1] == "case-lifted"


def test_a_held_message_says_what_no_action_does(
    site: Site, wren: Member, mod: Member, login: Login
) -> None:
    site.held(site.conversation(wren, site.somebody()), wren, "send me money")
    case = f"/moderation/{site.case().public_id}"
    browser = login(mod)
    assert "noticed by the site" in browser.get(case).text
    browser.post(f"{case}/take")
    page = browser.get(case).text
    for shown in ("send me money", "delivers it", "mentions money"):
        assert shown in page


def test_evidence_of_every_kind_is_shown_in_words(
    site: Site, wren: Member, mod: Member, login: Login
) -> None:
    robin = site.somebody()
    site.report(robin, wren, "cure")
    person = site.case().public_id
    site.report_piece(robin, "knock", site.knock(wren, robin).public_id)
    knock = site.case().public_id
    browser = login(mod)
    for case, shown in (
        (person, ("Lives with it", "English", "Dystonia", "United Kingdom")),
        (knock, ("I would like to meet people near me", "I would be glad to hear from you")),
    ):
        browser.post(f"/moderation/{case}/take")
        page = browser.get(f"/moderation/{case}").text
        assert all(words in page for words in shown), page


def test_somebody_who_left_has_no_name(
    site: Site, wren: Member, case: str, mod: Member, login: Login
) -> None:
    from mapapp.actions.account.member_erase import erase_member

    erase_member(Context(site.session, site.settings), wren.id)
    browser = login(mod)
    assert "someone who has left" in browser.get("/moderation").text
    browser.post(f"{case}/take")
    page = browser.get(case).text
    assert "All you can do is close the case" in page
    assert "Wren" not in page
    assert browser.post(f"{case}/decide", data={"act": "nothing", "days": "7"}).status_code == 303


def test_moderators_see_no_address_and_nobody_hidden(
    site: Site, wren: Member, case: str, mod: Member, login: Login
) -> None:
    site.place(wren, "counted", "als")
    site.settle(mod, "warn")
    make_appeal(site.session, wren.id, site.ruling().public_id, APPEAL)
    browser = login(mod)
    for path in ("/moderation", "/moderation?state=appealed", case):
        page = browser.get(path).text.split("<main")[1]
        for secret in ("somewhere.example", "Als", "als</", wren.public_id):
            assert secret not in page, path


def test_words_of_members_are_text(site: Site, wren: Member, mod: Member, login: Login) -> None:
    site.on_map(wren).pseudonym = "<b>${7*7}</b>{{7*7}}"
    robin = site.somebody()
    sent = site.message(
        site.conversation(wren, robin), wren, "<script>alert(1)</script>{{7*1910191}}"
    )
    site.report_piece(robin, "message", sent.public_id)
    case = f"/moderation/{site.case().public_id}"
    browser = login(mod)
    browser.post(f"{case}/take")
    page = browser.get(case).text
    assert "<script>alert" not in page
    assert "13371337" not in page
    assert "&lt;b&gt;${7*7}&lt;/b&gt;{{7*7}}" in page


def test_the_admins_log_tells_it_in_words(site: Site, case: str, mod: Member, login: Login) -> None:
    site.settle(mod, "warn")
    page = login(site.member(staff=True)).get("/admin").text
    for shown in ("decided: warned", "took a case", "Mod", REASON, 'href="/moderation"'):
        assert shown in page


@pytest.mark.parametrize("act", ["decide", "close"])
@pytest.mark.parametrize("reason", ["too bad", REASON])
def test_a_reason_survives_that_the_case_has_changed(
    case: str, mod: Member, login: Login, act: str, reason: str
) -> None:
    """It was put back by another moderator: the page has no form any more."""
    sent = {"act": "warn", "days": "7", "outcome": "upheld", "reason": reason}
    answer = login(mod).post(f"{case}/{act}", data=sent)
    assert answer.status_code == 404
    assert "this case has changed" in answer.text
    assert texts_shown(answer.text) == {"reason": reason}
