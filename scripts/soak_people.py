"""The people who write: they place themselves, move, show more and less, hide, block, and leave."""

import json
import random
import re
import time
from collections.abc import Callable
from itertools import count
from typing import TypeVar

from soak_history import WIDTH, Act, Card, History, Try
from soak_http import GoneError, HttpBrowser
from soak_judge import Block, Judge
from soak_site import Site

from mapapp.domain.areas.area_tree import LEVELS

DONE = 303
WORDS = "Quiet", "Amber", "Silver", "Mellow", "Hazel"
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_AGREED = re.compile(r'name="words" value="([^"]*)"')
_numbers = count(1)
Told = TypeVar("Told")


class LostError(Exception):
    """Raised when a person cannot go on: signed out, or kept out by a limit."""


class Person:
    """Somebody with an account, and the record of what others may read of them.

    Args:
        site: where.
        judge: who keeps the records.
        chance: decides what they do.
    """

    def __init__(self, site: Site, judge: Judge, chance: random.Random) -> None:
        self.owner = next(_numbers)
        self.browser = HttpBrowser(site.port, chance)
        self.maps: dict[str, History] = {}
        self._site, self._judge, self._chance = site, judge, chance
        self._address = f"person{self.owner}@example.org"
        self._token = self._agreed = ""

    def sign_in(self) -> None:
        """Ask for a link, read the mail, and press its button."""
        self.browser.submit(self.browser.get("/sign-in"), "/sign-in", email=self._address)
        mails = self.browser.get("/dev/mail").body.decode().split("<article")
        mine = [mail for mail in mails if f"· {self._address}<" in mail]
        link = re.search(r'href="[^"]*(/sign-in/link/[^"]+)"', mine[0]) if mine else None
        if link is None:
            raise LostError(f"no mail for {self._address}")
        self.browser.submit(self.browser.get(link[1]), "/sign-in/link/")
        self.refresh()

    def refresh(self) -> None:
        """Read the page of one's places: the token of the session, and the words agreed to."""
        page = self.browser.follow("/places").body.decode()
        found, agreed = _TOKEN.search(page), _AGREED.search(page)
        if found is None:
            raise LostError(f"person {self.owner} is signed out")
        self._token, self._agreed = found[1], agreed[1] if agreed else self._agreed

    def some_name(self) -> str:
        """Return a pseudonym that nobody else has."""
        letters = "".join(self._chance.choice("abdeghiklmnoprstu") for _ in range(9))
        return f"{self._chance.choice(WORDS)} Zq{letters}"

    def place(self, slug: str, card: Card) -> bool:
        """Put oneself on a map, move there, take another name: what the form of a place does."""
        page = self.browser.get(f"/conditions/{slug}/place")
        form = page.form("/place", {"pseudonym", "area_id"})
        sent = form.filled() | {
            "area_id": [str(card.area)],
            "precision": [LEVELS[self._judge.areas.level[card.area]]],
            "visibility": [card.audience],
            "pseudonym": [card.name],
            "role": ["self"],
            "languages": ["en", "", "", ""],
        }
        if "adult" in form.names():
            sent["adult"] = ["y"]
        is_new = slug not in self.maps
        history = History(slug, self.owner) if is_new else self.maps[slug]
        if is_new:
            self._judge.add(history)
        self._judge.by_name[card.mark] = history
        done = self._do(
            "placed", [(history, card)], lambda: self._send(f"/conditions/{slug}/place", sent)
        )
        if done and is_new:
            self.maps[slug] = history
        self.check()
        if not self._agreed:
            self._patiently(self.refresh)
        return done

    def show_to(self, slug: str, audience: str) -> bool:
        """Choose another audience on a map, or to be counted only."""
        history = self.maps[slug]
        before = history.now or self._hidden(history)
        card = Card(before.area, audience, before.name) if audience in WIDTH else None
        return self._post(
            "audience",
            [(history, card)],
            f"/places/{slug}/visibility",
            visibility=audience,
            words=self._agreed,
        )

    def leave(self, slug: str) -> bool:
        """Leave a map."""
        done = self._post("left", [(self.maps[slug], None)], f"/places/{slug}/remove")
        if done:
            del self.maps[slug]
        return done

    def hide(self) -> None:
        """Hide everywhere, and take that back."""
        self._go_and_come("hidden", "/account/hide", "shown again", "/account/show")

    def pause(self) -> None:
        """Pause, and come back."""
        self._go_and_come("paused", "/account/pause", "back from a pause", "/account/end-pause")

    def _go_and_come(self, go: str, away: str, come: str, back: str) -> None:
        before = [(one, one.now) for one in self.maps.values()]
        if self._post(go, [(one, None) for one, _card in before], away):
            time.sleep(self._chance.uniform(0, 1.5))
            while not self._post(come, before, back):
                pass  # no answer came, and it was not done

    def erase(self) -> bool:
        """Leave the site for good."""
        changes: list[tuple[History, Card | None]] = [(one, None) for one in self.maps.values()]
        done = self._post("erased", changes, "/account/erase")
        if done:
            self._judge.erased.add(self.owner)
        return done

    def block(self, other: History) -> None:
        """Block somebody on a map."""
        made = Block(other.slug, frozenset({self.owner, other.owner}), time.monotonic())
        self._judge.blocks.append(made)
        try:
            answer = self._send(
                f"/members/{other.public_id}/block?condition={other.slug}",
                {"csrf_token": [self._token]},
            )
        except GoneError:
            return  # it may stand or not: both are borne
        self._judge.blocks.remove(made)
        if answer == DONE and self.browser.last is not None:
            acked = Block(made.slug, made.pair, made.begun, self.browser.last.ended)
            self._judge.blocks.append(acked)
            self._judge.count("acts: blocked")

    def _hidden(self, history: History) -> Card:
        """Return what others read before it was hidden."""
        return next(act.card for act in reversed(history.acts) if act.card is not None)

    def _post(
        self, what: str, changes: list[tuple[History, Card | None]], path: str, **fields: str
    ) -> bool:
        sent = {"csrf_token": [self._token], **{name: [value] for name, value in fields.items()}}
        done = self._do(what, changes, lambda: self._send(path, sent))
        if what != "erased":
            self.check()
        return done

    def _send(self, path: str, sent: dict[str, list[str]]) -> int:
        return self.browser.open(path, "POST", sent).status

    def _do(
        self,
        what: str,
        changes: list[tuple[History, Card | None]],
        send: Callable[[], int],
    ) -> bool:
        """Note what is about to change, send it, and note when the answer was there."""
        moment = time.monotonic()
        tries = [Try(moment) for _change in changes]
        for (history, _card), one in zip(changes, tries, strict=True):
            history.tries.append(one)
        try:
            return self._try(what, changes, send, moment)
        finally:
            for one in tries:
                one.ended = time.monotonic()

    def _try(
        self,
        what: str,
        changes: list[tuple[History, Card | None]],
        send: Callable[[], int],
        moment: float,
    ) -> bool:
        acts = [(one, one.begin(moment, card, self._judge.parent)) for one, card in changes]
        try:
            status = send()
        except GoneError:
            return self._find_out(what, acts)
        if status == DONE and self.browser.last is not None:
            self._acked(what, acts, self.browser.last.ended)
            return True
        for history, act in acts:
            history.drop(act)
        self._judge.count(f"refused: {what} ({status})")
        if status >= 500:
            self._judge.find(f"{status} for an act: {what}")
        return False

    def _acked(self, what: str, acts: list[tuple[History, Act]], moment: float) -> None:
        for _history, act in acts:
            act.acked = moment
        self._judge.count(f"acts: {what}")

    def _find_out(self, what: str, acts: list[tuple[History, Act]]) -> bool:
        """Ask the site whether an act was done to which no answer came."""
        self._judge.count("acts without an answer")
        time.sleep(0.5)  # what was under way when the process ended has ended, too
        kept = self._patiently(self._kept)
        is_done = kept is None if what == "erased" else _is_kept(what, acts, kept or {})
        if is_done:
            self._acked(what, acts, time.monotonic())
            return True
        for history, act in acts:
            history.drop(act)
        return False

    def _patiently(self, ask: Callable[[], Told]) -> Told:
        while True:
            try:
                return ask()
            except GoneError:
                self._site.is_up.wait(30)
                time.sleep(0.1)

    def _kept(self) -> "Kept | None":
        """Return what the site says that it keeps, by map; None for a stranger."""
        reply = self.browser.ask("/account/data.json")
        if reply.status_code != 200:
            return None
        found: Kept = {}
        for one in json.loads(reply.text)["places"]:
            card = Card(one["area"], one["visibility"], one["pseudonym"])
            listed = card if card.audience in WIDTH else None
            found[one["condition_slug"]] = (listed, one["id"])
        return found

    def check(self) -> None:
        """Compare what was acknowledged with what the site keeps, and learn one's public ids."""
        kept = self._patiently(self._kept)
        if kept is None:
            raise LostError(f"person {self.owner} is signed out")
        for slug, history in self.maps.items():
            card, public_id = kept.get(slug, (None, ""))
            if card != history.now:
                self._judge.find(f"Acknowledged was {history.now}, kept is {card} on {slug}.")
            if public_id and not history.public_id:
                history.public_id = public_id
                self._judge.by_id[public_id] = history


Kept = dict[str, tuple[Card | None, str]]
"""By map: what others are to read, and the public id."""


def _is_kept(what: str, acts: list[tuple[History, Act]], kept: Kept) -> bool:
    """Whether the site keeps what acts ask for, to which no answer came."""
    if what == "left":
        return all(one.slug not in kept for one, _act in acts)
    return all(one.slug in kept and kept[one.slug][0] == act.card for one, act in acts)
