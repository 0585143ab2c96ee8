"""When the public side is published: the setting ``MAPAPP_PUBLISH`` as moments."""

import re
from dataclasses import dataclass

from mapapp.errors import N_, BadInputError

MINUTE, HOUR, DAY = 60, 3_600, 86_400
LIVE, HOURLY, EACH_MINUTE, DAILY = "live", "hourly", "minutely", "daily"
USUAL = "daily@04:00"
_DAILY = re.compile(r"daily@([01]\d|2[0-3]):([0-5]\d)")
WRONG = N_("must be daily@HH:MM (a time in UTC), hourly or live")


@dataclass(frozen=True)
class Schedule:
    """Publications every ``step`` seconds, ``offset`` seconds after midnight UTC.

    A step of 0 is live: each change is published as it is made.
    """

    kind: str
    step: int
    offset: int = 0

    @property
    def is_live(self) -> bool:
        """Whether nothing waits."""
        return self.step == 0

    def last(self, now: int) -> int:
        """Return the moment of the publication that should stand at ``now`` (Unix seconds)."""
        if self.is_live:
            return now
        return (now - self.offset) // self.step * self.step + self.offset

    def next(self, now: int, later: int = 0) -> int:
        """Return the moment of the first publication after ``now``, or of one ``later``."""
        return now if self.is_live else self.last(now) + (1 + later) * self.step


def schedule(text: str) -> Schedule:
    """Return the schedule that a setting names.

    Raises:
        BadInputError: for anything else.
    """
    simple = {LIVE: 0, EACH_MINUTE: MINUTE, HOURLY: HOUR}
    if text in simple:
        return Schedule(text, simple[text])
    found = _DAILY.fullmatch(text)
    if found is None:
        raise BadInputError(WRONG)
    return Schedule(DAILY, DAY, int(found[1]) * HOUR + int(found[2]) * MINUTE)
