"""Several limits of one subject, read by one statement and written by another."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from mapapp.actions.core.context import Context
from mapapp.actions.core.quotas import Limit, key_of
from mapapp.errors import LimitError
from mapapp.store.limits import Quota

QUOTA_ROWS: Table = Quota.__table__  # type: ignore[assignment]
_READ = (
    select(QUOTA_ROWS.c.subject, QUOTA_ROWS.c.used, QUOTA_ROWS.c.ends)
    .where(QUOTA_ROWS.c.subject.in_(bindparam("subjects", expanding=True)))
    .with_for_update()
)
_CHANGE = (
    update(QUOTA_ROWS)
    .where(QUOTA_ROWS.c.subject == bindparam("of"))
    .values(used=bindparam("now_used"), ends=bindparam("now_ends"))
)


def _adding(dialect: Any) -> Any:
    """Return the statement for new rows; what another act wrote meanwhile is added to."""
    stating = dialect.insert(QUOTA_ROWS)
    both = {"used": QUOTA_ROWS.c.used + stating.excluded.used}
    return stating.on_conflict_do_update(index_elements=["subject"], set_=both)


_ADD = {"sqlite": _adding(sqlite), "postgresql": _adding(postgresql)}


@dataclass(frozen=True)
class Windows:
    """Limits as they were read, and what an act uses of them until it calls ``store``.

    The act has locked its subject, such as the member, so no two of theirs count at once.
    """

    ctx: Context
    keys: dict[str, str]
    found: dict[str, tuple[int, int]]
    now: dict[str, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, ctx: Context, limits: Iterable[Limit], *subject: int) -> Self:
        """Read ``limits`` of a subject, which begins with ``quotas.number_of`` a member."""
        keys = {limit.name: key_of(ctx, limit, *subject) for limit in limits}
        rows = ctx.session.connection().execute(_READ, {"subjects": list(keys.values())})
        return cls(ctx, keys, {row.subject: (row.used, row.ends) for row in rows})

    def use(self, limit: Limit) -> None:
        """Count one use of ``limit``.

        Raises:
            LimitError: when nothing is left; then nothing is counted.
        """
        if not self.try_use(limit):
            raise LimitError(limit.message)

    def try_use(self, limit: Limit) -> bool:
        """Count one use and return True, or return False when nothing is left."""
        after = limit.one_more(*self._read(limit), self.ctx.now)
        if after is None:
            return False
        self.now[self.keys[limit.name]] = after
        return True

    def open(self, limit: Limit) -> None:
        """Open the window of ``limit`` now, without a use; an open one stays as it is."""
        if not self.is_open(limit):
            self.now[self.keys[limit.name]] = 0, limit.window_end(self.ctx.now)

    def is_open(self, limit: Limit) -> bool:
        """Whether the window of ``limit`` is open."""
        return self._read(limit)[1] > self.ctx.now

    def store(self) -> None:
        """Write what changed."""
        connection = self.ctx.session.connection()
        changed = [(key, *row) for key, row in self.now.items() if key in self.found]
        new = [(key, *row) for key, row in self.now.items() if key not in self.found]
        if changed:
            names = ("of", "now_used", "now_ends")
            connection.execute(_CHANGE, [dict(zip(names, row, strict=True)) for row in changed])
        if new:
            names = ("subject", "used", "ends")
            adding = _ADD[connection.dialect.name]
            connection.execute(adding, [dict(zip(names, row, strict=True)) for row in new])

    def _read(self, limit: Limit) -> tuple[int, int]:
        key = self.keys[limit.name]
        return self.now.get(key) or self.found.get(key) or (0, 0)
