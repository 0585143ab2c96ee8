"""Pages of questions, answers and stories, as visitors and members see them."""

import re
import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mapapp.actions.core.context import Context
from mapapp.actions.knowledge import editorial_edit
from mapapp.actions.knowledge.post_list import ANSWERS_A_PAGE
from mapapp.actions.knowledge.post_write import Draft, change
from mapapp.actions.knowledge.question_list import add_reads, questions_of
from mapapp.actions.moderation import member_hide
from mapapp.domain.safety.reading_limits import MOST_PEOPLE
from mapapp.store.members import Member
from mapapp.store.posts import Post
from tests.domain.knowledge.test_editorial_file import GOOD
from tests.forms import form_to
from tests.paging import pages_of
from tests.posts import DAY, TEXT, Board
from tests.trust import AREAS

Login = Callable[..., FlaskClient]
PAGE = "/conditions/dystonia/questions/treatments"


@pytest.fixture(autouse=True)
def _asked(board: Board) -> None:
    assert board.question_id


@pytest.fixture
def wren(board: Board) -> Member:
    return board.somebody(pseudonym="Wren")


def _answer(**changes: object) -> dict[str, object]:
    given = {"text": TEXT, "role": "self", "years": "4", "named_to": "members"}
    return {**given, "key": str(uuid.uuid4()), **changes}


def test_a_member_answers_by_the_form_of_the_page(board: Board, wren: Member, login: Login) -> None:
    browser = login(wren)
    page = browser.get(f"{PAGE}/write")
    form = form_to(page.text, "")
    assert form.fields["role"] == "self"
    assert form.fields["named_to"] == "members"
    assert "indexed" not in form.fields  # not ticked
    made = browser.post(f"{PAGE}/write", data={**form.fields, "text": TEXT, "years": ""})
    assert (made.status_code, made.location) == (303, f"{PAGE}#answers")
    shown = browser.get(PAGE).text
    assert TEXT in shown
    assert "Change your answer" in shown
    assert browser.get(f"{PAGE}/write").location.endswith("/change")


def test_the_words_say_who_says_that_somebody_treats_it(
    board: Board, wren: Member, login: Login, app: Flask
) -> None:
    """Nobody checks it."""
    browser = login(wren)
    assert "I am a clinician" in browser.get(f"{PAGE}/write").text
    browser.post(f"{PAGE}/write", data=_answer(role="clinician"))
    for reader in (browser, app.test_client()):
        page = reader.get(f"{PAGE}/answers").text
        assert "Says they are a clinician, for 4 years" in page
        assert ">Clinician" not in page


def test_who_is_only_counted_is_offered_no_name(board: Board, login: Login) -> None:
    hidden = board.somebody("counted", pseudonym="Hidden Heron")
    form = form_to(login(hidden).get(f"{PAGE}/write").text, "")
    assert form.fields["named_to"] == "nobody"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text": "short"}, "20 to 5,000"),
        ({"role": ""}, "Choose your connection to it"),
        ({"years": "200"}, "0 to 120"),
        ({"years": "many"}, "Not a valid integer"),
        ({"named_to": "all"}, "Not a valid choice"),
        ({"key": "x"}, "not complete"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    board: Board, wren: Member, login: Login, changes: dict[str, object], words: str
) -> None:
    sent = _answer(**{"text": TEXT + " Saved.", **changes})
    page = login(wren).post(f"{PAGE}/write", data=sent)
    assert page.status_code == 400
    assert words in page.text
    assert str(sent["text"]) in page.text
    assert board.read(wren) == []


def test_visitors_find_what_its_writer_allowed_and_members_all(
    board: Board, wren: Member, client: FlaskClient, app: Flask, login: Login
) -> None:
    board.write(wren, "Only for people who come to this page.")
    board.write(board.somebody(), "Everybody may find this with an engine.", indexed=True)
    board.session.commit()
    page = client.get(PAGE)
    assert "X-Robots-Tag" not in page.headers
    assert "with an engine" in page.text
    assert "Only for people" not in page.text
    everything = client.get(f"{PAGE}/answers")
    assert everything.headers["X-Robots-Tag"] == "noindex"
    assert "Only for people" in everything.text
    assert "Only for people" in login(wren, on=app.test_client()).get(PAGE).text


