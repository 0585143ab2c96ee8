"""What tests ask of the published numbers."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from mapapp.actions.published.card_rows import OF_AREA
from mapapp.actions.published.number_check import check_published
from mapapp.actions.published.numbers_kept import placed_at
from mapapp.actions.published.publishing import publish_at_once
from mapapp.store.conditions import Condition
from mapapp.store.published import THE_SITE, AreaNumbers, NumberChange


def wrong_numbers(session: Session) -> list[object]:
    """Return what a recount finds wrong: numbers, and people who are not shown as they chose."""
    found = check_published(session)
    return [*found.numbers, *range(found.cards)]


def numbers_of_areas(session: Session) -> dict[int, int]:
    """Return the published numbers of all maps by area."""
    numbers: Counter[int] = Counter()
    for condition_id in session.scalars(select(AreaNumbers.condition_id).distinct()).all():
        if condition_id == THE_SITE:
            continue
        placed = placed_at(session, condition_id)
        numbers.update(dict(zip(placed.ids.tolist(), placed.people.tolist(), strict=True)))
    return dict(numbers)


def change_number(session: Session, condition: Condition, area_id: int, by: int) -> None:
    """Publish a number that no people stand behind, for tests that are about numbers alone."""
    change_numbers(session, condition, {area_id: by})


def change_numbers(session: Session, condition: Condition, by: Mapping[int, int]) -> None:
    """Publish such numbers of several areas at once."""
    change = {"condition_id": condition.id, "key": OF_AREA, "visibility": "members"}
    rows = [{**change, "area_id": area_id, "n": n} for area_id, n in by.items()]
    session.execute(insert(NumberChange), rows)
    publish_at_once(session)
    session.refresh(condition)
