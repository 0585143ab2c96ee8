"""Pages of questions, answers and stories, as visitors and members meet them."""

import re
import uuid
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mapapp.actions import editing, hide
from mapapp.actions.post_lists import ANSWERS_A_PAGE
from mapapp.actions.posts import recount
from mapapp.actions.questions import add_reads, questions_of
from mapapp.actions.writing import Draft, change
from mapapp.domain.reading import MOST_PEOPLE
from mapapp.store.members import Member
from mapapp.store.posts import Post
from mapapp.store.questions import Question
from mapapp.web.reads import PART, Reads
from tests.domain.test_content_files import GOOD
from tests.injections import PAYLOADS, harmless, packed
from tests.posts import DAY, TEXT, Board
from tests.trust import AREAS, form_to

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


def test_who_is_only_counted_is_offered_no_name(board: Board, login: Login) -> None:
    hidden = board.somebody("counted", pseudonym="Hidden Heron")
    form = form_to(login(hidden).get(f"{PAGE}/write").text, "")
    assert form.fields["named_to"] == "nobody"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text": "short"}, "20 to 5,000"),
        ({"role": ""}, "Choose on what ground you speak"),
        ({"years": "200"}, "0 to 120"),
        ({"years": "many"}, "Not a valid integer"),
        ({"named_to": "all"}, "Not a valid choice"),
        ({"key": "x"}, "not complete"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    board: Board, wren: Member, login: Login, changes: dict[str, object], words: str
) -> None:
    sent = _answer(**{"text": TEXT + " Kept.", **changes})
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


def test_reads_are_written_in_parts(board: Board, client: FlaskClient) -> None:
    board.session.commit()
    for _ in range(PART + 3):
        client.get(PAGE)
    client.head(PAGE)
    board.session.rollback()
    assert board.session.get_one(Question, board.question_id).reads == PART


