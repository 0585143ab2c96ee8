"""Holds every answer against what was published, and against what people took away."""

import threading
from collections import Counter
from dataclasses import dataclass, field

from soak_history import NAMED_TO, Card, Flip, History, is_inside
from soak_numbers import Publication
from soak_pages import A_PAGE, PAUSE, Asked, claims_of, ids_in, names_in

from mapapp.domain.areas.area_tree import Areas

MOST_TOLD = 40
"""Violations that are told in full."""
LISTS = ("area", "people")
"""Kinds of answers that name people of one area."""


@dataclass(frozen=True)
class Block:
    """Two people between whom a block stands on a map; ``acked`` as in ``soak_history.Act``."""

    slug: str
    pair: frozenset[int]
    begun: float
    acked: float | None = None


@dataclass(frozen=True)
class Heard:
    """An answer: when it was asked for and had come, what it said, and who asked.

    Attributes:
        owner: the person who asked, by a number of this run; 0 for a visitor.
    """

    asked: Asked
    begun: float
    ended: float
    text: str
    owner: int = 0
    kept_by: str = ""


@dataclass
class Judge:
    """What is known of the site, and what was found wrong.

    Attributes:
        areas: the area tree.
        publications: by number.
        by_name, by_id: whose names and public ids these are.
        histories: of all people on all maps.
        blocks: all that were made.
        erased: who left the site for good, by their numbers.
        counted: answers, by kind, and other things that happened.
        violations: in words.
    """

    areas: Areas
    publications: dict[int, Publication] = field(default_factory=dict)
    by_name: dict[str, History] = field(default_factory=dict)
    by_id: dict[str, History] = field(default_factory=dict)
    histories: list[History] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    erased: set[int] = field(default_factory=set)
    counted: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str) -> None:
        """Count something that happened."""
        with self.lock:
            self.counted[what] += 1

    def find(self, what: str, heard: Heard | None = None) -> None:
        """Note a violation, with what was asked and answered."""
        with self.lock:
            self.counted["violations"] += 1
            if len(self.violations) < MOST_TOLD:
                self.violations.append(f"{what}{_told(heard)}")

    def parent(self, area: int) -> int:
        """Return the area around an area."""
        return int(self.areas.parent[area])

    def area_of(self, code: str) -> int:
        """Return the id of the area with a code."""
        return self.areas.by_code(code).id

    def add(self, history: History) -> None:
        """Know another person on a map."""
        with self.lock:
            self.histories.append(history)

    def hear(self, heard: Heard) -> None:
        """Judge an answer that came with the status 200, or that was kept and confirmed."""
        self.count("answers")
        self.count(f"answers: {heard.asked.kind}")
        try:
            claims = claims_of(heard.asked, heard.text, self.area_of)
        except (ValueError, KeyError) as error:
            self.find(f"Cannot be read ({error})", heard)
            return
        standing = self.standing(heard.begun, heard.ended)
        reasons = []
        for publication in standing:
            wrong = [claim for claim in claims if not publication.says(claim)]
            reason = (
                self._numbers(publication, wrong) if wrong else self._people(heard, publication)
            )
            if not reason:
                return
            reasons.append(reason)
        also = [p.flip.number for p in self._all() if claims and all(map(p.says, claims))]
        others = f" Its numbers are of: {also}." if also else " Its numbers are of none."
        self.find(" / ".join(reasons) + others, heard)

    def standing(self, begun: float, ended: float) -> list[Publication]:
        """Return the publications of which an answer may be, newest first."""
        every = sorted(self._all(), key=lambda one: -one.flip.number)
        found, replaced_by = [], None
        for one in every:
            is_over = replaced_by is not None and replaced_by.flip.high < begun
            if one.flip.low <= ended and not is_over:
                found.append(one)
            replaced_by = one
        return found

    def _all(self) -> list[Publication]:
        with self.lock:
            return list(self.publications.values())

    def _numbers(self, publication: Publication, wrong: list[tuple[object, ...]]) -> str:
        *what, told = wrong[0]
        true = publication.value(*what)  # type: ignore[arg-type]
        number = publication.flip.number
        return f"{len(wrong)} numbers are not of publication {number}: {what} {told} (not {true})"

    def _people(self, heard: Heard, publication: Publication) -> str:
        """Return why these people cannot be in an answer of a publication; '' if they can."""
        names, ids = names_in(heard.text), ids_in(heard.text)
        seen = {self.by_name[name] for name in names if name in self.by_name} if names else set()
        for history in [*seen, *(self.by_id[one] for one in ids if one in self.by_id)]:
            if history.owner == heard.owner and heard.owner:
                continue
            reason = self._named(heard, publication.flip, history, names)
            if reason:
                return reason
        is_whole = heard.asked.kind in LISTS and PAUSE not in heard.text and len(names) < A_PAGE
        return self._missing(heard, publication.flip, names) if is_whole else ""

    def _named(self, heard: Heard, flip: Flip, history: History, names: frozenset[str]) -> str:
        cards = [card for card in history.may_show(flip, heard.begun) if self._sees(heard, card)]
        who = f"{history.public_id or '?'} {[act.card for act in history.acts]}"
        if history.slug != heard.asked.slug:
            return f"names somebody of another map: {who}"
        if not cards:
            return f"names somebody who is not to be read then (publication {flip.number}): {who}"
        if self._is_blocked(heard, history, heard.begun, certainly=True):
            return f"names somebody behind a block: {who}"
        allowed = {card.mark for card in cards}
        own = {act.card.mark for act in history.acts if act.card} & names
        return f"holds a name of earlier or later: {own} {who}" if own - allowed else ""

    def _sees(self, heard: Heard, card: Card) -> bool:
        """Whether a card is for this reader, and belongs into the area that was asked for."""
        if card.audience not in NAMED_TO[heard.asked.reader]:
            return False
        if heard.asked.kind not in LISTS:
            return True
        return is_inside(card.area, heard.asked.area, self.parent)

    def _is_blocked(
        self, heard: Heard, history: History, moment: float, *, certainly: bool
    ) -> bool:
        pair = frozenset({heard.owner, history.owner})
        for one in list(self.blocks):
            if one.slug == history.slug and one.pair == pair:
                since = one.acked if certainly else one.begun
                if since is not None and since < moment:
                    return True
        return False

    def _missing(self, heard: Heard, flip: Flip, names: frozenset[str]) -> str:
        with self.lock:
            here = [one for one in self.histories if one.slug == heard.asked.slug]
        for history in here:
            card = history.must_show(flip, heard.ended)
            is_due = card is not None and self._sees(heard, card) and card.mark not in names
            if not is_due or history.owner == heard.owner:
                continue
            if not self._is_blocked(heard, history, heard.ended, certainly=False):
                return f"lacks somebody of publication {flip.number}: {card}"
        return ""


def _told(heard: Heard | None) -> str:
    if heard is None:
        return ""
    at = f"asked {heard.begun:.3f}, answered {heard.ended:.3f}{heard.kept_by}"
    named = f"names {sorted(names_in(heard.text))}"
    who = f"as {heard.asked.reader} {heard.owner or ''}".strip()
    return f"\n    {heard.asked.path} {who}: {at}; {named}; {len(heard.text)} characters"
