"""With which publication a change comes (privacy rule 4: coming and going cannot be timed)."""

from mapapp.domain.core.keyed_hash import keyed_digest
from mapapp.schedule import Schedule

LOTS = 3
"""A change comes with one of so many publications, so that its day cannot be told."""


def due(when: Schedule, secret: str, who: str, now: int) -> int:
    """Return the moment of the publication with which a change comes: one of the next three.

    Args:
        when: the site's schedule.
        secret: the site's key.
        who: public id of the membership that changed.
        now: the moment of the change (Unix seconds). Two changes before the same publication draw
            the same lot, so that changing again and again gains nothing.
    """
    lot = keyed_digest(secret, "publication", who, when.last(now))
    drawn = int.from_bytes(lot[:8], "big") % LOTS
    return when.next(now, drawn)
