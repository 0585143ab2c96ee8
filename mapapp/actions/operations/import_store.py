"""Imports and their people in the database: finding, changing and taking out."""

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.core.locking import lock_members, locked
from mapapp.actions.members.profile_edit import my_languages
from mapapp.actions.members.request_ends import end_requests
from mapapp.actions.members.visibility_change import my_membership
from mapapp.actions.operations.import_rows import Person, short_mark
from mapapp.actions.published.card_changes import card_changed, card_says_otherwise, seen
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.core.dates import this_month
from mapapp.domain.core.hidden_reasons import visible_as
from mapapp.domain.core.visibilities import is_listed
from mapapp.store.conditions import Condition
from mapapp.store.members import ImportedRow, Member, MemberImport, MemberLanguage, Membership

IMPORTED = "import"
KEYS_A_QUERY = 5_000
ROWS_A_FETCH = 10_000
Before = dict[str, tuple[int, str]]
"""Members and content marks by the key of their row."""


@dataclass
class Known:
    """What the database knows of an import, and of others of the same condition.

    Attributes:
        row: the import, once there is one; ``is_new`` says that there was none before.
        had_ids: whether its rows were known by the other map's ids.
        people: how many it has, the last of them ``last_id``.
        found: members whose rows were found in the file.
        elsewhere: short content marks of other imports.
        people_elsewhere: everyone of other imports, also of those from before imports had names.
    """

    condition_id: int
    name: str
    row: MemberImport | None
    is_new: bool = True
    had_ids: bool = False
    people: int = 0
    last_id: int = 0
    found: "array[int]" = field(default_factory=lambda: array("q"))
    elsewhere: Counter[int] = field(default_factory=Counter)
    people_elsewhere: int = 0
    other_names: tuple[str, ...] = ()


def find_import(session: Session, condition_id: int, name: str) -> Known:
    """Return what is known of an import; two imports for one condition run one by one."""
    session.execute(locked(select(Condition.id).where(Condition.id == condition_id)))
    here = select(MemberImport).where(MemberImport.condition_id == condition_id)
    imports = session.scalars(here.order_by(MemberImport.name)).all()
    known = Known(condition_id, name, next((row for row in imports if row.name == name), None))
    known.is_new, known.had_ids = known.row is None, known.row is not None and known.row.has_ids
    known.other_names = tuple(row.name for row in imports if row.name != name)
    if known.row is not None:
        mine = ImportedRow.import_id == known.row.id
        members = select(func.count(), func.coalesce(func.max(ImportedRow.member_id), 0))
        known.people, known.last_id = session.execute(members.where(mine)).one()
    others = [row.id for row in imports if row.name != name]
    contents = select(ImportedRow.content).where(ImportedRow.import_id.in_(others))
    if others:
        rows = session.scalars(contents.execution_options(yield_per=ROWS_A_FETCH))
        known.elsewhere.update(map(short_mark, rows))
    known.people_elsewhere = _imported_people(session, condition_id) - known.people
    return known


def find_rows(session: Session, known: Known, keys: Sequence[str]) -> Before:
    """Return those of the rows that were there before."""
    found: Before = {}
    if known.row is None or known.is_new:
        return found
    query = select(ImportedRow.key, ImportedRow.member_id, ImportedRow.content)
    mine = (ImportedRow.import_id == known.row.id, ImportedRow.member_id <= known.last_id)
    for at in range(0, len(keys), KEYS_A_QUERY):
        asked = ImportedRow.key.in_(keys[at : at + KEYS_A_QUERY])
        for key, member_id, content in session.execute(query.where(*mine, asked)):
            found[key] = member_id, content
    return found


def members_not_found(session: Session, known: Known) -> list[int]:
    """Return the members of the earlier import whose rows are not in the file."""
    if known.row is None or known.is_new or known.people == len(known.found):
        return []
    mine = (ImportedRow.import_id == known.row.id, ImportedRow.member_id <= known.last_id)
    query = select(ImportedRow.member_id).where(*mine).order_by(ImportedRow.member_id)
    every = session.scalars(query.execution_options(yield_per=ROWS_A_FETCH))
    ids = np.fromiter(every, np.int64)
    gone = np.setdiff1d(ids, np.frombuffer(known.found, np.int64), assume_unique=True)
    return [int(member_id) for member_id in gone]


def _imported_people(session: Session, condition_id: int) -> int:
    query = (
        select(func.count())
        .select_from(Membership)
        .join(Member, Member.id == Membership.member_id)
        .where(Membership.condition_id == condition_id, Member.source == IMPORTED)
    )
    return session.scalar(query) or 0


def change_person(
    ctx: Context, condition_id: int, member_id: int, person: Person, content: str
) -> None:
    """Bring an imported member in line with their row; what moderators did stays as it is."""
    lock_members(ctx.session, member_id)
    spoken = my_languages(ctx.session, member_id)
    ctx.session.execute(delete(MemberLanguage).where(MemberLanguage.member_id == member_id))
    ctx.session.add_all(MemberLanguage(member_id=member_id, language=t) for t in person.languages)
    old = my_membership(ctx.session, member_id, condition_id)
    before = seen(old)
    if old.pseudonym and person.pseudonym:  # moderators may have removed it
        old.pseudonym = person.pseudonym
    old.role = person.role
    if old.area_id != person.zone:
        old.area_id, old.area_version, old.month = person.zone, load_areas().version, this_month()
    old.chosen_visibility = person.visibility if old.hidden_reasons else ""
    old.visibility = visible_as(person.visibility, old.hidden_reasons)
    card_changed(ctx, old, before)
    if spoken != tuple(sorted(person.languages)):
        card_says_otherwise(ctx, old, takes_away=False)
    if is_listed(before.visibility) and not is_listed(old.visibility):
        end_requests(ctx, member_id, condition_id)
    ctx.session.get_one(ImportedRow, member_id).content = content
    ctx.session.flush()
