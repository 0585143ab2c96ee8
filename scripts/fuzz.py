#!/usr/bin/env python
"""Send odd requests to every route of a site, as visitors, members and staff, and say what gives.

Makes a site with invented people in a temporary folder. People follow the links and fill in the
forms that they see, with hostile texts, twice, late, without the token, as somebody else; and they
call every route with any method and any value. A session that is lost is renewed. Now and then a
day passes. Exits with 1 if an answer was a 5xx, if reading wrote to a table that it may not write
to, or if a request took more processor time than 50 ms (a visitor) or 200 ms (a member), counted on
the machine where these limits were set.

Usage: scripts/fuzz.py [--minutes 60 | --requests N] [--seed N] [--untimed]
"""

import argparse
import gc
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import time_machine
from compare_acts import ACTS, MEMBERS, STAFF, act_out
from compare_browser import Answer, NotThereError
from compare_pages import PRESSED, Form
from compare_site import command, make_site, use_checkout
from compare_walk import NOON
from fuzz_people import Person, kind_of
from fuzz_texts import hostile
from fuzz_watch import Cost, Watch, slowness

READING = ("GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "get")
OTHER = ("POST", "PUT", "PATCH", "DELETE", "post", "ACT")
MAY_BE_WRITTEN = {
    "quota": "limits count readings too",
    "reading": "whose names were read today, to stop who reads all",
    "moderation_case": "moderators are told of a reader who was stopped",
    "web_session": "a session is prolonged, or holds what a form needs",
    "audit_entry": "each look of staff is written down",
}
"""Tables that reading may write to, and why."""
MAY_BE_MARKED = {
    "question": "how often it was read, in batches",
    "conversation_side": "up to where its reader has read",
    "ruling": "that its reader has read it",
}
"""Tables in which a page notes that its reader has read it; asking for its head notes nothing."""
LIMITS_MS = {False: 50.0, True: 200.0}
"""The most processor time of a request, for visitors and for members."""
A_DAY = 1_500  # requests
VISITORS = 3
HERE = "http://localhost:8000"
TOKEN = "csrf_token"  # noqa: S105


@dataclass(frozen=True)
class Try:
    """A request to make."""

    method: str
    path: str
    sent: dict[str, list[str]] | None = None


class Fuzz:
    """A run against one site.

    Args:
        app: the site, a Flask application.
        seed: chooses the requests.
        clock: the traveller that says what time it is.
        timed: whether processor time can be a finding.
    """

    def __init__(self, app: Any, seed: int, clock: Any, *, timed: bool = True) -> None:
        self.found: Counter[str] = Counter()
        self.examples: dict[str, str] = {}
        self.statuses: Counter[str] = Counter()
        self.reached: Counter[str] = Counter()
        self.slowest: dict[str, float] = {}
        self.rules = sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
        self._app, self._clock = app, clock
        self._chance = random.Random(seed)  # noqa: S311 no secret is drawn
        self._watch, self._slowness, self._timed = Watch(), slowness(), timed
        self._values: list[str] = []
        self._errors: list[str] = []
        self._last: dict[str, Try] = {}
        self.people = self._settle()

    def run(self, minutes: float, most: int) -> int:
        """Send requests for so long, or so many; return how many."""
        end, sent, told = time.perf_counter() + minutes * 60, 0, time.perf_counter()
        while time.perf_counter() < end and sent < most:
            person = self._chance.choice(self.people)
            try:
                self._step(person)
                sent += 1
                if sent % 25 == 0 and person.is_lost():
                    person.renew()
                if sent % A_DAY == 0:
                    self._next_day()
            except NotThereError as error:
                self.statuses[f"not let in: {str(error)[:60]}"] += 1
            if time.perf_counter() - told > 15:
                told = time.perf_counter()
                left = (end - told) / 60
                print(f"{sent:7} requests, {len(self.found)} findings, {left:.1f} minutes left")
        self._watch.close()
        return sent

    def _settle(self) -> list[Person]:
        """Let people join, talk and write, so that every route has something to show."""
        handler = logging.Handler()
        handler.emit = lambda record: self._errors.append(record.getMessage())  # type: ignore
        logging.getLogger().addHandler(handler)
        self._app.logger.addHandler(handler)
        roles = {**dict.fromkeys(MEMBERS, "member"), **STAFF}
        people = [Person(self._app, name, roles[name], n) for n, name in enumerate(roles)]
        for person in people:
            person.renew()
            self._clock.shift(timedelta(minutes=1))
        act_out(ACTS[:-2], {one.name: one.browser for one in people}, lambda _name, _answer: None)
        people += [Person(self._app, f"visitor{n}", "visitor", 50 + n) for n in range(VISITORS)]
        for person in people:
            for path in ("/", "/account", "/moderation", "/admin", "/conditions/achondroplasia"):
                self._remember(person, person.browser.follow(path))
        return people

    def _next_day(self) -> None:
        self._clock.shift(timedelta(days=1))
        command("worker", "--once")
        self._slowness = min(self._slowness, slowness())
        gc.collect()
        gc.freeze()  # what this script remembers is no work of the site
        for person in self.people:
            if person.is_lost():
                person.renew()
            person.prove()

    def _step(self, person: Person) -> None:
        way = self._choose(person)
        answer, cost = self._ask(person, way)
        kind = kind_of(self._app.url_map, way.path, way.method.upper()) or "(no route)"
        self.reached[f"{way.method.upper()} {kind}"] += 1
        self.statuses[str(answer.status)] += 1
        self._judge(person, way, kind, answer, cost)
        self._remember(person, answer)
        if answer.location and self._chance.random() < 0.7:
            self._remember(person, person.browser.follow(answer.location.removeprefix(HERE)))

    def _ask(self, person: Person, way: Try) -> tuple[Answer, Cost]:
        self._errors.clear()
        self._last[person.name] = way
        with self._watch.request() as cost:
            answer = person.browser.open(way.path, way.method, way.sent)
        return answer, cost

    def _judge(self, person: Person, way: Try, kind: str, answer: Answer, cost: Cost) -> None:
        what = f"{way.method.upper()} {kind} as {person.role}"
        if answer.status >= 500 and answer.status != 503:
            self._find(f"{answer.status}: {what}: {'; '.join(self._errors)[-300:]}", way)
        marked = MAY_BE_MARKED.keys() if way.method.upper() == "GET" else set()
        written = cost.tables - MAY_BE_WRITTEN.keys() - marked
        if way.method.upper() in READING and written:
            self._find(f"reading writes to {', '.join(sorted(written))}: {what}", way)
        most, ms = LIMITS_MS[person.is_member], cost.ms / self._slowness
        if ms > most and way.method.upper() in READING:
            again = (self._ask(person, way)[1].ms / slowness() for _ in range(3))
            ms = min(ms, *again)  # the machine may have been busy with something else
        elif ms > most:
            ms = cost.ms / max(self._slowness, slowness())
        self.slowest[what] = max(self.slowest.get(what, 0), ms)
        if self._timed and ms > most:
            self._find(f"more than {most:.0f} ms: {what}", way, f"{ms:.0f} ms")

    def _find(self, finding: str, way: Try, more: str = "") -> None:
        if not self.found[finding]:
            print(f"FOUND: {finding} {more}")
            self.examples[finding] = f"{way.method} {way.path[:400]} {str(way.sent)[:600]} {more}"
        self.found[finding] += 1

    def _remember(self, person: Person, answer: Answer) -> None:
        person.remember(answer, self._app.url_map, self._chance)
        if answer.page is not None:
            for link in answer.page.links[:20]:
                self._values += [part for part in link.split("?")[0].split("/") if part]
            del self._values[:-2_000]

    def _choose(self, person: Person) -> Try:
        kind = self._chance.random()
        if kind < 0.05 and person.name in self._last:
            return self._last[person.name]  # once more
        if kind < 0.45 and person.links:
            return self._link(person)
        # Now and then a form that somebody else was shown.
        seen_by = person if kind < 0.75 else self._chance.choice(self.people)
        if kind < 0.80 and seen_by.forms:
            form = self._chance.choice(seen_by.forms[self._one(seen_by.forms)])
            return self._form(form, person.token)
        return self._any(person.token)

    def _one(self, kinds: dict[str, Any]) -> str:
        return self._chance.choice(sorted(kinds))

    def _link(self, person: Person) -> Try:
        path = self._chance.choice(person.links[self._one(person.links)])
        if self._chance.random() < 0.3:
            names = ("q", "page", "town", "place", "next", "level", "country", "after", "state")
            more = {self._chance.choice(names): hostile(self._chance)[:1_500] for _ in range(2)}
            path = f"{path.partition('?')[0]}?{_query(more)}"
        method = "GET" if self._chance.random() < 0.8 else self._chance.choice(READING)
        return Try(method, path)

    def _form(self, form: Form, token: str) -> Try:
        sent = form.filled()
        for one in form.fields:
            if one.kind in PRESSED or one.name == TOKEN:
                continue
            if one.values and self._chance.random() < 0.6:
                sent[one.name] = [self._chance.choice(one.values)]
            elif one.kind in {"radio", "checkbox"}:
                sent[one.name] = [one.value] if self._chance.random() < 0.6 else []
            elif self._chance.random() < 0.4:
                sent[one.name] = [hostile(self._chance)]
        if self._chance.random() < 0.9:  # otherwise the one of the page, which may be old
            sent[TOKEN] = [token]
        if form.method == "GET":
            return Try("GET", f"{form.action.partition('?')[0]}?{_query(sent)}")
        return Try("POST", form.action, sent)

    def _any(self, token: str) -> Try:
        rule = self._chance.choice(self.rules)
        path = rule.rule
        for name in rule.arguments:
            for converter in ("", "int:", "path:"):
                path = path.replace(f"<{converter}{name}>", self._value())
        method = self._chance.choice(READING + OTHER)
        if method in READING:
            return Try(method, path)
        sent = {name: [self._value()] for name in ("text", "reason", "q")}
        return Try(method, path, {**sent, TOKEN: [token]})

    def _value(self) -> str:
        if self._values and self._chance.random() < 0.7:
            return self._chance.choice(self._values)
        return quote(hostile(self._chance)[:200], safe="", errors="replace")


def _query(values: dict[str, Any]) -> str:
    return urlencode(values, doseq=True, errors="replace")


def report(fuzz: Fuzz, sent: int) -> int:
    """Print what was reached and found; return 1 if anything was found, else 0."""
    known = {rule.rule for rule in fuzz.rules}
    reached = {one.partition(" ")[2] for one in fuzz.reached}
    renewed = sum(person.renewals for person in fuzz.people)
    print(f"\n{sent} requests, {len(known & reached)} of {len(known)} routes, {renewed} renewals.")
    print("Answers: " + ", ".join(f"{n} x {what}" for what, n in fuzz.statuses.most_common()))
    print("Never reached: " + (", ".join(sorted(known - reached)) or "none"))
    print("Most processor time, in milliseconds:")
    for what, ms in sorted(fuzz.slowest.items(), key=lambda one: -one[1])[:12]:
        print(f"{ms:8.0f}  {what}")
    for finding, times in fuzz.found.most_common():
        print(f"\nFOUND {times} times: {finding}\n  {fuzz.examples[finding]}")
    print("Nothing was found." if not fuzz.found else f"{len(fuzz.found)} findings.")
    return 1 if fuzz.found else 0


def main() -> int:
    """Fuzz a site of our own."""
    parser = argparse.ArgumentParser(description=__doc__.partition("Usage")[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--requests", type=int, default=sys.maxsize)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--untimed", action="store_true", help="processor time is no finding")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="mapapp-fuzz-") as name,
        time_machine.travel(NOON, tick=True) as clock,
    ):
        use_checkout(Path(__file__).resolve().parents[1], Path(name))
        make_site(Path(name), None)
        from mapapp.app import create_app

        app = create_app()
        app.jinja_env.auto_reload = False  # as where it is served: no file is looked at again
        fuzz = Fuzz(app, asked.seed, clock, timed=not asked.untimed)
        gc.freeze()  # as `mapapp serve` does: a request pays for its own garbage alone
        return report(fuzz, fuzz.run(asked.minutes, asked.requests))


if __name__ == "__main__":
    sys.exit(main())
