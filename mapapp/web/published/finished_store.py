"""Finished answers in the memory of one process: bounded in bytes, and made by one at a time."""

import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from threading import Event, Lock
from typing import TYPE_CHECKING, Protocol

from werkzeug.http import http_date, parse_etags, remove_entity_headers, unquote_etag

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MOST_BYTES = 32 * 1024 * 1024
"""What all answers of a process may take."""
PART_OF_ALL = 8
"""One answer may take this part of it."""
OVERHEAD = 1024  # bytes of an entry beside its texts, roughly
LONGEST_MAKING = 5.0  # seconds

Headers = list[tuple[str, str]]
Key = tuple[str, ...]
State = tuple[object, ...]


@dataclass(frozen=True)
class Named:
    """The people whom an answer names, by public id, all of those it could, and their area."""

    people: tuple[str, ...]
    area_id: int | None


class Meter(Protocol):
    """Counts the people that visitors read in kept answers (privacy rule 6)."""

    def knows(self, state: State, named: Named, environ: "WSGIEnvironment") -> bool:
        """Whether it is known in memory that nothing is new to this reader."""

    def lets(self, state: State, named: Named, environ: "WSGIEnvironment") -> bool:
        """Note what is new to this reader; return whether they may read it all."""

    def remember(self, state: State, named: Named, environ: "WSGIEnvironment") -> None:
        """Remember that Flask let this reader have it."""


@dataclass(frozen=True)
class Answer:
    """An answer with the status 200, as it is sent, and what its tag was before compression.

    Attributes:
        headers: all but ``Date``.
        has_date: whether there was one.
        named: whom it names; None for nobody.
        question_id: the question whose reads are counted; None for other pages.
    """

    headers: Headers
    body: bytes
    tag: str
    plain_tag: str
    has_date: bool = True
    named: Named | None = None
    question_id: int | None = None

    def headers_now(self, known: str = "") -> Headers:
        """Return what is sent now; with the tag that a reader knows, what goes with a 304."""
        headers = list(self.headers)
        if self.has_date:
            headers.append(("Date", _date(int(time.time()))))
        if known:
            headers = [(k, known if k == "ETag" else v) for k, v in headers]
            remove_entity_headers(headers)  # those that describe a body
        return headers

    def size(self) -> int:
        """Return about how many bytes it takes."""
        people = sum(map(len, self.named.people)) if self.named else 0
        return OVERHEAD + len(self.body) + sum(len(k) + len(v) for k, v in self.headers) + people


def answer_of(
    headers: Headers, body: bytes, names: Named | None = None, question_id: int | None = None
) -> Answer | None:
    """Return what is kept of an answer; None for one without a tag."""
    named = {name.lower(): value for name, value in headers}
    tag = named.get("etag", "")
    if not tag:
        return None
    ending = f':{named.get("content-encoding", "")}"'
    plain = f'{tag[: -len(ending)]}"' if tag.endswith(ending) else tag
    timeless = [(name, value) for name, value in headers if name.lower() != "date"]
    return Answer(timeless, body, tag, plain, "date" in named, names, question_id)


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    return http_date(second)


def known_tag(answer: Answer, given: str) -> str:
    """Return the tag of ``answer`` that ``If-None-Match`` names, '' where it names none."""
    if given in {answer.tag, answer.plain_tag}:
        return given
    known = parse_etags(given)
    for tag in (answer.plain_tag, answer.tag):
        if known.contains_weak(unquote_etag(tag)[0] or ""):
            return tag
    return ""


class FinishedStore:
    """Answers that were made in one state of the site; those of another are forgotten."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._lock = Lock()
        self._state: State = ()
        self._kept: OrderedDict[Key, Answer] = OrderedDict()
        self._most, self._bytes = most_bytes, 0

    def get(self, state: State, key: Key) -> Answer | None:
        """Return the answer that was made in this state."""
        with self._lock:
            if state != self._state:
                self._begin(state)
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, state: State, key: Key, answer: Answer) -> None:
        """Keep an answer; not where the site has another state meanwhile, nor a huge one."""
        size = answer.size()
        with self._lock:
            if state != self._state or size > self._most // PART_OF_ALL or key in self._kept:
                return
            self._kept[key] = answer
            self._bytes += size
            while self._bytes > self._most:
                self._bytes -= self._kept.popitem(last=False)[1].size()

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def held_bytes(self) -> int:
        """About how many bytes the answers take."""
        return self._bytes

    def _begin(self, state: State) -> None:
        self._state, self._bytes = state, 0
        self._kept.clear()


class Turns:
    """Lets one make what many want at once; the others wait for it, but not for ever."""

    def __init__(self, seconds: float = LONGEST_MAKING) -> None:
        self._lock = Lock()
        self._seconds = seconds
        self._made: dict[object, Event] = {}

    def begin(self, what: object) -> bool:
        """Return whether the caller is to make it, and then to call ``end``; else wait."""
        with self._lock:
            making = self._made.get(what)
            if making is None:
                self._made[what] = Event()
                return True
        making.wait(self._seconds)
        return False

    def end(self, what: object) -> None:
        """Let those go on who wait, whatever came of it."""
        with self._lock:
            self._made.pop(what).set()
