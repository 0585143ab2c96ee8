"""What a report's form shows, sealed in the form itself: a report tells what its sender saw.

Whoever wrote it may delete it, leave or block while the form is open. The site keeps no copy then:
it comes back with the form, for an hour or two, and becomes evidence only when it is sent.
"""

import json
from dataclasses import asdict, replace

from sqlalchemy import select

from mapapp.actions.core.context import Context
from mapapp.actions.core.quotas import HOUR
from mapapp.actions.moderation.report_subject import Reported
from mapapp.domain.core.keyed_hash import seal, unseal
from mapapp.errors import BadInputError
from mapapp.store.members import Member

REPORT_COPY = "report"
PADDED_TO = 1024  # bytes


def sealed_copy(ctx: Context, found: Reported) -> str:
    """Return what the reader sees of a piece, which this site alone can open, for them alone."""
    # The messages around it are not on the page, and go when they are deleted.
    shown = {name: value for name, value in found.evidence.items() if name != "context"}
    told = asdict(replace(found, evidence=shown))
    text = json.dumps([ctx.now // HOUR, ctx.member_id, told], ensure_ascii=False)
    # Its length must not tell what the page does not show.
    padded = text + " " * (-len(text.encode()) % PADDED_TO)
    return seal(ctx.settings.secret, REPORT_COPY, padded)


def opened_copy(ctx: Context, sealed: str, kind: str, piece: str) -> Reported | None:
    """Return what the reader saw; its ``subject_id`` is 0 where they have left the site.

    None for a copy of something else, of somebody else, or of long ago.
    """
    try:
        hour, reader_id, told = json.loads(unseal(ctx.settings.secret, REPORT_COPY, sealed))
        seen = Reported(**told)
    except (BadInputError, TypeError):  # TypeError: sealed by an earlier version of the program
        return None
    is_fresh = ctx.now // HOUR - hour in {0, 1}
    if not is_fresh or (reader_id, seen.kind, seen.piece) != (ctx.member_id, kind, piece):
        return None
    is_here = ctx.session.scalar(select(Member.id).where(Member.id == seen.subject_id))
    return seen if is_here else replace(seen, subject_id=0)