def test_nobody_gets_a_cookie_for_reading(board: Board, wren: Member, app: Flask) -> None:
    board.write(wren, indexed=True)
    board.session.commit()
    app.config["WTF_CSRF_ENABLED"] = True  # a form for a visitor would need one
    of_condition = ("", "/questions", "/stories", "/treatments", "/questions/treatments")
    paths = [f"/conditions/dystonia{end}" for end in of_condition]
    for path in (*paths, f"{PAGE}/answers", "/questions?q=walk", "/conditions/gout/questions"):
        answer = app.test_client().get(path)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers, path


def test_the_best_known_questions_stand_first(board: Board, wren: Member) -> None:
    editorial_edit.take(board.session, wren.id, board.condition_id, "sleep")
    editorial_edit.take(board.session, wren.id, board.condition_id, "diet")
    sleep = next(q.id for q in questions_of(board.session, board.condition_id) if q.slug == "sleep")
    add_reads(board.session, {sleep: 3})
    board.write(wren)
    found = [q.slug for q in questions_of(board.session, board.condition_id)]
    assert found == ["treatments", "sleep", "diet"]


def test_voting_works_by_form_and_comes_back_to_the_answer(
    board: Board, wren: Member, login: Login
) -> None:
    board.write(wren)
    piece = board.post_of(wren).public_id
    browser = login(board.somebody())
    form = form_to(browser.get(f"{PAGE}/answers").text, f"/posts/{piece}/vote")
    made = browser.post(form.action, data={**form.fields, "helpful": "yes"})
    assert made.location == f"{PAGE}/answers#post-{piece}"
    shown = browser.get(f"{PAGE}/answers").text
    assert 'value="none" aria-pressed="true"' in shown
    assert browser.post(form.action, data={"helpful": "very"}).status_code == 400
    away = browser.post(form.action, data={"helpful": "no", "next": "//evil.example"})
    assert away.location == f"/#post-{piece}"
    board.session.rollback()
    board.check()


@pytest.mark.both
@pytest.mark.parametrize("is_member", [False, True])
def test_the_order_and_the_ground_can_be_chosen(
    board: Board, wren: Member, client: FlaskClient, login: Login, is_member: bool
) -> None:
    board.write(wren)
    board.write(board.somebody(), "My son rests after school, every day.", role="parent")
    board.session.commit()
    if is_member:
        login(board.somebody())
    for order in ("", "&order=newest"):
        assert TEXT not in client.get(f"{PAGE}/answers?role=parent{order}").text
    newest = client.get(f"{PAGE}/answers?order=newest").text
    assert newest.index("My son") < newest.index(TEXT)
    for wrong in ("order=oldest", "role=organisation", "page=-1", "page=x"):
        assert client.get(f"{PAGE}/answers?{wrong}").status_code in (400, 404)


@pytest.mark.both
def test_long_lists_have_pages(board: Board, client: FlaskClient) -> None:
    for _ in range(ANSWERS_A_PAGE + 1):
        board.write(board.somebody(), indexed=True)
    board.session.commit()
    for path in (PAGE, f"{PAGE}/answers"):
        counts = [page.count('<li class="post"') for page in pages_of(client, path)]
        assert counts == [ANSWERS_A_PAGE, 1]


def test_beyond_the_limit_texts_stay_and_names_go(board: Board, client: FlaskClient) -> None:
    """Privacy rule 6: nobody reads more people's names in a day than the limit."""
    for n in range(MOST_PEOPLE + 2):
        board.write(board.somebody(pseudonym=f"Bird {n}x"), f"This is what helps me, {n}.")
    board.session.commit()
    for post in board.session.query(Post):
        post.named_to = "public"
    board.session.commit()
    shown = "".join(pages_of(client, f"{PAGE}/answers"))
    assert len(set(re.findall(r"Bird \d+x", shown))) == MOST_PEOPLE
    assert len(set(re.findall(r"helps me, \d+\.", shown))) == MOST_PEOPLE + 2
    assert "no new names are shown" in shown


