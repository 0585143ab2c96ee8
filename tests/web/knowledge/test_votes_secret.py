"""Nobody sees who voted for what, as the page about privacy promises."""

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from mapapp.store.members import Member
from tests.posts import Board

PAGES = ("/conditions/dystonia/questions/treatments", "/conditions/dystonia", "/account/data")


def test_readers_see_the_same_whoever_voted(
    board: Board, app: Flask, login: Callable[..., FlaskClient]
) -> None:
    names = ("Wren", "Robin", "Heron", "Otter")
    writer, one, other, reader = (board.somebody(pseudonym=name) for name in names)
    board.write(writer)
    browsers = [login(who, on=app.test_client()) for who in (writer, reader)]

    def _read() -> list[str]:
        board.session.commit()
        texts = [browser.get(page).text for browser in browsers for page in PAGES]
        return [re.sub(r'name="csrf_token"[^>]*>', "", text) for text in texts]

    def _read_after_the_vote_of(who: Member) -> list[str]:
        board.vote(who, writer)
        read = _read()
        board.vote(who, writer, None)
        return read

    nobody, first = _read(), _read_after_the_vote_of(one)
    assert first != nobody
    assert _read_after_the_vote_of(other) == first
