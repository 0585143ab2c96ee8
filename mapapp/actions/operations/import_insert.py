"""Puts imported people into the database, a part of a file at a time."""

import random
from itertools import repeat

from mapapp.actions.core.context import Context
from mapapp.actions.operations.import_rows import Person
from mapapp.actions.operations.import_store import IMPORTED, Known
from mapapp.actions.published.publishing import WITH_THE_NEXT
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.core.dates import this_month
from mapapp.domain.core.hidden_reasons import NOT_HIDDEN
from mapapp.domain.core.random_ids import ids_together, random_ids
from mapapp.domain.core.visibilities import LISTED
from mapapp.domain.members.pseudonyms import suggest_pseudonym
from mapapp.domain.published.listing_order import order_keys
from mapapp.store.bulk import Values, copy_rows, reserve_ids
from mapapp.store.members import ImportedRow, Member, MemberImport, MemberLanguage, Membership

MEMBER_COLUMNS = ("id", "account_id", "session_handle", "active", "source")
LANGUAGE_COLUMNS = ("member_id", "language")
MEMBERSHIP_COLUMNS = (
    *("public_id", "condition_id", "member_id", "pseudonym", "area_id", "area_version"),
    *("visibility", "hidden_reasons", "chosen_visibility", "role", "month", "listing_order", "due"),
)
ROW_COLUMNS = ("member_id", "import_id", "key", "content")

NewRow = tuple[Person, str, str]
"""A person with the key and the content mark of their row."""


def insert_imported(ctx: Context, known: Known, people: list[NewRow], *, has_ids: bool) -> None:
    """Add a member for each of ``people`` to the import, which is made if it is new."""
    if known.row is None:
        known.row = MemberImport(condition_id=known.condition_id, name=known.name, has_ids=has_ids)
        ctx.session.add(known.row)
        ctx.session.flush()
    number, import_id = len(people), known.row.id
    ids = reserve_ids(ctx.session, Member, number)
    # No page shows these two, so they may lie together, and need not be looked for in all indexes.
    accounts, handles = ids_together(number), ids_together(number)
    members = zip(ids, accounts, handles, repeat(True), repeat(IMPORTED), strict=False)
    spoken = [
        (member_id, tag)
        for member_id, (person, _, _) in zip(ids, people, strict=True)
        for tag in person.languages
    ]
    rows = (
        (member_id, import_id, key, content)
        for member_id, (_, key, content) in zip(ids, people, strict=True)
    )
    connection = ctx.session.connection()
    copy_rows(connection, Member, MEMBER_COLUMNS, members)
    copy_rows(connection, MemberLanguage, LANGUAGE_COLUMNS, spoken)
    copy_rows(connection, Membership, MEMBERSHIP_COLUMNS, _memberships(ctx, known, ids, people))
    copy_rows(connection, ImportedRow, ROW_COLUMNS, sorted(rows, key=lambda row: row[2]))


def _memberships(ctx: Context, known: Known, ids: list[int], people: list[NewRow]) -> list[Values]:
    """Return memberships by public id: in this order an index takes them fastest."""
    condition_id, version, month = known.condition_id, load_areas().version, this_month()
    order_of = order_keys(ctx.settings.secret, condition_id)
    source, hidden = random.SystemRandom(), int(NOT_HIDDEN)
    rows: list[Values] = []
    for member_id, (person, _, _), public_id in zip(
        ids, people, random_ids(len(people)), strict=True
    ):
        seen = person.visibility
        name = person.pseudonym or suggest_pseudonym(source)
        due = WITH_THE_NEXT if seen in LISTED else None
        who = (public_id, condition_id, member_id, name, person.zone, version)
        rows.append((*who, seen, hidden, "", person.role, month, order_of(public_id), due))
    return sorted(rows)
