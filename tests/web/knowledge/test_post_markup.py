"""Answers and stories are text on every page that shows them, never markup."""

from collections.abc import Callable
from html.parser import HTMLParser

from flask.testing import FlaskClient

from mapapp.actions.knowledge.post_display import recount
from mapapp.store.members import Member
from mapapp.store.posts import Post
from mapapp.web.knowledge.condition_views import RARE_BELOW
from tests.injections import PAYLOADS, harmless, packed
from tests.posts import DAY, Board

Login = Callable[..., FlaskClient]
PAGE = "/conditions/dystonia/questions/treatments"


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
    for _ in range(RARE_BELOW):  # the page of a map with few people has another shape
        board.somebody()
    texts = packed([p for p in PAYLOADS if "\n" not in p], 900)
    for n, text in enumerate(texts):
        for words in (text, harmless(text)):
            who = board.somebody(pseudonym="Wren")
            written = f"{words} and more words.\n\n- {words}\n- One more line."
            board.write(who, written, named_to="public", indexed=True)
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


def test_an_empty_story_is_told_all_that_is_missing_at_once(board: Board, login: Login) -> None:
    browser = login(board.somebody())
    address = "/conditions/dystonia/stories/write"
    board.condition()
    assert "5 to 100 characters." in browser.get(address).text
    for text, said in (("", "Write something first."), ("Too short.", "A story has 200 to")):
        answer = browser.post(address, data={"title": "", "text": text})
        assert answer.status_code == 400
        for words in (said, "Give it a title of 5 to 100 characters."):
            assert f'<p class="error">{words}' in answer.text or f'-error">{words}' in answer.text
