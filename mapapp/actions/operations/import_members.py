"""Members from another map's file: their places are already zones when they arrive here.

Each import has a name, and its rows are known again, so that a file can be corrected and imported
anew, and an import can be taken out.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from mapapp.actions.core import audit
from mapapp.actions.core.context import Context
from mapapp.actions.operations.import_rows import ROW_ID, Person, RowMarks, person_of
from mapapp.actions.operations.import_store import (
    Known,
    NewRow,
    change_person,
    find_import,
    insert_imported,
    remove_people,
)
from mapapp.actions.operations.import_undo import some_names
from mapapp.actions.statistics.export_make import condition_with_slug
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.csv_rows import Fields
from mapapp.domain.areas.place_cells import PERSON_COLUMNS
from mapapp.domain.areas.point_files import BadRow, Rows
from mapapp.errors import N_, NO_WORDS, BadInputError, Nn_, Words

ROW_DIFFERS = N_(
    "This row differs from the one imported under its id. To bring the import in line with the "
    "file: --replace"
)
ID_IS_EMPTY = N_("id is empty. Give every row one, or leave the column out.")
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


@dataclass
class Imported:
    """What an import did, or would do.

    ``read`` = ``added`` + ``changed`` + ``unchanged`` + ``bad``.

    Attributes:
        removed: people taken out, because the file has them no more.
        missing: people of the earlier import who are not in the file, and stay.
        elsewhere: how many people came with other imports, and how many new rows say the same as
            one of them.
        countries: of those added and changed, by code.
    """

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: int = 0
    removed: int = 0
    missing: int = 0
    elsewhere: tuple[int, int] = (0, 0)
    note: Words = NO_WORDS
    by_visibility: Counter[str] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)
    ignored_columns: set[str] = field(default_factory=set)

    @property
    def imported(self) -> int:
        """How many rows were imported."""
        return self.added + self.changed


@dataclass(frozen=True)
class ImportFile:
    """What was read from a file of members.

    Attributes:
        parts: located rows, from ``domain.areas.point_files``.
        name: what the import is called; a file of the same name is a newer form of it.
    """

    parts: Iterable[Rows]
    name: str


@dataclass(frozen=True)
class ImportRules:
    """How to import.

    Attributes:
        strict: nobody, if any row is bad.
        add: new rows are other people, whatever came before.
        replace: the import becomes what the file says: changed rows are taken over, and people who
            are not in it are taken out.
        check: only find out what would happen.
    """

    strict: bool = False
    add: bool = False
    replace: bool = False
    check: bool = False


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
    run = _Run(ctx, known, rules, done, RowMarks(ctx.settings.secret, condition.id, file.name))
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


def _refusal(done: Imported, known: Known, run: "_Run", rules: ImportRules) -> BadInputError | None:
    if done.bad and (rules.strict or rules.replace):
        return BadInputError(STRICT_REFUSED if rules.strict else REPLACE_NEEDS_ALL, n=done.bad)
    people, _same = done.elsewhere
    if known.is_new and people and done.added and not rules.add:
        names = some_names(known.other_names)
        return BadInputError(OTHER_IMPORTS if names else OLD_IMPORTS, n=people, names=names)
    if not (known.had_ids and run.has_ids) and done.added and done.missing and not rules.add:
        return BadInputError(NEW_AND_MISSING, new=done.added, missing=done.missing)
    return None


@dataclass
class _Run:
    """One import on its way."""

    ctx: Context
    known: Known
    rules: ImportRules
    done: Imported
    marks: RowMarks
    has_ids: bool = False
    same: Counter[str] = field(default_factory=Counter)

    def add_part(self, part: Rows, on_bad: Callable[[BadRow], None]) -> None:
        """Take over the rows of a part."""
        self.done.note = self.done.note or part.note
        self.has_ids = self.has_ids or any(ROW_ID in fields for _line, _zone, fields in part.good)
        new: list[NewRow] = []
        for row in part.in_order():
            self.done.read += 1
            try:
                if isinstance(row, BadRow):
                    raise row.why
                self._take(row[1], row[2], new)
            except BadInputError as error:
                self.done.bad += 1
                line = row.line if isinstance(row, BadRow) else row[0]
                on_bad(BadRow(line, error, part.unit))
        self.done.added += len(new)
        if new and not self.rules.check:
            insert_imported(self.ctx, self.known, new, has_ids=self.has_ids)

    def _take(self, zone: int, fields: Fields, new: list[NewRow]) -> None:
        self.done.ignored_columns.update(fields.keys() - PERSON_COLUMNS)
        if self.has_ids and not fields.get(ROW_ID):
            raise BadInputError(ID_IS_EMPTY)
        person = person_of(fields, zone, self.ctx.settings.site_name)
        content = self.marks.content(person)
        key = self.marks.key(fields.get(ROW_ID, ""), content)
        before = self.known.rows.pop(key, None)
        if before is None:
            new.append((person, key, content))
            self.same[content] += 1
        elif before[1] == content:
            self.done.unchanged += 1
            return
        else:
            self._change(before[0], person, content)
        country = load_areas().ancestors(zone)[0]
        self.done.countries[str(load_areas().code[country])] += 1
        self.done.by_visibility[person.visibility] += 1

    def _change(self, member_id: int, person: Person, content: str) -> None:
        if not self.rules.replace:
            raise BadInputError(ROW_DIFFERS)
        self.done.changed += 1
        if not self.rules.check:
            change_person(self.ctx, self.known.condition_id, member_id, person, content)

    def finish(self) -> None:
        """See what is left of the earlier import, and what other imports say."""
        gone = [member_id for member_id, _content in self.known.rows.values()]
        overlap = sum((self.same & self.known.elsewhere).values())
        self.done.elsewhere = (self.known.people_elsewhere, overlap)
        if not self.rules.replace:
            self.done.missing = len(gone)
            return
        self.done.removed = len(gone)
        if self.rules.check or self.done.bad:
            return
        remove_people(self.ctx, gone)
        if self.known.row is not None:
            self.known.row.has_ids = self.has_ids
