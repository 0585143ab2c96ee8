"""Asking, accepting, blocking and leaving at the same moment: one after the other."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.contact import request_inbox as answering
from mapapp.actions.contact.block_member import block
from mapapp.actions.contact.request_send import send_request
from mapapp.actions.contact.request_several import ask_several
from mapapp.actions.core.context import Context
from mapapp.errors import MapappError
from mapapp.store.contact import ContactRequest, Conversation
from mapapp.store.members import Member
from tests.at_once import crossing, transactions_at_once
from tests.moderation import AREAS, Site

Act = Callable[[Session], object]


def _at_once(engine: Engine, *acts: Act) -> list[BaseException]:
    """Run the acts in turns, one statement each; return errors other than refusals."""
    with crossing(engine):
        failures = transactions_at_once(engine, acts)
    return [failure for failure in failures if not isinstance(failure, MapappError)]


def _asking(site: Site, who: Member, whom: Member, slug: str = "dystonia") -> Act:
    where, who_id = (site.settings, AREAS), who.id
    given = (whom.public_id, slug, "meet", "hello")
    return lambda own: send_request(Context(own, *where, who_id), *given)


def _asking_both(site: Site, who: Member, *people: Member) -> Act:
    where, who_id = (site.settings, AREAS), who.id
    ids = [whom.public_id for whom in people]
    given = ("dystonia", ids, "meet", "hello-all")
    return lambda own: ask_several(Context(own, *where, who_id), *given)


def _accepting(site: Site, who: Member, request: ContactRequest) -> Act:
    where, request_id = (site.settings, AREAS, who.id), request.public_id
    return lambda own: answering.accept(Context(own, *where), request_id)


def _erasing(site: Site, who: Member) -> Act:
    member_id = who.id
    return lambda own: erase_member(Context(own, site.settings), member_id)


def _blocking(site: Site, who: Member, whom: Member) -> Act:
    given = (who.id, whom.id, site.condition().id)
    return lambda own: block(own, *given)


def _count(engine: Engine, table: type) -> int:
    with Session(engine) as after:
        return after.scalar(select(func.count()).select_from(table)) or 0


def test_two_who_ask_each_other(site: Site, engine: Engine) -> None:
    wren, robin = site.somebody(), site.somebody()
    site.session.commit()
    assert _at_once(engine, _asking(site, wren, robin), _asking(site, robin, wren)) == []
    assert _count(engine, ContactRequest) == 1


def test_the_same_form_for_several_twice(site: Site, engine: Engine) -> None:
    wren, robin, lark = site.somebody(), site.somebody(), site.somebody()
    site.session.commit()
    acts = (_asking_both(site, wren, robin, lark), _asking_both(site, wren, lark, robin))
    assert _at_once(engine, *acts) == []
    assert _count(engine, ContactRequest) == 2


def test_three_who_ask_each_other(site: Site, engine: Engine) -> None:
    wren, robin, lark = site.somebody(), site.somebody(), site.somebody()
    site.session.commit()
    acts = (
        _asking_both(site, wren, robin, lark),
        _asking_both(site, robin, wren, lark),
        _asking_both(site, lark, robin, wren),
    )
    assert _at_once(engine, *acts) == []
    assert _count(engine, ContactRequest) == 3


def test_asking_somebody_who_leaves(site: Site, engine: Engine) -> None:
    wren, robin = site.somebody(), site.somebody()
    site.session.commit()
    assert _at_once(engine, _asking(site, wren, robin), _erasing(site, robin)) == []


def test_asking_somebody_who_blocks(site: Site, engine: Engine) -> None:
    wren, robin = site.somebody(), site.somebody()
    site.session.commit()
    assert _at_once(engine, _asking(site, wren, robin), _blocking(site, robin, wren)) == []
    with Session(engine) as after:
        assert set(after.scalars(select(ContactRequest.state))) <= {"withdrawn"}


@pytest.mark.parametrize("end", ["block", "be blocked", "leave", "be left"])
def test_accepting_while_it_ends(site: Site, engine: Engine, end: str) -> None:
    wren, robin = site.somebody(), site.somebody()
    request = site.knock(wren, robin)
    site.session.commit()
    ends = {
        "block": _blocking(site, robin, wren),
        "be blocked": _blocking(site, wren, robin),
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
