"""Attacks on addresses: does somebody who has this one have an account here?

The attacker signs in with it, joins with it, and changes their own address to it. There is no
password, so that signing in is also the way back in. They did the same with addresses of their own.
"""

import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import numpy as np

from mapapp.actions.account import address_change, sign_in_link
from mapapp.actions.core.context import Context
from mapapp.actions.mail.member_addresses import find_member, find_or_make_member
from mapapp.errors import BadInputError
from tests.attacks.duel import Attack, Outcome
from tests.attacks.likeness import Look, Visitors, look, looks_like_first
from tests.attacks.many_maps import ManyMaps
from tests.attacks.target import Reply, Target
from tests.joining import join_form

SEED = 8
LEAST_OWN = 6
MAIL_SECONDS = 0.05
"""As long as it takes to hand a mail over."""
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Asked:
    """What the site did about one address.

    Attributes:
        look: its answers, and the pages to which they led.
        seconds: how long each of the answers took.
    """

    look: Look
    seconds: tuple[float, ...]


@dataclass(frozen=True)
class Asker:
    """Somebody who asks about addresses, each time as somebody new, and with accounts for it."""

    visitors: Visitors
    slug: str
    accounts: Iterator[int]

    def ask(self, email: str) -> Asked:
        """Sign in, join and move with an address."""
        member_id = next(self.accounts)
        answers = [
            self._send("/sign-in", {"email": email, "next": "/"}),
            self._send(f"/conditions/{self.slug}/join", join_form(email=email)),
            self._send("/account/address", {"email": email}, member_id),
        ]
        times = tuple(first.seconds for first, _page in answers)
        return Asked(look(answers), times)

    def _send(
        self, page: str, form: dict[str, object], member_id: int | None = None
    ) -> tuple[Reply, Reply]:
        visitor = self.visitors.visitor(member_id)
        token = TOKEN.search(visitor.get(page).text)
        answer = visitor.post(page, {**form, "csrf_token": token[1] if token else ""})
        return answer, visitor.get(dict(answer.headers).get("Location", page))


def by_the_answers(target: Target, trials: int) -> Outcome:
    """Attack 8a: what the site answers."""

    def _guess(one: Asked, known: list[Asked], unknown: list[Asked], chance: random.Random) -> bool:
        return looks_like_first(one.look, known[0].look, unknown[0].look, chance)

    return _told(target, trials, _guess)


def by_the_time(target: Target, trials: int) -> Outcome:
    """Attack 8b: how long the site takes."""

    def _guess(one: Asked, known: list[Asked], unknown: list[Asked], chance: random.Random) -> bool:
        yes, no = (np.log([a.seconds for a in some]) for some in (known, unknown))
        apart = np.median(yes, axis=0) - np.median(no, axis=0)
        middle = (np.median(yes, axis=0) + np.median(no, axis=0)) / 2
        spread = np.median(np.abs(np.vstack((yes - yes.mean(0), no - no.mean(0)))), axis=0)
        return bool(((np.log(one.seconds) - middle) * apart / spread**2).sum() > 0)

    return _told(target, trials, _guess)


Guess = Callable[[Asked, list[Asked], list[Asked], random.Random], bool]


def _told(target: Target, trials: int, guess: Guess) -> Outcome:
    """Ask about addresses in random order, so that slow moments are spread evenly."""
    chance = random.Random(SEED)
    maps = ManyMaps(target.session, chance)
    (condition,) = maps.add(1)
    own = max(LEAST_OWN, trials // 4)
    secrets = [True] * own + [False] * own + [chance.random() < 0.5 for _ in range(trials)]
    emails = [f"{chance.getrandbits(48):012x}@example.org" for _ in secrets]
    ctx = Context(target.session, target.settings)
    for email, is_known in zip(emails, secrets, strict=True):
        if is_known:
            find_or_make_member(ctx, email)
    accounts = [find_or_make_member(ctx, f"mine{at}@example.org") for at in range(len(emails))]
    target.session.commit()
    asker = Asker(Visitors(target), condition.slug, iter(accounts))
    order = chance.sample(range(len(emails)), len(emails))
    asked = {at: asker.ask(emails[at]) for at in order}
    known, unknown = ([asked[at] for at in range(first, first + own)] for first in (0, own))
    right = sum(
        guess(asked[at], known, unknown, chance) == secrets[at]
        for at in range(2 * own, len(emails))
    )
    return Outcome(trials, right)


@contextmanager
def _says_who_is_there() -> Iterator[None]:
    """Let the site refuse another's address, as most do."""
    ask = address_change.ask

    def _refusing(ctx: Context, member_id: int, typed: str) -> None:
        if find_member(ctx, typed):
            raise BadInputError("This address has an account.")
        ask(ctx, member_id, typed)

    with patch.object(address_change, "ask", _refusing):
        yield


@contextmanager
def _mails_at_once() -> Iterator[None]:
    """Let the site hand mails over while the browser waits, to those who have an account."""
    link, ask = sign_in_link.request_link, address_change.ask

    def _mail(ctx: Context, address: str) -> None:
        if find_member(ctx, address):
            time.sleep(MAIL_SECONDS)

    def _link(ctx: Context, address: str, *more: Any) -> str:
        _mail(ctx, address)
        return link(ctx, address, *more)

    def _ask(ctx: Context, member_id: int, typed: str) -> None:
        _mail(ctx, typed)
        ask(ctx, member_id, typed)

    with (
        patch.object(sign_in_link, "request_link", _link),
        patch.object(address_change, "ask", _ask),
    ):
        yield


ATTACKS = (
    Attack("8a", "who has an account, by answers", by_the_answers, _says_who_is_there, short=12),
    Attack("8b", "who has an account, by time", by_the_time, _mails_at_once, short=20),
)
