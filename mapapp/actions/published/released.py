"""Reads releases: the one place from which noisy numbers reach pages, feeds, API and exports."""

import json
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.domain.published.release_rules import Attribute, Level, Query, cell, query_of
from mapapp.store.records import Release


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
    then = [Release.epoch == epoch] if epoch else []
    found = session.execute(
        select(Release.epoch, Release.numbers, Release.least, Release.error)
        .where(Release.condition_id == condition_id, Release.query == query.key, *then)
        .order_by(Release.epoch.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        return None
    return Released(found.epoch, json.loads(found.numbers), found.least, found.error)


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
