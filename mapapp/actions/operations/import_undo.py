"""Taking an import out again: everyone who came with it is erased."""

from collections.abc import Callable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.actions.account.member_erase_many import erase_members
from mapapp.actions.core import audit
from mapapp.actions.core.context import Context
from mapapp.actions.core.locking import locked
from mapapp.actions.statistics.export_plan import condition_with_slug
from mapapp.errors import N_, BadInputError, NotFoundError
from mapapp.store.conditions import Condition
from mapapp.store.database import much_room
from mapapp.store.members import ImportedRow, MemberImport

MOST_IMPORTS = 10  # of imports, in a message
NO_SUCH_IMPORT = N_("No import has the name “%(name)s”. There are: %(names)s.")
NO_IMPORTS = N_("There is no import that can be taken out.")
SEVERAL_IMPORTS = N_(
    "Imports for several conditions have this name: %(slugs)s. Say which: --condition"
)


def undo_import(
    ctx: Context, name: str, slug: str = "", advance: Callable[[int], None] = lambda done: None
) -> int:
    """Take out everyone who came with the import ``name``, and return how many there were.

    Args:
        ctx: with one transaction for all.
        name: of the import.
        slug: its condition; '' where only one import has the name.
        advance: called with how many are taken out.

    Raises:
        NotFoundError: when there is no such import.
        BadInputError: when imports for several conditions have the name.
    """
    row, condition = _the_import(ctx.session, name, slug, lock=True)
    query = select(ImportedRow.member_id).where(ImportedRow.import_id == row.id)
    people = ctx.session.scalars(query.order_by(ImportedRow.member_id)).all()
    with much_room(ctx.session.connection()):
        erase_members(ctx, people, advance)
    ctx.session.delete(row)
    audit.record(
        ctx.session, audit.SHELL, "import-undo", condition=condition, name=name, removed=len(people)
    )
    return len(people)


def people_of_import(session: Session, name: str, slug: str = "") -> int:
    """Return how many people ``undo_import`` would take out; it raises the same."""
    row, _condition = _the_import(session, name, slug, lock=False)
    query = select(func.count()).where(ImportedRow.import_id == row.id)
    return session.scalar(query) or 0


def some_names(names: Sequence[str]) -> str:
    """Return names on one line that stays readable, however many there are."""
    return ", ".join([*names[:MOST_IMPORTS], *(["…"] if len(names) > MOST_IMPORTS else [])])


def _the_import(session: Session, name: str, slug: str, *, lock: bool) -> tuple[MemberImport, str]:
    query = (
        select(MemberImport, Condition.slug)
        .join(Condition, Condition.id == MemberImport.condition_id)
        .where(MemberImport.name == name)
        .order_by(Condition.slug)
    )
    if slug:
        query = query.where(Condition.id == condition_with_slug(session, slug).id)
    query = locked(query, of=MemberImport) if lock else query
    found = session.execute(query).all()
    if not found:
        raise _no_such_import(session, name)
    if len(found) > 1:
        raise BadInputError(
            SEVERAL_IMPORTS, slugs=some_names([condition for _row, condition in found])
        )
    return found[0][0], found[0][1]


def _no_such_import(session: Session, name: str) -> NotFoundError:
    query = select(MemberImport.name).distinct().order_by(MemberImport.name)
    names = session.scalars(query.limit(MOST_IMPORTS + 1)).all()
    if not names:
        return NotFoundError(NO_IMPORTS)
    return NotFoundError(NO_SUCH_IMPORT, name=name, names=some_names(names))
