"""What cannot be chosen by somebody who joins, and what is refused later on."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.account.sign_in_link import request_link
from mapapp.actions.account.waiting_place import Afterwards, WaitingPlace
from mapapp.actions.core.context import Context
from mapapp.actions.members.place_set import Placement
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import Member
from mapapp.store.sign_in import SignInLink
from tests.joining import PAGE, ROBIN, Joiner, join_form
from tests.trust import LEEDS

pytestmark = pytest.mark.usefixtures("dystonia")


def test_signing_in_stands_where_the_place_is_refused(
    joiner: Joiner, make_member: Callable[..., Member]
) -> None:
    make_member(email=ROBIN, paused=True)
    joiner.session.commit()
    where = joiner.agree(joiner.choose())
    assert re.fullmatch(r"/conditions/dystonia/place\?at=[\w-]+", where)
    page = joiner.browser.get(where).text
    assert "Your account is paused" in page
    assert f'name="area_id" value="{LEEDS}"' in page
    assert joiner.places() == []


def test_a_condition_that_staff_hid_meanwhile_waits_for_nobody(
    joiner: Joiner, session: Session
) -> None:
    link = joiner.choose()
    session.scalars(select(Condition).where(Condition.slug == "dystonia")).one().shown = False
    session.commit()
    assert "Dystonia" not in joiner.browser.get(link).text
    assert joiner.browser.post(link).location == "/places"
    assert joiner.places() == []


def test_areas_that_were_redrawn_meanwhile_are_not_shown(
    joiner: Joiner, session: Session, settings: Settings
) -> None:
    wanted = Placement(LEEDS, "older", "map", "self", "Quiet Heron")
    after = Afterwards("/places", WaitingPlace("dystonia", wanted))
    request_link(Context(session, settings), ROBIN, after)
    session.commit()
    link = joiner.link()
    assert "Leeds" not in joiner.browser.get(link).text
    assert joiner.browser.post(link).location == "/places"
    assert joiner.places() == []


def test_a_suspended_member_is_put_nowhere(
    joiner: Joiner, make_member: Callable[..., Member]
) -> None:
    make_member(email=ROBIN, suspended=True)
    joiner.session.commit()
    assert joiner.agree(joiner.choose()) == "/account/rulings"
    assert joiner.places() == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"area_id": ""}, "First choose roughly where you are"),
        ({"area_id": "0"}, "Choose a country"),
        ({"area_id": "99999999"}, "There is no such area"),
        ({"area_version": "older"}, "redrawn"),
        ({"pseudonym": "robin@example.org"}, "looks like an email address"),
        ({"visibility": "friends"}, "valid choice"),
        ({"role": "king"}, "valid choice"),
        ({"languages": ["xx"]}, "languages from the list"),
        ({"email": ""}, "Type your email address"),
        ({"email": "robin"}, "address"),
    ],
)
def test_what_cannot_be_is_refused_and_no_mail_is_sent(
    joiner: Joiner, changes: dict[str, object], words: str
) -> None:
    answer = joiner.browser.post(PAGE, data=join_form(**{"role": "parent", **changes}))
    assert answer.status_code in {400, 404}
    assert words in answer.text
    assert joiner.session.scalars(select(SignInLink)).all() == []
    if changes.keys().isdisjoint({"pseudonym", "role"}):
        assert 'value="Quiet Heron"' in answer.text
        assert '<option selected value="parent">' in answer.text
    if "email" not in changes:
        assert f'value="{ROBIN}"' in answer.text
