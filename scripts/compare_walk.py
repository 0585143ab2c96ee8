"""Create a small site with the code of one checkout, let people use it, and note every page.

compare_checkouts.py runs it in a separate process for each checkout. Of the code it uses only the
`mapapp` command, `create_app` and what a person can see.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine
from compare_acts import ACTS, BUSY, MEMBERS, RARE, STAFF, act_out
from compare_acts_later import LATER_ACTS
from compare_browser import Answer, Browser, NotThereError
from compare_notes import note_of
from compare_pages import without_chance
from compare_site import command, make_site, use_checkout
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)
"""The moment at which everything happens."""
LATER = (1, 366, 46, 16, 336, 31)
"""Days between the worker's rounds at the end: the yearly check, up to the erasure."""
ROLES = ("visitor", "robin", "mod", "boss")
TO_TRY = (
    "/conditions?q=dystonia",
    "/conditions?q=distonya",
    "/conditions?letter=D",
    "/questions?q=work",
    f"/conditions/{BUSY}/nearby?town=Leeds",
    f"/conditions/{BUSY}/areas/world",
    f"/conditions/{BUSY}/areas/GB",
    f"/api/v1/conditions/{BUSY}/counts?level=country",
    "/api/v1/conditions?q=dyst",
    "/api/v1/towns?q=leeds",
    "/api/v1/areas/0",
    "/api/v1/areas/17175",
    "/api/v1/areas/17175/preview",
    f"/conditions/{BUSY}/areas/GB/people.json",
    f"/conditions/{BUSY}/questions/treatments/answers",
    "/sitemaps/1.xml",
    "/inbox/search?q=asking",
    "/consent/members",
    "/no-such-page",
    "/conditions/no-such-condition",
    "/conditions/no-such-condition/map",
)
KNOWN = {"slug": (BUSY, RARE)}
"""Arguments of routes that are known in advance."""
Notes = dict[str, dict[str, Any]]


def main() -> None:
    """Walk through a checkout's site and write what was seen as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("folder", type=Path, help="An empty folder for the site and the notes.")
    parser.add_argument("--pages", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=["/"])
    parser.add_argument("--site", type=Path)
    parser.add_argument("--roles", nargs="*", default=ROLES)
    asked = parser.parse_args()
    folder, site = asked.folder.resolve(), asked.site and asked.site.resolve()
    use_checkout(asked.checkout.resolve(), folder)
    with time_machine.travel(NOON, tick=False) as clock:
        make_site(folder, site)
        seen = Walk(asked.pages, tuple(asked.only)).everything(asked.roles, clock)
    (folder / "seen.json").write_text(json.dumps(seen), encoding="utf-8")


class Walk:
    """A walk through a site.

    Args:
        most: pages to look at for each kind of URL and each person.
        only: beginnings of the paths to look at.
    """

    def __init__(self, most: int, only: tuple[str, ...]) -> None:
        from mapapp.app import create_app

        self._app = create_app()
        self._most = most
        self._only = only
        self._notes: Notes = {}
        self._people: dict[str, Browser] = {}

    def everything(self, roles: list[str], clock: Any) -> dict[str, Any]:
        """Return the routes, and by name what was seen of each page, act and email."""
        if set(roles) - {"visitor"}:
            self._settle(clock)
        for role in roles:
            self._crawl(role)
        if self._people:
            self._go_on(clock)
            self._wait(clock)
        return {"routes": self._routes(), "seen": self._notes}

    def _routes(self) -> list[str]:
        rules = self._app.url_map.iter_rules()
        return sorted(f"{rule.rule} {' '.join(sorted(rule.methods))}" for rule in rules)

    def _settle(self, clock: Any) -> None:
        """Let people join and act, and staff respond."""
        for number, name in enumerate((*MEMBERS, *STAFF), 1):
            browser = self._people[name] = Browser(self._app, f"192.0.2.{number}")
            if name in STAFF:
                command("admin", f"{name}@example.org", "--role", STAFF[name])
            browser.sign_in(f"{name}@example.org")
            if name in STAFF:
                browser.prove()
            clock.shift(timedelta(minutes=1))
        act_out(ACTS, self._people, self._note)
        self._note("mails: after the acts", Browser(self._app).get("/dev/mail"))

    def _go_on(self, clock: Any) -> None:
        """Let people act on the next day, when their limits are reset."""
        clock.shift(timedelta(days=1))
        for name in STAFF:
            self._people[name].prove()
        act_out(LATER_ACTS, self._people, self._note)
        self._note("mails: after the later acts", Browser(self._app).get("/dev/mail"))

    def _wait(self, clock: Any) -> None:
        """Let time pass, and note the emails sent."""
        for days in LATER:
            clock.shift(timedelta(days=days))
            command("worker", "--once")
            self._note(f"mails: {days} days later", Browser(self._app).get("/dev/mail"))
            self._note(f"answer: {days} days later", self._answer_in_mail())

    def _answer_in_mail(self) -> Answer | str:
        """Open the newest yearly question, which needs no sign-in, and answer it."""
        reader = Browser(self._app)
        try:
            question = reader.get(reader.get("/dev/mail").link("/still-right/"))
            return reader.submit(question, "/still-right/")
        except NotThereError as error:
            return str(error)

    def _crawl(self, role: str) -> None:
        """Look at all pages that ``role`` reaches from the home page and every known URL."""
        known = (*_addresses(self._app.url_map), *TO_TRY)
        waiting = [path for path in known if path.startswith(self._only)]
        met, kinds = set(waiting), Counter[str]()
        while waiting:
            path = waiting.pop(0)
            answer = self._browser(role, len(met)).get(path)
            self._note(f"{role}: {path}", answer)
            if answer.page is None or path == "/dev/mail":
                continue
            for link in answer.page.links:
                kind = _kind(self._app.url_map, link)
                if link not in met and kinds[kind] < self._most and link.startswith(self._only):
                    kinds[kind] += 1
                    met.add(link)
                    waiting.append(link)

    def _browser(self, role: str, number: int) -> Browser:
        """Return the browser of ``role``; each page has a new visitor."""
        if role in self._people:
            return self._people[role]
        return Browser(self._app, f"198.51.{100 + number // 250}.{1 + number % 250}")

    def _note(self, name: str, answer: Answer | str) -> None:
        name = without_chance(name)
        seen_before = sum(other == name or other.startswith(f"{name} #") for other in self._notes)
        if seen_before:
            name = f"{name} #{seen_before + 1}"
        self._notes[name] = note_of(answer)


def _addresses(routes: Map) -> Iterator[str]:
    """Yield the URLs that are known in advance, in order."""
    bound = routes.bind("localhost")
    for rule in sorted(routes.iter_rules(), key=lambda rule: rule.rule):
        if "GET" not in (rule.methods or ()):
            continue
        if not rule.arguments:
            yield rule.rule
        elif rule.arguments <= set(KNOWN):
            (name,) = rule.arguments
            for value in KNOWN[name]:
                yield bound.build(rule.endpoint, {name: value})


def _kind(routes: Map, link: str) -> str:
    """Return the kind of ``link``: its route and the names in its query."""
    path, _mark, query = link.partition("?")
    try:
        rule, _arguments = routes.bind("localhost").match(path, "GET", return_rule=True)
    except HTTPException:
        return path
    names = sorted({part.partition("=")[0] for part in query.split("&") if part})
    return " ".join([rule.rule, *names])


if __name__ == "__main__":
    main()
