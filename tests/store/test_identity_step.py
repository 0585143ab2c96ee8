"""The step that gives each map its own names: a site of the time before, and after it."""

import json
import re
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from mapapp.actions.operations.site_setup import fill_site
from mapapp.actions.published.blocked_pairs import is_blocked
from mapapp.settings import Settings, load_settings
from mapapp.store.conditions import Condition
from mapapp.store.contact import Block, ConversationSide
from mapapp.store.database import make_engine, transaction
from mapapp.store.members import Member, Membership
from mapapp.store.migrate import upgrade
from mapapp.store.moderation import Case
from tests.conftest import SECRET
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.factories import ADDRESS_KEY
from tests.old_sites import insert, upgrade_to

ROBIN, KIM, MOD, ELSEWHERE = 1, 2, 3, 4
# Numbers that no condition of the catalogue will be given.
ASTHMA, GOUT, LUPUS, RARE = 1_000_001, 1_000_002, 1_000_003, 1_000_004
OLD_ID = {i: str(uuid.UUID(int=i, version=4)) for i in (ROBIN, KIM, MOD, ELSEWHERE)}
NAMES = {ROBIN: "Quiet Heron", KIM: "Sunny Otter", MOD: "Mod", ELSEWHERE: ""}


def _condition(number: int, name: str) -> dict[str, Any]:
    made = {"id": number, "code": f"LOCAL:{number}", "slug": f"{name.lower()}-{number}"}
    return {**made, "name": name, "group_key": "", "about": "", "edited": True, "listed": 0,
            "version": 0}  # fmt: skip


def _member(number: int) -> dict[str, Any]:
    return {"id": number, "public_id": OLD_ID[number], "pseudonym": NAMES[number], "source": "",
            "session_handle": f"handle-{number}"}  # fmt: skip


def _place(who: int, where: int, month: str, visibility: str = "members") -> dict[str, Any]:
    return {"condition_id": where, "member_id": who, "area_id": 1, "area_version": "test",
            "visibility": visibility, "hidden_reasons": 0, "chosen_visibility": "",
            "role": "self", "month": month, "listing_order": who * where}  # fmt: skip


def _case(number: int, kind: str, piece: str, evidence: dict[str, Any]) -> dict[str, Any]:
    return {"id": number, "public_id": str(uuid.uuid4()), "kind": kind, "piece": piece,
            "subject_id": ROBIN, "category": "other", "urgency": 3, "state": "open",
            "evidence": json.dumps(evidence), "hides": False, "taken_by": "",
            "opened": datetime(2026, 11, 1, tzinfo=UTC)}  # fmt: skip


def _fill(engine: Engine) -> None:
    """Robin is on three maps, and blocked by Kim, who is on one of them."""
    insert(engine, {
        "condition": [_condition(ASTHMA, "Asthma"), _condition(GOUT, "Gout"),
                      _condition(LUPUS, "Lupus"), _condition(RARE, "Asthma")],
        "member": [_member(i) for i in OLD_ID],
        "staff_role": [{"id": 1, "name": "moderator"}],
        "member_staff_role": [{"member_id": MOD, "role_id": 1}],
        "membership": [_place(ROBIN, ASTHMA, "2026-09"), _place(ROBIN, GOUT, "2026-08"),
                       _place(ROBIN, LUPUS, "2026-10"), _place(KIM, ASTHMA, "2026-09")],
        "block": [{"member_id": KIM, "blocked_id": ROBIN, "pseudonym": "Quiet Heron"},
                  {"member_id": MOD, "blocked_id": ELSEWHERE, "pseudonym": ""}],
        "conversation": [{"id": 1, "public_id": "talk", "condition_id": RARE}],
        "conversation_side": [
            {"id": 1, "conversation_id": 1, "member_id": ROBIN, "seen": 0, "told": False},
            {"id": 2, "conversation_id": 1, "member_id": KIM, "seen": 0, "told": False}],
        "message": [{"public_id": "said", "conversation_id": 1, "sender_id": ROBIN, "text": "Hi",
                     "day": date(2026, 11, 1), "state": "sent", "fingerprint": ""}],
        "moderation_case": [
            _case(1, "person", OLD_ID[ROBIN], {"condition": "Asthma"}),
            _case(2, "person", OLD_ID[ROBIN], {"condition": "A map renamed since"}),
            _case(3, "message", "said", {}),
            _case(4, "reading", "of a day", {"who": "member"})],
    })  # fmt: skip


