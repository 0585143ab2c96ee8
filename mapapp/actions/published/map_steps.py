"""The round numbers of people that maps pass, noted when a publication stands.

Only what is published is compared, so nothing is told that the map does not show. A step that was
noted once is never noted again, however the numbers fall and rise.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.domain.published.step_rules import ROUND_NUMBERS, steps_passed
from mapapp.store.bulk import insert_rows
from mapapp.store.conditions import Condition
from mapapp.store.records import MapStep

MAPS_A_PART = 500


def note_steps(session: Session, changes: Iterable[Mapping[str, int]]) -> None:
    """Note the steps that maps have passed with the publication that was just counted.

    Args:
        session: in the transaction of the publication, after it was counted.
        changes: by how many people (``by``) which map (``of_map``, its number) has changed.
    """
    grown = [(one["of_map"], one["by"]) for one in changes if one["by"] > 0]
    for at in range(0, len(grown), MAPS_A_PART):
        by = dict(grown[at : at + MAPS_A_PART])
        large = select(Condition.id, Condition.listed).where(
            Condition.id.in_(by), Condition.listed >= ROUND_NUMBERS[0]
        )
        passed = {
            (map_id, step)
            for map_id, listed in session.execute(large).all()
            for step in steps_passed(listed - by[map_id], listed)
        }
        if passed:
            noted = select(MapStep.condition_id, MapStep.people).where(
                MapStep.condition_id.in_({map_id for map_id, _ in passed})
            )
            passed -= {(map_id, step) for map_id, step in session.execute(noted)}
        rows = [{"condition_id": of, "people": n, "is_news": True} for of, n in sorted(passed)]
        insert_rows(session, MapStep, rows)