def test_the_page_of_a_report_is_no_way_to_a_name(board: Board, wren: Member, login: Login) -> None:
    board.write(wren, named_to="public")
    page = login(board.somebody()).get(f"/report/answer/{board.post_of(wren).public_id}").text
    assert TEXT in page
    assert "Wren" not in page


@pytest.mark.both
def test_one_changes_and_deletes_on_ones_own_page(board: Board, wren: Member, login: Login) -> None:
    board.write(wren)
    piece = board.post_of(wren).public_id
    browser = login(wren)
    assert TEXT in browser.get("/account/posts").text
    sent = _answer(text=TEXT + " And I swim.", named_to="nobody")
    assert browser.post(f"/posts/{piece}/change", data=sent).status_code == 303
    page = browser.get("/account/posts").text
    assert "And I swim" in page
    assert ("Your change is saved." in page, "Someone will be glad" in page) == (True, False)
    assert browser.post(f"/posts/{piece}/delete").location == "/account/posts"
    assert "Nothing yet" in browser.get("/account/posts").text
    assert browser.get(f"/posts/{piece}/change").status_code == 404


def test_earlier_versions_can_be_read(board: Board, wren: Member, client: FlaskClient) -> None:
    board.write(wren)
    piece = board.post_of(wren).public_id
    new = Draft("I swim on my back, twice a week.", "self", "members")
    change(board.session, wren.id, piece, new, DAY.replace(day=30))
    board.session.commit()
    assert f'href="/posts/{piece}/versions"' in client.get(f"{PAGE}/answers").text
    assert TEXT in client.get(f"/posts/{piece}/versions").text
    member_hide.hide_everywhere(Context(board.session, board.settings, AREAS), wren.id)
    board.session.commit()
    assert client.get(f"/posts/{piece}/versions").status_code == 404


def test_a_story_is_written_read_and_shown(
    board: Board, wren: Member, mod: Member, login: Login, client: FlaskClient, app: Flask
) -> None:
    browser = login(wren, on=app.test_client())
    sent = _answer(title="A year of looking", text=TEXT * 6)
    assert browser.post("/conditions/dystonia/stories/write", data=sent).status_code == 303
    piece = board.post_of(wren).public_id
    board.session.rollback()
    assert client.get(f"/conditions/dystonia/stories/{piece}").status_code == 404
    assert "Waiting for a moderator" in browser.get("/account/posts").text
    board.settle(mod, "nothing", reason="")
    board.session.commit()
    assert "A year of looking" in client.get("/conditions/dystonia/stories").text
    assert client.get(f"/conditions/dystonia/stories/{piece}").status_code == 200
    assert client.get(f"/conditions/gout/stories/{piece}").status_code == 404


def test_words_of_distress_lead_to_people_who_listen(
    board: Board, wren: Member, login: Login
) -> None:
    sent = _answer(text="Some nights I want to kill myself, and then it is morning.")
    browser = login(wren)
    led = browser.post(f"{PAGE}/write", data=sent).location
    assert led == "/helplines"  # and the address does not say why
    assert "We did not change your words" in browser.get(led).text


def test_a_question_is_taken_or_asked(board: Board, wren: Member, login: Login) -> None:
    browser = login(wren)
    index = "/conditions/dystonia/questions"
    taken = browser.post(f"{index}/sleep/take")
    assert browser.get(taken.location).status_code == 200
    assert browser.post(f"{index}/no-such/take").status_code == 404
    refused = browser.post(index, data={"question": "Why?"})
    assert refused.status_code == 400
    assert 'value="Why?"' in refused.text
    asked = browser.post(index, data={"question": "Does swimming help anybody here?"})
    assert asked.status_code == 303
    assert "Does swimming" not in browser.get(index).text


def test_what_the_editors_say_stands_first(board: Board, mod: Member, client: FlaskClient) -> None:
    editorial_edit.publish(board.session, mod.id, board.question_id, GOOD, "")
    board.session.commit()
    page = client.get(PAGE).text
    assert page.index("What the editors say") < page.index("What people say")
    for words in ("No clinician has reviewed this yet", "not medical advice", 'id="source-nhs"'):
        assert words in page
    assert "Overdue" not in page
