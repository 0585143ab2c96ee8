"""One import on its way: each row is compared with what is there, a part of the file at a time."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from mapapp.actions.account.member_erase_many import erase_members
from mapapp.actions.core.context import Context
from mapapp.actions.operations.import_insert import NewRow, insert_imported
from mapapp.actions.operations.import_rows import ROW_ID, RowMarks, person_of, short_mark
from mapapp.actions.operations.import_store import (
    Before,
    Known,
    change_person,
    find_rows,
    members_not_found,
)
from mapapp.domain.areas.area_tree import COUNTRY, load_areas
from mapapp.domain.areas.csv_rows import Fields
from mapapp.domain.areas.place_cells import PERSON_COLUMNS
from mapapp.domain.areas.point_files import BadRow, Rows
from mapapp.errors import N_, NO_WORDS, BadInputError, Words

ROW_DIFFERS = N_(
    "This row differs from the one imported under its id. To bring the import in line with the "
    "file: --replace"
)
ID_IS_EMPTY = N_("id is empty. Give every row one, or leave the column out.")


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


@dataclass
class ImportRun:
    """An import, what the site knows of it, and what it did so far."""

    ctx: Context
    known: Known
    rules: ImportRules
    done: Imported
    marks: RowMarks
    has_ids: bool = False
    same: Counter[int] = field(default_factory=Counter)

    def add_part(self, part: Rows, on_bad: Callable[[BadRow], None]) -> None:
        """Take over the rows of a part; what it costs does not depend on the parts before."""
        self.done.note = self.done.note or part.note
        self.has_ids = self.has_ids or any(ROW_ID in fields for _line, _zone, fields in part.good)
        site_name = self.ctx.settings.site_name
        rows = [(row, self._read(row, site_name)) for row in part.in_order()]
        keys = [read[1] for _row, read in rows if not isinstance(read, BadInputError)]
        before = find_rows(self.ctx.session, self.known, keys)
        new: list[NewRow] = []
        for row, read in rows:
            try:
                self._take(read, before, new)
            except BadInputError as error:
                self.done.bad += 1
                line = row.line if isinstance(row, BadRow) else row[0]
                on_bad(BadRow(line, error.with_traceback(None), part.unit))
        self.done.read += len(rows)
        self.done.added += len(new)
        self._count(new)
        self._compare(new)
        if new and not self.rules.check:
            insert_imported(self.ctx, self.known, new, has_ids=self.has_ids)

    def _read(self, row: tuple[int, int, Fields] | BadRow, name: str) -> NewRow | BadInputError:
        """Return what a row says, with its marks, or why it cannot be used."""
        if isinstance(row, BadRow):
            return row.why
        _line, zone, fields = row
        self.done.ignored_columns.update(fields)
        row_id = fields.get(ROW_ID, "")
        if self.has_ids and not row_id:
            return BadInputError(ID_IS_EMPTY)
        try:
            person = person_of(fields, zone, name)
            content = self.marks.content(person)
            return person, self.marks.key(row_id, content), content
        except BadInputError as error:
            return error.with_traceback(None)  # which would keep the whole part in memory

    def _take(self, row: NewRow | BadInputError, before: Before, new: list[NewRow]) -> None:
        if isinstance(row, BadInputError):
            raise row
        if row[1] not in before:
            new.append(row)
            return
        member_id, content = before[row[1]]
        self.known.found.append(member_id)
        if content == row[2]:
            self.done.unchanged += 1
        else:
            self._change(member_id, row)

    def _change(self, member_id: int, row: NewRow) -> None:
        if not self.rules.replace:
            raise BadInputError(ROW_DIFFERS)
        self.done.changed += 1
        self._count([row])
        if not self.rules.check:
            person, _key, content = row
            change_person(self.ctx, self.known.condition_id, member_id, person, content)

    def _count(self, rows: list[NewRow]) -> None:
        """Count what the command will say of people who are added or changed."""
        areas = load_areas()
        zones = np.array([person.zone for person, _, _ in rows], np.int64)
        for country, people in Counter(areas.at_level(zones, COUNTRY).tolist()).items():
            self.done.countries[str(areas.code[country])] += people
        self.done.by_visibility.update(person.visibility for person, _, _ in rows)

    def _compare(self, new: list[NewRow]) -> None:
        """Count new rows that say what a row of another import says."""
        if self.known.elsewhere:
            contents = (short_mark(content) for _, _, content in new)
            self.same.update(one for one in contents if one in self.known.elsewhere)

    def finish(self) -> None:
        """See what is left of the earlier import, and what other imports say."""
        self.done.ignored_columns -= PERSON_COLUMNS
        gone = members_not_found(self.ctx.session, self.known)
        overlap = sum((self.same & self.known.elsewhere).values())
        self.done.elsewhere = (self.known.people_elsewhere, overlap)
        if not self.rules.replace:
            self.done.missing = len(gone)
            return
        self.done.removed = len(gone)
        if self.rules.check or self.done.bad:
            return
        erase_members(self.ctx, gone)
        if self.known.row is not None:
            self.known.row.has_ids = self.has_ids
