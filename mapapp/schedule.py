"""When the public side is published: the setting ``MAPAPP_PUBLISH`` as moments."""

from dataclasses import dataclass

MINUTE_LONG, HOUR_LONG, DAY_LONG = 60, 3_600, 86_400
UNDELAYED, HOURLY, EACH_MINUTE, ONCE_A_DAY = "live", "hourly", "minutely", "daily"
USUAL = "daily@04:00"
SCHEDULES = r"^(|live|hourly|minutely|daily@([01]\d|2[0-3]):[0-5]\d)$"
"""What the setting may be; empty: the usual one."""


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
    """Return the schedule that a setting names, one of ``SCHEDULES``."""
    simple = {UNDELAYED: 0, EACH_MINUTE: MINUTE_LONG, HOURLY: HOUR_LONG}
    if text in simple:
        return Schedule(text, simple[text])
    hour, minute = text.removeprefix(f"{ONCE_A_DAY}@").split(":")
    return Schedule(ONCE_A_DAY, DAY_LONG, int(hour) * HOUR_LONG + int(minute) * MINUTE_LONG)
