"""Asking, accepting, blocking and leaving at the same moment: one after the other."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from mapapp.actions import inbox as answering
from mapapp.actions.block import block
from mapapp.actions.erase import erase_member
from mapapp.actions.knock import knock
from mapapp.errors import MapappError
from mapapp.store.connections import ContactRequest
from mapapp.store.conversations import Conversation
from mapapp.store.database import transaction
from mapapp.store.members import Member
from tests.moderation import AREAS, Site

Act = Callable[[Session], object]
PAUSE = 0.05  # seconds after each statement: both acts are then under way together


@contextmanager
def _slowly(engine: Engine) -> Iterator[None]:
    """Let every statement take a while, so that what can cross does."""

    def _wait(*_given: object) -> None:
        threading.Event().wait(PAUSE)

    event.listen(engine, "after_cursor_execute", _wait)
    try:
        yield
    finally:
        event.remove(engine, "after_cursor_execute", _wait)


def _at_once(engine: Engine, *acts: Act) -> list[BaseException]:
    """Run the acts, each in a transaction of its own; return what failed but for a refusal."""
    start, failures = threading.Barrier(len(acts)), []

    def _run(act: Act) -> None:
        start.wait()
        try:
            with transaction(engine) as own:
                act(own)
        except MapappError:
            pass
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=_run, args=(act,)) for act in acts]
    with _slowly(engine):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return failures


def _asking(site: Site, who: Member, whom: Member, slug: str = "dystonia") -> Act:
    given = (site.settings, AREAS, who.id, whom.public_id, slug, "meet", "hello")
    return lambda own: knock(own, *given)


def _accepting(site: Site, who: Member, request: ContactRequest) -> Act:
    given = (site.settings, who.id, request.public_id)
    return lambda own: answering.accept(own, *given)


def _erasing(site: Site, who: Member) -> Act:
    given = (site.settings, who.id)
    return lambda own: erase_member(own, *given)


def _blocking(who: Member, whom: Member) -> Act:
    given = (who.id, whom.id)
    return lambda own: block(own, *given)


def _count(engine: Engine, table: type) -> int:
    with Session(engine) as after:
        return after.scalar(select(func.count()).select_from(table)) or 0


def test_two_who_ask_each_other(site: Site, engine: Engine) -> None:
    wren, robin = site.somebody(), site.somebody()
    site.session.commit()
    assert _at_once(engine, _asking(site, wren, robin), _asking(site, robin, wren)) == []
    assert _count(engine, ContactRequest) == 1


def test_asking_somebody_who_leaves(site: Site, engine: Engine) -> None:
    wren, robin = site.somebody(), site.somebody()
    site.session.commit()
    assert _at_once(engine, _asking(site, wren, robin), _erasing(site, robin)) == []


def test_asking_somebody_who_blocks(site: Site, engine: Engine) -> None:
    wren, robin = site.somebody(), site.somebody()
    site.session.commit()
    assert _at_once(engine, _asking(site, wren, robin), _blocking(robin, wren)) == []
    with Session(engine) as after:
        assert set(after.scalars(select(ContactRequest.state))) <= {"left"}


@pytest.mark.parametrize("end", ["block", "be blocked", "leave", "be left"])
def test_accepting_while_it_ends(site: Site, engine: Engine, end: str) -> None:
    wren, robin = site.somebody(), site.somebody()
    request = site.knock(wren, robin)
    site.session.commit()
    ends = {
        "block": _blocking(robin, wren),
        "be blocked": _blocking(wren, robin),
        "leave": _erasing(site, robin),
        "be left": _erasing(site, wren),
    }
    assert _at_once(engine, _accepting(site, robin, request), ends[end]) == []


def test_accepting_each_other_begins_one_conversation(site: Site, engine: Engine) -> None:
    wren, robin = site.somebody(), site.somebody()
    there, back = site.knock(wren, robin), site.knock(robin, wren)
    site.session.commit()
    acts = (_accepting(site, robin, there), _accepting(site, wren, back))
    assert _at_once(engine, *acts) == []
    assert _count(engine, Conversation) == 1


def test_two_who_leave_and_have_asked_each_other(site: Site, engine: Engine) -> None:
    wren, robin = site.member(), site.member()  # on no map, whose number would make one wait
    for state in ("withdrawn", "open"):
        site.knock(wren, robin, state)
        site.knock(robin, wren, state)
    site.session.commit()
    assert _at_once(engine, _erasing(site, wren), _erasing(site, robin)) == []
    assert _count(engine, ContactRequest) == 0
