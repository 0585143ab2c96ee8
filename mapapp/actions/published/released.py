"""Reads releases: the one place from which noisy numbers reach pages, feeds, API and exports."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session

from mapapp.actions.core.paging import Key, Order, Page, Spot, mapped, read_page
from mapapp.domain.published.release_rules import (
    ALL_QUERIES,
    THOUSAND,
    Attribute,
    Level,
    Query,
    cell,
    query_of,
)
from mapapp.store.conditions import Condition
from mapapp.store.records import Release, ReleaseShare

_COLUMNS = (Release.query, Release.epoch, Release.numbers, Release.least, Release.error)


@dataclass(frozen=True)
class Released:
    """The answer to one question, as of its epoch.

    Attributes:
        numbers: those that are shown, by cell (``release_rules.cell``).
        least: what is missing is fewer than this.
        error: 95 of 100 numbers are nearer to the truth than this.
    """

    epoch: str
    numbers: dict[str, int]
    least: int
    error: int

    def number(self, place: str = "", value: str = "") -> int | None:
        """Return a number, None where it is fewer than ``least``."""
        return self.numbers.get(cell(place, value))


def released(session: Session, condition_id: int, query: Query, epoch: str = "") -> Released | None:
    """Return the answer to ``query`` of an epoch, or the newest; None where there is none."""
    found = session.execute(_newest(condition_id, query, epoch)).one_or_none()
    return _read(found) if found else None


def released_at_each(
    session: Session, condition_id: int, attribute: Attribute
) -> dict[Level, Released]:
    """Return the newest answers about ``attribute``, in the world and in countries, at once."""
    found = newest_released(session, condition_id, [query_of(attribute, one) for one in Level])
    return {Level(key.partition(":")[2]): answer for key, answer in found.items()}


def newest_released(
    session: Session, condition_id: int, queries: Sequence[Query] = ALL_QUERIES
) -> dict[str, Released]:
    """Return the newest answers to ``queries`` by their keys, at once; those that there are."""
    asked = (_newest(condition_id, query).subquery() for query in queries)
    rows = session.execute(union_all(*(select(one) for one in asked)))
    return {row.query: _read(row) for row in rows}


def all_released(
    session: Session, condition_id: int, size: int, spot: Spot | None = None
) -> Page[tuple[str, Released]]:
    """Return a page of ``size`` of all answers for a map, each with the key of its question.

    Raises:
        BadInputError: for a spot of another list.
    """
    order = Order((Key(Release.query), Key(Release.epoch)), size)
    query = select(*_COLUMNS).where(Release.condition_id == condition_id)
    return mapped(read_page(session, query, order, spot), lambda row: (str(row.query), _read(row)))


def _newest(condition_id: int, query: Query, epoch: str = "") -> Select[str, str, str, int, int]:
    then = [Release.epoch == epoch] if epoch else []
    return (
        select(*_COLUMNS)
        .where(Release.condition_id == condition_id, Release.query == query.key, *then)
        .order_by(Release.epoch.desc())
        .limit(1)
    )


def _read(row: Any) -> Released:
    return Released(row.epoch, json.loads(row.numbers), row.least, row.error)


@dataclass(frozen=True)
class HiddenPeople:
    """About how many people of a map are only counted; ``error`` as in ``Released``."""

    number: int
    error: int
    epoch: str


def hidden_people(session: Session, condition_id: int, country: str = "") -> HiddenPeople | None:
    """Return the estimate of a country (by its code) or of the world; None where none is shown."""
    query = query_of(Attribute.PEOPLE, Level.COUNTRY if country else Level.WORLD)
    answer = released(session, condition_id, query)
    number = answer.number(country) if answer else None
    if answer is None or number is None:
        return None
    return HiddenPeople(number, answer.error, answer.epoch)


def my_shares(session: Session, member_id: int) -> list[dict[str, Any]]:
    """Return for each map the last release that a member was in, for "my data"."""
    rows = session.execute(
        select(Condition.name, ReleaseShare.year, ReleaseShare.epoch, ReleaseShare.spent)
        .join(ReleaseShare, ReleaseShare.condition_id == Condition.id)
        .where(ReleaseShare.member_id == member_id)
        .order_by(Condition.name, Condition.id)
    )
    return [
        {"condition": name, "year": year, "last": epoch, "epsilon": spent / THOUSAND}
        for name, year, epoch, spent in rows
    ]
