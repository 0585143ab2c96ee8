"""What others may read of a person on one map, and when: the record that answers are held against.

All moments are seconds of the system's steady clock (``time.monotonic``), which all processes of a
machine share.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

PUBLIC, MEMBERS, MAP = "public", "members", "map"
WIDTH = (PUBLIC, MEMBERS, MAP)
"""From the widest audience to the narrowest."""
VISITOR, SIGNED_IN, ON_MAP = "visitor", "member", "listed"
NAMED_TO = {VISITOR: WIDTH[:1], SIGNED_IN: WIDTH[:2], ON_MAP: WIDTH}
"""Privacy rule 2, written down once more, so that the program is not compared with itself."""


@dataclass(frozen=True)
class Card:
    """What others read of somebody on a map: where, for whom, and under which name."""

    area: int
    audience: str
    name: str

    @property
    def mark(self) -> str:
        """The part of the name by which it is found in an answer."""
        return self.name.split()[-1]


@dataclass
class Act:
    """Something that changed what others read.

    Attributes:
        begun: when it was sent.
        card: what is to be read from then on, None for nothing.
        takes: whether something must go with the answer to it.
        acked: when its answer had come; None while nobody knows whether it was done.
    """

    begun: float
    card: Card | None
    takes: bool
    acked: float | None = None

    def is_acked_before(self, moment: float) -> bool:
        """Whether its answer had come by then."""
        return self.acked is not None and self.acked < moment


@dataclass
class Try:
    """An act under way, refused or not: meanwhile a publisher may leave a membership out."""

    begun: float
    ended: float = math.inf


@dataclass(frozen=True)
class Flip:
    """When a publication began to be made, and between which moments it began to stand."""

    number: int
    start: float
    low: float
    high: float


Parents = Callable[[int], int]
"""The area around an area."""


@dataclass(eq=False)
class History:
    """All acts of one person on one map, in order; a membership begun anew has a new one.

    Attributes:
        slug: which map.
        owner: the person, by a number of this run.
        public_id: as the site tells its owner, '' until then.
        tries: when its owner was at it.
    """

    slug: str
    owner: int
    public_id: str = ""
    acts: list[Act] = field(default_factory=list)
    tries: list[Try] = field(default_factory=list)

    @property
    def now(self) -> Card | None:
        """What others are to read once everything is published."""
        return self.acts[-1].card if self.acts else None

    def begin(self, moment: float, card: Card | None, parent: Parents) -> Act:
        """Note an act before it is sent."""
        act = Act(moment, card, takes_away(self.now, card, parent))
        self.acts.append(act)
        return act

    def drop(self, act: Act) -> None:
        """Forget an act that was refused, or certainly not done."""
        self.acts.remove(act)

    def may_show(self, flip: Flip, begun: float) -> list[Card]:
        """Return the cards that an answer begun at a moment may hold, if it is of a publication."""
        found, acts, is_held = [], list(self.acts), self._is_held(flip)
        for n, act in enumerate(acts):
            later = acts[n + 1 :]
            is_new = act.begun >= flip.high
            is_gone = any(one.takes and one.is_acked_before(begun) for one in later)
            is_due = any(one.is_acked_before(flip.start) for one in later)
            is_replaced = is_due and not is_held
            if act.card and not (is_new or is_gone or is_replaced):
                found.append(act.card)
        return found

    def must_show(self, flip: Flip, ended: float) -> Card | None:
        """Return the card that an answer of a publication, ended at a moment, has to hold."""
        if self._is_held(flip):
            return None
        acts = list(self.acts)
        done = [act for act in acts if act.is_acked_before(flip.start)]
        touched = [act for act in acts if act.begun < max(ended, flip.high)]
        return done[-1].card if done and done[-1:] == touched[-1:] else None

    def _is_held(self, flip: Flip) -> bool:
        """Whether an act was under way while a publication was made (PostgreSQL locks rows)."""
        return any(t.begun < flip.high and t.ended > flip.start for t in list(self.tries))


def takes_away(before: Card | None, now: Card | None, parent: Parents) -> bool:
    """Whether others lose something at once: a name, an audience, or a nearer place."""
    if before is None:
        return False
    if now is None or now.name != before.name:
        return True
    if WIDTH.index(now.audience) > WIDTH.index(before.audience):
        return True
    return now.area != before.area and is_inside(before.area, now.area, parent)


def is_inside(area: int, around: int, parent: Parents) -> bool:
    """Whether an area is ``around`` or one of its parts."""
    while area != around and area > 0:
        area = parent(area)
    return area == around
