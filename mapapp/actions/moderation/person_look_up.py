"""A moderator looks up a person on a map, without a report, to act on that map.

It opens a case that the moderator has taken, with what the map shows of the person: from there on
everything is as in every other case. Nobody is found who is not shown by name.
"""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.core import audit, quotas
from mapapp.actions.core.context import Context
from mapapp.actions.moderation.case_decide import take
from mapapp.actions.moderation.case_note import write_note
from mapapp.actions.moderation.report_subject import card_evidence
from mapapp.actions.published.card_lists import as_listing, card_at
from mapapp.actions.safety.case_open import About, locked_case, open_case
from mapapp.domain.safety.case_rules import CATEGORIES, OPEN, PERSON, checked_words
from mapapp.errors import N_, BadInputError, NotFoundError
from mapapp.store.conditions import Condition
from mapapp.store.published import ListingRow

_NUMBER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
NOBODY_SHOWN = N_("Nobody who is shown on a map has this number.")


def look_up(ctx: Context, address: str, category: str, reason: str) -> str:
    """Open a case about a person, take it, and return its address.

    A case about them that waits already is the one that is taken; one that another moderator has
    taken stays theirs, and gets the reason as a note.

    Args:
        ctx: who looks, and where.
        address: of a page about the person, or the number alone that stands in it.
        category: one of those in which people report.
        reason: for the audit log, and the first note on the case; the person does not read it.

    Raises:
        BadInputError: without a number, a category or a reason.
        NotFoundError: when nobody is shown there, and for the moderator themself.
        NotAllowedError: for somebody whom the moderator reported or talks with on that map.
        LimitError: for more than 20 people a day.
    """
    number = _NUMBER.search(address)
    if number is None:
        raise BadInputError(N_("Paste the address of a page about the person, or their number."))
    if category not in CATEGORIES:
        raise BadInputError(N_("Choose what is wrong."))
    words = checked_words(reason)
    about, evidence = _shown(ctx, number[0].lower())
    quotas.use(ctx, quotas.LOOK_UPS, ctx.member_id)
    case_id = open_case(ctx.session, about, category, evidence).public_id
    case = locked_case(ctx.session, ctx.member_id, case_id)
    who = audit.actor(ctx.session, ctx.member_id)
    audit.record(ctx.session, who, "case-look-up", words, case=case_id)
    write_note(ctx, case, words)
    if case.state == OPEN:
        take(ctx.session, ctx.member_id, case_id)
    return case_id


def _shown(ctx: Context, public_id: str) -> tuple[About, dict[str, object]]:
    """Return whose card it is and what stands on it."""
    here = _map_of(ctx.session, public_id)
    row = card_at(ctx.session, here[0], public_id) if here else None
    if here is None or row is None or row.member_id == ctx.member_id:
        raise NotFoundError(NOBODY_SHOWN)
    evidence = card_evidence(ctx.areas, as_listing(row), here[1])
    return About(PERSON, public_id, row.member_id, here[0]), evidence


def _map_of(session: Session, public_id: str) -> tuple[int, str] | None:
    found = session.execute(
        select(Condition.id, Condition.name)
        .join(ListingRow, ListingRow.condition_id == Condition.id)
        .where(ListingRow.public_id == public_id, Condition.shown)
        .limit(1)
    ).first()
    return (found[0], found[1]) if found else None
