"""Setting up a site: its conditions, and the facts that must stay true while it runs."""

from collections.abc import Callable

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.conditions import catalogue
from mapapp.errors import N_, BadInputError
from mapapp.store import facts
from mapapp.store.bulk import insert_rows
from mapapp.store.conditions import Condition
from mapapp.store.members import Membership


def fill_site(session: Session, advance: Callable[[int], None] = lambda done: None) -> int:
    """Add the catalogue's conditions, store the facts, and return how many are new.

    What staff edited stays as they left it. Addresses (slugs) never change.

    Raises:
        BadInputError: when members are placed in another version of the area table.
    """
    _state_area_version(session)
    known = {
        row.code: row
        for row in session.execute(
            select(Condition.code, Condition.name, Condition.group, Condition.edited)
        )
    }
    taken = set(session.scalars(select(Condition.slug)))
    new = [c for c in catalogue.load_catalogue().conditions if c.code not in known]
    insert_rows(session, Condition, [_row(c, taken) for c in new])
    advance(len(new))
    renamed = [
        c
        for c in catalogue.load_catalogue().conditions
        if c.code in known
        and not known[c.code].edited
        and (known[c.code].name, known[c.code].group) != (c.name, c.group)
    ]
    for condition in renamed:
        session.execute(
            update(Condition)
            .where(Condition.code == condition.code)
            .values(name=condition.name, group=condition.group)
        )
    if new or renamed:
        facts.step_up(session, facts.CONDITIONS_VERSION)
    return len(new)


def _row(condition: catalogue.CatalogueEntry, taken: set[str]) -> dict[str, object]:
    slug = condition.slug
    if slug in taken:  # staff added one of the same name before the catalogue had it
        slug = f"{slug}-{condition.code.lower().replace(':', '-')}"
    return {
        "code": condition.code,
        "slug": slug,
        "name": condition.name,
        "group_key": condition.group,
        "about": "",
        "edited": False,
        "listed": 0,
        "version": 0,
    }


def _state_area_version(session: Session) -> None:
    here, stated = load_areas().version, facts.fact(session, facts.AREA_VERSION)
    if stated == here:
        return
    placed = session.scalar(select(func.count()).select_from(Membership)) or 0
    if stated and placed:
        raise _moved(stated, here)
    facts.state(session, facts.AREA_VERSION, here)


def check_site(session: Session) -> None:
    """Refuse a site whose members are placed in another version of the area table.

    Raises:
        BadInputError: saying which version is needed.
    """
    here, stated = load_areas().version, facts.fact(session, facts.AREA_VERSION)
    if stated != here:
        raise _moved(stated, here)


def _moved(stated: str, here: str) -> BadInputError:
    if not stated:
        return BadInputError(N_("This site has not been filled yet. Fill it with: mapapp init"))
    return BadInputError(
        N_(
            "This site's places belong to area table %(stated)s, and this program has %(here)s. "
            "Run the program that has that table, or empty the site: mapapp demo --remove, then "
            "mapapp init"
        ),
        stated=stated,
        here=here,
    )