def test_a_process_keeps_reads_until_they_are_worth_writing() -> None:
    reads = Reads()
    assert [reads.add(n % 2) for n in range(PART - 1)] == [{}] * (PART - 1)
    assert reads.add(7) == {0: PART // 2, 1: PART // 2, 7: 1}
    assert reads.add(7) == {}


def test_the_best_known_questions_stand_first(board: Board, wren: Member) -> None:
    editing.take(board.session, wren.id, board.condition_id, "sleep")
    editing.take(board.session, wren.id, board.condition_id, "diet")
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


def test_the_order_and_the_ground_can_be_chosen(
    board: Board, wren: Member, client: FlaskClient
) -> None:
    board.write(wren)
    board.write(board.somebody(), "My son rests after school, every day.", role="parent")
    board.session.commit()
    assert TEXT not in client.get(f"{PAGE}/answers?role=parent").text
    newest = client.get(f"{PAGE}/answers?order=newest").text
    assert newest.index("My son") < newest.index(TEXT)
    for wrong in ("order=oldest", "role=organisation", "page=0", "page=9"):
        assert client.get(f"{PAGE}/answers?{wrong}").status_code in (400, 404)


def test_long_lists_have_pages(board: Board, client: FlaskClient) -> None:
    for _ in range(ANSWERS_A_PAGE + 1):
        board.write(board.somebody(), indexed=True)
    board.session.commit()
    for path in (PAGE, f"{PAGE}/answers"):
        assert client.get(path).text.count('<li class="post"') == ANSWERS_A_PAGE
        assert client.get(f"{path}?page=2").text.count('<li class="post"') == 1


def test_beyond_the_limit_texts_stay_and_names_go(board: Board, client: FlaskClient) -> None:
    """Rule 6 of the privacy rules: nobody reads the names of more than so many people a day."""
    for n in range(MOST_PEOPLE + 2):
        board.write(board.member(pseudonym=f"Bird {n}x"), f"This is what helps me, {n}.")
    board.session.commit()
    for post in board.session.query(Post):
        post.named_to = "public"
    board.session.commit()
    pages = range(1, (MOST_PEOPLE + 1) // ANSWERS_A_PAGE + 2)
    shown = "".join(client.get(f"{PAGE}/answers?page={n}").text for n in pages)
    assert len(set(re.findall(r"Bird \d+x", shown))) == MOST_PEOPLE
    assert len(set(re.findall(r"helps me, \d+\.", shown))) == MOST_PEOPLE + 2
    assert "no new names are shown" in shown


def test_the_page_of_a_report_is_no_way_to_a_name(board: Board, wren: Member, login: Login) -> None:
    board.write(wren, named_to="public")
    page = login(board.somebody()).get(f"/report/answer/{board.post_of(wren).public_id}").text
    assert TEXT in page
    assert "Wren" not in page


def test_one_changes_and_deletes_on_ones_own_page(board: Board, wren: Member, login: Login) -> None:
    board.write(wren)
    piece = board.post_of(wren).public_id
    browser = login(wren)
    assert TEXT in browser.get("/account/posts").text
    sent = _answer(text=TEXT + " And I swim.", named_to="nobody")
    assert browser.post(f"/posts/{piece}/change", data=sent).status_code == 303
    assert "And I swim" in browser.get("/account/posts").text
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
    hide.hide_everywhere(board.session, board.settings, AREAS, wren.id)
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
    assert "Waits for a moderator" in browser.get("/account/posts").text
    board.settle(mod, "nothing", reason="")
    board.session.commit()
    assert "A year of looking" in client.get("/conditions/dystonia/stories").text
    assert client.get(f"/conditions/dystonia/stories/{piece}").status_code == 200
    assert client.get(f"/conditions/gout/stories/{piece}").status_code == 404


def test_words_of_distress_lead_to_people_who_listen(
    board: Board, wren: Member, login: Login
) -> None:
    sent = _answer(text="Some nights I want to kill myself, and then it is morning.")
    assert login(wren).post(f"{PAGE}/write", data=sent).location.startswith("/helplines")


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
    editing.publish(board.session, mod.id, board.question_id, GOOD, "")
    board.session.commit()
    page = client.get(PAGE).text
    assert page.index("What the editors say") < page.index("What people say")
    for words in ("No clinician has reviewed this yet", "not medical advice", 'id="source-nhs"'):
        assert words in page
    assert "Overdue" not in page


class _Elements(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(sorted(name for name, _value in attrs))))


def test_nothing_that_people_write_is_markup(
    board: Board, mod: Member, client: FlaskClient
) -> None:
    """Each page has the same elements as with harmless words of the same shape."""
    pages = {}
    texts = packed([p for p in PAYLOADS if "\n" not in p], 900)
    for n, text in enumerate(texts):
        for words in (text, harmless(text)):
            who = board.somebody(pseudonym="Wren")
            board.write(who, words + " and more words.", named_to="public", indexed=True)
            post = board.post_of(who)
            post.state, post.speaks_of_cure = "sent", False  # whatever it speaks of
            recount(board.session, [board.question_id])
            story = Post(condition_id=board.condition_id, member_id=who.id, title=words[:100])
            story.text, story.role, story.named_to = words * 2, "self", "public"
            story.state, story.day, story.indexed = "sent", DAY, True
            board.session.add(story)
            board.session.commit()
            pages[words == text, n] = [
                client.get(path).text
                for path in (
                    PAGE,
                    f"{PAGE}/answers",
                    "/conditions/dystonia/stories",
                    f"/conditions/dystonia/stories/{story.public_id}",
                    "/conditions/dystonia",
                )
            ]
            board.session.delete(story)
            board.session.delete(post)
            board.session.commit()
    for n in range(len(texts)):
        for dangerous, plain in zip(pages[True, n], pages[False, n], strict=True):
            assert _Elements(dangerous).found == _Elements(plain).found
