"""Attacks on what a site leaves behind, by somebody who takes all its files away.

They have the logs, what programs wrote to the terminal, the database with its journal and the free
parts of its pages, temporary files, and what Python prints when it crashes. People have left words
of their own in every field and header, on pages that worked, that refused them and that broke.
"""

import faulthandler
import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from flask import Flask
from sqlalchemy import text

from mapapp.actions.operations.upkeep import after_erasing
from tests.attacks.duel import Attack, Outcome
from tests.attacks.many_maps import ManyMaps
from tests.attacks.members_made import joined, send
from tests.attacks.target import SOME_NETWORK, Target
from tests.databases import stored
from tests.forms import place_form

HOUR = 3_600
KEPT_IN_DEVELOPMENT = "sent-mail.jsonl"
"""A copy of mail, which no other site has."""
BREAKS = ("post", "quota", "membership")
"""Tables that are taken away for a moment, so that pages fail with people's words at hand."""
LETTERS = str.maketrans("0123456789", "ghijklmnop")
"""A name with many digits would be refused."""
SEED = 10


@dataclass(frozen=True)
class Canary:
    """Somebody whose every word can be known again."""

    word: str

    @property
    def address(self) -> str:
        """Their email address."""
        return f"{self.word}@{self.word}.example"

    @property
    def network(self) -> str:
        """Where they come from."""
        number = random.Random(self.word).getrandbits(32)
        return f"2001:db8:{number >> 16:x}:{number & 0xFFFF:x}::5"

    def is_in(self, data: bytes) -> bool:
        """Whether anything of theirs is there."""
        return self.word.encode() in data or self.network.encode() in data


def _asks(target: Target, one: Canary, slug: str) -> None:
    """Say the words wherever something can be said, on pages that answer or refuse."""
    browser, word = target.visitor(one.network, None), one.word
    headers = {"user_agent": word, "referer": f"https://{word}.example/{word}", "x_any": word}
    for path in (
        f"/conditions?q={word}",
        f"/{word}?{word}={word}",
        f"/conditions/{word}",
        f"/posts/{word}/versions",
        f"/members/{word}/connect?condition={word}",
        f"/conditions/{slug}/nearby?at={word}",
        f"/sign-in/link/{word}",
        f"/sign-in?next=/{word}",
    ):
        browser.get(path, **headers)
    browser.post("/sign-in", {"email": one.address, "csrf_token": word}, **headers)
    send(browser, "/sign-in", {"email": one.address})
    send(browser, f"/conditions/{slug}/nearby", {"town": word}, to=f"/conditions/{slug}/nearby")
    send(browser, f"/conditions/{slug}/join", {"pseudonym": word, "email": one.address})


def _lives_and_leaves(target: Target, one: Canary, slug: str) -> None:
    """Join a map under the word, write it to others, and erase the account."""
    browser = joined(target, slug, one.network, one.address, f"Heron {one.word}")
    here = f"/conditions/{slug}"
    # What moderators were shown stays with them, so nothing is said that waits for them.
    send(browser, f"{here}/adviser", {"text": f"I know {one.word} and the first years well."})
    send(browser, f"{here}/place", place_form(pseudonym=f"Otter {one.word}", visibility="members"))
    send(browser, "/account", {}, to="/account/erase")


def what_is_left(target: Target, trials: int) -> Outcome:
    """Attack 10: search everything for the words of people who only looked, or have left."""
    chance = random.Random(SEED)
    maps = ManyMaps(target.session, chance)
    maps.add(1)
    maps.publish()
    slug = maps.conditions[0].slug
    app = target.visitor(SOME_NETWORK, None).app
    app.config["PROPAGATE_EXCEPTIONS"] = False  # an error is logged and answered, as on a real site
    people = [Canary(f"zq{chance.getrandbits(64):016x}".translate(LETTERS)) for _ in range(trials)]
    with _all_is_logged(target) as logs:
        for one in people:
            _asks(target, one, slug)
            _lives_and_leaves(target, one, slug)
        for table in BREAKS:
            with _broken(target, table):
                for one in people:
                    _asks(target, one, slug)
        with (logs / "crash.log").open("w") as crash:
            faulthandler.dump_traceback(crash)
        for hour in range(3):
            after_erasing(target.engine, target.settings, 2_000_000_000 + hour * HOUR)
        held = {"database": stored(target.engine), **files_of(target)}
    where = {one: [name for name, data in held.items() if one.is_in(data)] for one in people}
    size, places = (
        sum(map(len, held.values())),
        sorted({name for one in where.values() for name in one}),
    )
    note = f"{size / 1e6:.0f} MB searched{''.join(f', found in {name}' for name in places)}"
    return Outcome(trials, sum(map(bool, where.values())), guessing=0, note=note)


@contextmanager
def _all_is_logged(target: Target) -> Iterator[Path]:
    """Yield the folder of the logs; what this process logs goes there, too."""
    folder = target.settings.instance.parent / "logs"
    folder.mkdir(exist_ok=True)
    handler, root = logging.FileHandler(folder / "this-process.log"), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield folder
    finally:
        root.setLevel(before)
        root.removeHandler(handler)
        handler.close()


@contextmanager
def _broken(target: Target, table: str) -> Iterator[None]:
    _rename(target, table, f"{table}_away")
    try:
        yield
    finally:
        _rename(target, f"{table}_away", table)


def _rename(target: Target, table: str, to: str) -> None:
    target.session.rollback()
    target.session.execute(text(f"ALTER TABLE {table} RENAME TO {to}"))
    target.session.commit()


def files_of(target: Target) -> dict[str, bytes]:
    """Return the content of every file of a site, logs among them, by name."""
    every = target.settings.instance.parent.rglob("*")
    files = [one for one in every if one.is_file() and one.name != KEPT_IN_DEVELOPMENT]
    return {one.name: one.read_bytes() for one in files}


@contextmanager
def _as_usual() -> Iterator[None]:
    """Let the site log errors as Flask does: with the address of the page."""
    with patch("mapapp.web.core.logs.QuietFlask.log_exception", Flask.log_exception):
        yield


ATTACKS = (Attack("10", "words left in files and logs", what_is_left, _as_usual, 2, 60),)