@pytest.fixture
def settings(
    databases: SqliteDatabases | PostgresDatabases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """A site of the first seven steps, after its upgrade."""
    monkeypatch.chdir(tmp_path)
    url = databases.empty()
    engine = make_engine(url)
    upgrade_to(engine, "r0007")
    _fill(engine)
    upgrade(engine)
    with transaction(engine) as session:
        fill_site(session)
    engine.dispose()
    yield load_settings(
        instance=tmp_path / "instance",
        database_url=url,
        secret_key=SECRET,
        address_key=ADDRESS_KEY,
    )
    databases.remove(url)


def _places(session: Session, member_id: int) -> dict[int, Membership]:
    mine = select(Membership).where(Membership.member_id == member_id)
    return {place.condition_id: place for place in session.scalars(mine)}


def test_the_map_joined_first_keeps_the_name(session: Session) -> None:
    names = {where: place.pseudonym for where, place in _places(session, ROBIN).items()}
    assert names[GOUT] == "Quiet Heron"
    assert len(set(names.values())) == 3
    assert all(names.values())


def test_whoever_is_on_one_map_keeps_the_name(session: Session) -> None:
    assert _places(session, KIM)[ASTHMA].pseudonym == "Sunny Otter"


def test_every_place_has_a_new_public_id(session: Session) -> None:
    ids = session.scalars(select(Membership.public_id)).all()
    assert len(set(ids)) == len(ids) == 4
    assert not set(ids) & set(OLD_ID.values())
    assert all(uuid.UUID(public_id).version == 4 for public_id in ids)


def test_only_the_staff_keep_a_name_of_the_account(session: Session) -> None:
    names = {member.id: member.staff_name for member in session.scalars(select(Member))}
    assert names == {ROBIN: "", KIM: "", MOD: "Mod", ELSEWHERE: ""}


def test_the_order_of_a_map_stays(session: Session) -> None:
    orders = {place.condition_id: place.listing_order for place in _places(session, ROBIN).values()}
    assert orders == {where: ROBIN * where for where in (ASTHMA, GOUT, LUPUS)}


def test_a_block_stands_on_every_map_where_the_two_could_meet(session: Session) -> None:
    made = session.scalars(select(Block).where(Block.member_id == KIM)).all()
    # Kim's own map, and the one where Robin is still called so. Not on Lupus: there Robin has a
    # new name, and Kim's list of blocks would tell whose it is.
    assert {block.condition_id for block in made} == {ASTHMA, GOUT}
    assert {block.pseudonym for block in made} == {"Quiet Heron"}
    assert len({block.public_id for block in made}) == 2


def test_a_block_of_people_on_no_map_stands(session: Session) -> None:
    assert is_blocked(session, ELSEWHERE, MOD)


def test_a_case_about_a_person_points_to_their_place(session: Session) -> None:
    case = session.get_one(Case, 1)  # two maps are called Asthma: Robin is on this one
    assert (case.condition_id, case.piece) == (ASTHMA, _places(session, ROBIN)[ASTHMA].public_id)


def test_a_case_whose_map_is_not_known_leads_to_no_account(session: Session) -> None:
    case = session.get_one(Case, 2)
    assert case.condition_id is None
    assert case.piece not in {*OLD_ID.values(), *session.scalars(select(Membership.public_id))}


def test_other_cases_know_their_map_by_the_piece(session: Session) -> None:
    said, read = session.get_one(Case, 3), session.get_one(Case, 4)
    assert (said.condition_id, said.piece) == (RARE, "said")
    assert (read.condition_id, read.piece) == (None, "of a day")


def test_a_conversation_about_a_map_that_was_left_keeps_the_name(session: Session) -> None:
    sides = {side.member_id: side.left_as for side in session.scalars(select(ConversationSide))}
    assert sides == {ROBIN: "Quiet Heron", KIM: "Sunny Otter"}


TOKEN = re.compile(r'name="csrf_token"[^>]*>')
"""It bears the second in which its page was made."""


@pytest.mark.parametrize("path", ["/members/{}/connect", "/report/person/{}"])
def test_an_old_address_answers_like_one_that_never_was(
    path: str, session: Session, login: Callable[..., FlaskClient]
) -> None:
    reader = session.get_one(Member, MOD)
    browser = login(reader)
    slug = session.scalar(select(Condition.slug).where(Condition.id == GOUT))
    for query in ("", f"?condition={slug}"):
        old = browser.get(path.format(OLD_ID[ROBIN]) + query)
        never = browser.get(path.format(uuid.uuid4()) + query)
        assert old.status_code == never.status_code == 404
        assert TOKEN.sub("", old.text) == TOKEN.sub("", never.text)


def test_a_site_of_many_members_is_named_in_parts(
    databases: SqliteDatabases | PostgresDatabases, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make_engine(databases.empty())
    upgrade_to(engine, "r0007")
    _fill(engine)
    step = "mapapp.store.migrations.versions.r0008_identity_of_a_map"
    with engine.begin() as connection:
        connection.execute(text("UPDATE member SET pseudonym = 'Kim' WHERE id = 2"))
    monkeypatch.setattr(f"{step}.AT_ONCE", 1)
    upgrade(engine)
    with Session(engine) as session:
        named = {place.pseudonym for place in session.scalars(select(Membership))}
    assert {"Quiet Heron", "Kim"} <= named
    assert len(named) == 4
    engine.dispose()
