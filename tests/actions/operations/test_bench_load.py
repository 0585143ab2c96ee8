"""A site for measuring is what so many placements and one publication would have left."""

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import Engine, func, inspect, select
from sqlalchemy.orm import Session

from mapapp.actions.operations.bench_load import load_people
from mapapp.actions.operations.bench_people import BENCH_CONDITIONS, crowd, sizes_of
from mapapp.actions.published.number_check import repair_published
from mapapp.actions.published.numbers_kept import condition_numbers
from mapapp.actions.published.publishing import publish
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.members.pseudonyms import clean_pseudonym
from mapapp.errors import BadInputError
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import Member, Membership, PeopleAlert
from mapapp.store.published import AreaNumbers, ConditionNumber, ListingRow
from tests.published import wrong_numbers

PEOPLE = 2_000
LATER = 1_795_953_600
TABLES = (Member, Membership, ListingRow, ConditionNumber, AreaNumbers)


def loaded(engine: Engine, *, seed: int = 1) -> None:
    """Fill the test's site."""
    load_people(engine, PEOPLE, LATER, seed=seed)


@pytest.mark.both
def test_what_is_made_is_right_and_published(engine: Engine, session: Session) -> None:
    before = _indexes(engine)
    loaded(engine)
    assert wrong_numbers(session) == []
    listed = select(func.count()).select_from(ListingRow)
    assert session.scalar(listed) == PEOPLE
    largest = select(Condition.slug, Condition.listed).order_by(Condition.listed.desc())
    assert session.execute(largest).first() == ("dystonia", 260)
    assert session.scalar(select(func.count()).select_from(PeopleAlert)) == 268
    assert _indexes(engine) == before
    spoken = condition_numbers(session, _id_of(session, "dystonia"), "language:")
    assert spoken == _languages_on_cards(session, _id_of(session, "dystonia"))


@pytest.mark.both
def test_publishing_again_changes_nothing(
    engine: Engine, session: Session, settings: Settings
) -> None:
    loaded(engine)
    done = publish(engine, settings, LATER)
    assert (done.number, done.memberships) == (1, 0)
    session.add(Member(account_id="a", session_handle="h"))  # ids go on behind those made
    session.flush()
    assert session.scalar(select(func.max(Member.id)).where(Member.session_handle == "h")) > PEOPLE
    assert wrong_numbers(session) == []


def test_a_repair_finds_the_same_numbers(
    engine: Engine, session: Session, settings: Settings
) -> None:
    loaded(engine)
    rows = select(ConditionNumber.__table__).order_by(*ConditionNumber.__table__.primary_key)
    before = session.execute(rows).all()
    repair_published(session)
    assert session.execute(rows).all() == before


def test_the_same_seed_gives_the_same_people() -> None:
    one, again, other = crowd(1, 3, 50), crowd(1, 3, 50), crowd(2, 3, 50)
    assert one.public_ids.tolist() == again.public_ids.tolist() != other.public_ids.tolist()
    assert one.areas.tolist() == again.areas.tolist()
    for name in set(one.pseudonyms.tolist()):
        assert clean_pseudonym(name, "A map") == name
    assert len({int(load_areas().level[area]) for area in crowd(1, 0, 500).areas}) == 3


def test_maps_have_a_long_tail() -> None:
    sizes = sizes_of(1_000_000)
    assert sum(sizes) == 1_000_000
    assert len(sizes) == BENCH_CONDITIONS
    assert sizes[0] == 130_000
    assert sizes[1] > 10 * sizes[-1] > 0
    assert sum(sizes_of(PEOPLE)) == PEOPLE


def test_a_site_with_people_is_refused(
    shell: Callable[..., Result],
    session: Session,
    make_member: Callable[..., Any],
) -> None:
    make_member()
    session.commit()
    refused = shell("bench-site", str(PEOPLE))
    assert refused.exit_code == 2
    assert "has people" in refused.output
    assert session.scalar(select(func.count()).select_from(Membership)) == 0


def test_the_command_says_what_it_made(shell: Callable[..., Result], session: Session) -> None:
    made = shell("bench-site", str(PEOPLE))
    assert made.output == "Made a site for measuring with 2,000 people on its maps.\n"
    assert shell("counts", "verify").exit_code == 0


def test_stopping_half_way_leaves_nothing(
    engine: Engine, session: Session, settings: Settings
) -> None:
    def stop(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_people(engine, PEOPLE, LATER, advance=stop)
    for table in TABLES:
        assert session.scalar(select(func.count()).select_from(table)) == 0
    loaded(engine)
    with pytest.raises(BadInputError, match="has people"):
        loaded(engine)


def _indexes(engine: Engine) -> list[tuple[str, str | None, bool]]:
    look = inspect(engine)
    return sorted(
        (table.__tablename__, index["name"], bool(index["unique"]))
        for table in TABLES
        for index in look.get_indexes(table.__tablename__)
    )


def _id_of(session: Session, slug: str) -> int:
    return session.scalars(select(Condition.id).where(Condition.slug == slug)).one()


def _languages_on_cards(session: Session, condition_id: int) -> dict[tuple[str, str], int]:
    query = select(ListingRow.languages, ListingRow.visibility).where(
        ListingRow.condition_id == condition_id
    )
    found: dict[tuple[str, str], int] = {}
    for languages, visibility in session.execute(query):
        for tag in languages.split():
            found[tag, visibility] = found.get((tag, visibility), 0) + 1
    return found
