"""A backup does not bring back people who left: the list beside the database is applied again."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from mapapp.actions.account import erasure_list
from mapapp.actions.account.member_erase import erase_again, erase_member
from mapapp.actions.core.context import Context
from mapapp.actions.operations import upkeep
from mapapp.settings import Settings
from mapapp.store.database import transaction
from mapapp.store.members import Member
from mapapp.store.records import Erasure
from tests.published import wrong_numbers


@pytest.fixture
def left(
    engine: Engine, session: Session, settings: Settings, make_member: Callable[..., Member]
) -> str:
    """The account's id of a member who has left; another one stays."""
    settings.instance.mkdir(exist_ok=True)
    gone, stays = make_member(staff_name="Gone"), make_member(staff_name="Stays")
    session.commit()
    assert stays.id
    public_id = gone.account_id
    with transaction(engine) as own:
        erase_member(Context(own, settings), gone.id)
    return public_id


def _names(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return sorted(session.scalars(select(Member.staff_name)))


def _forget_the_list(engine: Engine) -> None:
    """What a backup from before the erasure looks like: without an entry."""
    with transaction(engine) as session:
        for row in session.scalars(select(Erasure)):
            session.delete(row)


def test_whoever_leaves_is_on_the_list_and_in_its_file(
    engine: Engine, settings: Settings, left: str
) -> None:
    assert upkeep.after_erasing(engine, settings)
    path = erasure_list.erasure_file(settings)
    words = path.read_text(encoding="ascii")
    assert len(words.splitlines()) == 1
    assert left not in words
    assert path.stat().st_mode & 0o077 == 0
    assert not upkeep.after_erasing(engine, settings)  # nobody left since


@pytest.mark.both
def test_a_backup_brings_nobody_back(
    engine: Engine,
    session: Session,
    settings: Settings,
    left: str,
    make_member: Callable[..., Member],
    make_condition: Callable[..., object],
    make_membership: Callable[..., object],
) -> None:
    upkeep.after_erasing(engine, settings)
    _forget_the_list(engine)
    back = make_member(staff_name="Gone", account_id=left)
    make_membership(make_condition("dystonia"), 5, member=back, visibility="public")
    session.commit()
    assert _names(engine) == ["Gone", "Stays"]
    with transaction(engine) as own:
        assert erase_again(Context(own, settings)) == 1
    assert _names(engine) == ["Stays"]
    with Session(engine) as own:
        assert wrong_numbers(own) == []
    with transaction(engine) as own:
        assert erase_again(Context(own, settings)) == 0


def test_init_applies_the_list(
    engine: Engine,
    session: Session,
    settings: Settings,
    left: str,
    make_member: Callable[..., Member],
    shell: Callable[..., object],
) -> None:
    upkeep.after_erasing(engine, settings)
    _forget_the_list(engine)
    make_member(staff_name="Gone", account_id=left)
    session.commit()
    said = shell("init")
    assert "Erased again: 1 person who had left" in said.output  # type: ignore[attr-defined]
    assert _names(engine) == ["Stays"]
    assert "Erased again" not in shell("init").output  # type: ignore[attr-defined]


def test_a_site_that_was_never_restored_erases_nobody(
    engine: Engine, session: Session, settings: Settings, make_member: Callable[..., Member]
) -> None:
    make_member(staff_name="Stays")
    session.commit()
    with transaction(engine) as own:
        assert erase_again(Context(own, settings)) == 0
    assert _names(engine) == ["Stays"]
    assert not erasure_list.erasure_file(settings).exists()


def test_entries_are_dropped_after_a_year(engine: Engine, settings: Settings, left: str) -> None:
    upkeep.after_erasing(engine, settings)
    with transaction(engine) as session:
        erasure_list.forget(Context(session, settings), "2020-01")
    assert erasure_list.erasure_file(settings).read_text(encoding="ascii")
    with transaction(engine) as session:
        erasure_list.forget(Context(session, settings), "2999-01")
        assert session.scalar(select(func.count()).select_from(Erasure)) == 0
    assert erasure_list.erasure_file(settings).read_text(encoding="ascii") == ""
