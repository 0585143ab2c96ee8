"""Members from another map's file: their places are already zones when they arrive here.

Each import has a name, and its rows are known again, so that a file can be corrected and imported
anew, and an import can be taken out.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from mapapp.actions.core import audit
from mapapp.actions.core.context import Context
from mapapp.actions.operations.import_rows import RowMarks
from mapapp.actions.operations.import_run import Imported, ImportRules, ImportRun
from mapapp.actions.operations.import_store import (
    Known,
    find_import,
)
from mapapp.actions.operations.import_undo import some_names
from mapapp.actions.statistics.export_plan import condition_with_slug
from mapapp.domain.areas.point_files import BadRow, Rows
from mapapp.errors import N_, BadInputError, Nn_
from mapapp.store.database import much_room

STRICT_REFUSED = Nn_(
    "Nothing was imported: %(n)s row was refused, and --strict was given.",
    "Nothing was imported: %(n)s rows were refused, and --strict was given.",
)
REPLACE_NEEDS_ALL = Nn_(
    "Nothing was imported: %(n)s row was refused. With --replace every row must be good, for "
    "whoever is not in the file is taken out.",
    "Nothing was imported: %(n)s rows were refused. With --replace every row must be good, for "
    "whoever is not in the file is taken out.",
)
OTHER_IMPORTS = Nn_(
    "Nothing was imported: %(n)s person of this condition came with another import (%(names)s). If "
    "this file corrects it, give its name with --name. If these are other people: --add",
    "Nothing was imported: %(n)s people of this condition came with other imports (%(names)s). If "
    "this file corrects one, give its name with --name. If these are other people: --add",
)
OLD_IMPORTS = Nn_(
    "Nothing was imported: %(n)s person of this condition came with an import that has no name. If "
    "these are other people: --add",
    "Nothing was imported: %(n)s people of this condition came with imports that have no name. If "
    "these are other people: --add",
)
NEW_AND_MISSING = N_(
    "Nothing was imported. New rows: %(new)s. People of the earlier import who are not in this "
    "file: %(missing)s. Without the same ids in both, changed rows cannot be told from new ones. "
    "To take out who is missing: --replace. To keep them and add the new ones: --add"
)


@dataclass(frozen=True)
class ImportFile:
    """What was read from a file of members.

    Attributes:
        parts: located rows, from ``domain.areas.point_files``.
        name: what the import is called; a file of the same name is a newer form of it.
    """

    parts: Iterable[Rows]
    name: str


def add_members(
    ctx: Context,
    slug: str,
    file: ImportFile,
    rules: ImportRules,
    on_bad: Callable[[BadRow], None] = lambda bad: None,
) -> tuple[Imported, BadInputError | None]:
    """Add a member for every good row of a file that is not there yet.

    Args:
        ctx: with one transaction for all; it must be rolled back when there is an error.
        slug: the condition.
        file: what was read.
        rules: how.
        on_bad: called with every bad row, in order.

    Returns:
        what was done, and the error why nothing may be kept of it, if there is one.

    Raises:
        NotFoundError: when there is no such condition.
        BadInputError: when the file cannot be read.
    """
    condition = condition_with_slug(ctx.session, slug)
    known = find_import(ctx.session, condition.id, file.name)
    done = Imported()
    run = ImportRun(ctx, known, rules, done, RowMarks(ctx.settings.secret, condition.id, file.name))
    with much_room(ctx.session.connection()):
        for part in file.parts:
            run.add_part(part, on_bad)
        run.finish()
    why = _refusal(done, known, run, rules)
    if not rules.check and why is None and (done.imported or done.removed):
        _record(ctx.session, slug, file.name, done)
    return done, why


def _record(session: Session, slug: str, name: str, done: Imported) -> None:
    audit.record(
        session,
        audit.SHELL,
        "import",
        condition=slug,
        name=name,
        added=done.added,
        changed=done.changed,
        removed=done.removed,
        visibilities=dict(done.by_visibility),
    )


def _refusal(
    done: Imported, known: Known, run: ImportRun, rules: ImportRules
) -> BadInputError | None:
    if done.bad and (rules.strict or rules.replace):
        return BadInputError(STRICT_REFUSED if rules.strict else REPLACE_NEEDS_ALL, n=done.bad)
    people, _same = done.elsewhere
    if known.is_new and people and done.added and not rules.add:
        names = some_names(known.other_names)
        return BadInputError(OTHER_IMPORTS if names else OLD_IMPORTS, n=people, names=names)
    if not (known.had_ids and run.has_ids) and done.added and done.missing and not rules.add:
        return BadInputError(NEW_AND_MISSING, new=done.added, missing=done.missing)
    return None
