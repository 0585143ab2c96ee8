"""What must hold when everybody has stopped: nothing is lost, and nothing of the erased is left."""

import re
import time
from collections import Counter
from pathlib import Path
from typing import Any

from soak_history import WIDTH, Card
from soak_judge import Judge
from soak_pages import NAME, PUBLIC_ID
from soak_places import SLUGS
from sqlalchemy import Engine, cast, select
from sqlalchemy import Text as AsText

from mapapp.actions.operations.upkeep import after_erasing
from mapapp.settings import load_settings
from mapapp.store.base import Base
from mapapp.store.conditions import Condition
from mapapp.store.database import transaction
from mapapp.store.members import Membership

HOUR = 3600
IN_WORDS = NAME.pattern.encode(), PUBLIC_ID.pattern.encode()


def check_end(judge: Judge, engine: Engine, folder: Path, given: dict[str, Any]) -> None:
    """Look at the database, its files, and all other files of a site that is stopped.

    Args:
        judge: takes what is found.
        engine: of the site.
        folder: of the site.
        given: the site's settings, by name.
    """
    _check_kept(judge, engine)
    _check_numbers(judge)
    _check_rows(judge, engine)
    # What the worker does within the hour after an erasure (privacy rule 8).
    for hours in (1, 2):
        after_erasing(engine, load_settings(**given), time.time() + hours * HOUR)
    engine.dispose()
    _check_files(judge, folder)


def _check_kept(judge: Judge, engine: Engine) -> None:
    """Compare every membership with the last act that was acknowledged."""
    columns = (
        Membership.public_id,
        Membership.area_id,
        Membership.visibility,
        Membership.pseudonym,
    )
    with transaction(engine, write=False) as session:
        rows = session.execute(
            select(*columns, Condition.slug).join_from(
                Membership, Condition, Membership.condition_id == Condition.id
            )
        ).all()
    kept = {row.public_id: Card(row.area_id, row.visibility, row.pseudonym) for row in rows}
    for history in judge.histories:
        card = kept.get(history.public_id)
        listed = card if card and card.audience in WIDTH else None
        if history.public_id and listed != history.now:
            judge.find(f"Acknowledged was {history.now}, kept is {card} on {history.slug}.")
        if history.owner in judge.erased and card is not None:
            judge.find(f"Erased, and still there: {card} on {history.slug}.")


def _check_numbers(judge: Judge) -> None:
    """Count by the records what the last publication must say."""
    last = judge.publications[max(judge.publications)]
    due: dict[str, Counter[tuple[int, str]]] = {}
    for history in judge.histories:
        if history.now:
            here = due.setdefault(history.slug, Counter())
            here[history.now.area, history.now.audience] += 1
    for slug in {*SLUGS, *due}:
        counted = due.get(slug, Counter())
        said = Counter(
            {
                (area, one): n
                for area, numbers in last.placed.get(slug, {}).items()
                for one, n in zip(WIDTH, numbers, strict=True)
                if n
            }
        )
        if said != counted:
            judge.find(
                f"The last publication says {said - counted} more and {counted - said} less"
                f" than was acknowledged, on {slug}."
            )


def _gone(judge: Judge) -> tuple[set[str], set[str]]:
    """Return the names and public ids of the erased, and of all whom nobody is to read."""
    erased, hidden = set[str](), set[str]()
    for history in judge.histories:
        names = {act.card.mark for act in history.acts if act.card}
        mine = {*names, history.public_id} - {""}
        if history.owner in judge.erased:
            erased |= mine
        if history.now is None:
            hidden |= mine
        else:
            hidden |= names - {history.now.mark}
    return erased, hidden | erased


def _check_rows(judge: Judge, engine: Engine) -> None:
    """Look for the erased in every row of every table."""
    erased, _hidden = _gone(judge)
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            columns = [cast(one, AsText) for one in table.columns if one.type.python_type is str]
            for row in connection.execute(select(*columns)) if columns else ():
                found = erased & _named(" ".join(filter(None, row)).encode())
                if found:
                    judge.find(f"Erased, and still in {table.name}: {found}")


def _check_files(judge: Judge, folder: Path) -> None:
    """Look for the erased in all files of the site, and for the hidden in all but the database."""
    erased, hidden = _gone(judge)
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        is_database = path.name.startswith("mapapp.sqlite")
        found = (erased if is_database else hidden) & _named(path.read_bytes())
        judge.count("files looked through")
        if found:
            judge.find(f"{path.relative_to(folder)} ({path.stat().st_size} bytes) names {found}.")


def _named(content: bytes) -> set[str]:
    return {one.decode() for pattern in IN_WORDS for one in re.findall(pattern, content)}
