"""Roles of the staff: given, replaced and taken back, and never the last admin's."""

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from mapapp.actions.account import staff_roles
from mapapp.actions.account.member_erase import erase_again, leave_site
from mapapp.actions.account.staff_roles import NO_ROLE, StaffMember, list_staff
from mapapp.actions.core.context import Context
from mapapp.errors import BadInputError, NotAllowedError, NotFoundError
from mapapp.store.members import Member, MemberStaffRole, StaffRole
from mapapp.store.records import AuditEntry
from mapapp.store.sign_in import WebSession
from tests.at_once import crossing, transactions_at_once
from tests.trust import World

WHY = "They left the team."


def _admins(world: World, n: int) -> list[Member]:
    return [world.member(staff="admin", pseudonym=f"Boss {i}") for i in range(n)]


def _as(world: World, who: Member, session: Session | None = None) -> Context:
    return Context(session or world.session, world.settings, reader_id=who.id)


def _sign_in(world: World, who: Member) -> None:
    given = {"device": "", "month": "2026-11", "data": b"", "expires": 2**31 - 1}
    world.session.add(WebSession(key_hash=f"hash-{who.id}", member_id=who.id, **given))
    world.session.flush()


def _sessions(world: World, who: Member) -> int:
    mine = select(func.count()).where(WebSession.member_id == who.id)
    return world.session.scalar(mine) or 0


def _entry(world: World) -> AuditEntry:
    newest = select(AuditEntry).where(AuditEntry.action == "staff-role")
    return world.session.scalars(newest.order_by(AuditEntry.id.desc()).limit(1)).one()


@pytest.mark.both
def test_staff_are_made_once_with_one_role(world: World) -> None:
    (boss,) = _admins(world, 1)
    first = staff_roles.make_staff(world.ctx, "Wren@example.org", "admin")
    assert staff_roles.make_staff(world.ctx, "wren@example.org", "admin") == first
    assert staff_roles.make_staff(world.ctx, "wren@example.org", "moderator", WHY) == first
    held = select(MemberStaffRole.role_id).where(MemberStaffRole.member_id == first)
    assert len(world.session.scalars(held).all()) == 1
    assert [one.role for one in list_staff(world.session)] == ["admin", "moderator"]
    assert (_entry(world).actor, _entry(world).reason) == ("shell", WHY)
    assert set(world.session.scalars(select(StaffRole.name))) == {"admin", "moderator"}
    assert list_staff(world.session)[0] == StaffMember(boss.account_id, "Boss 0", "admin")


@pytest.mark.parametrize(
    ("email", "role"), [("no address", "admin"), ("boss@example.org", "king"), ("", "admin")]
)
def test_staff_need_an_address_and_a_role_that_exists(world: World, email: str, role: str) -> None:
    with pytest.raises(BadInputError):
        staff_roles.make_staff(world.ctx, email, role)


@pytest.mark.both
@pytest.mark.parametrize("role", ["moderator", NO_ROLE])
def test_a_role_is_taken_back_with_its_sessions(world: World, role: str) -> None:
    boss, wren = _admins(world, 2)
    _sign_in(world, wren)
    _sign_in(world, boss)
    staff_roles.change_role(_as(world, boss), wren.account_id, role, WHY)
    roles = {one.account_id: one.role for one in list_staff(world.session)}
    assert roles == {boss.account_id: "admin", **({wren.account_id: role} if role else {})}
    assert (_sessions(world, wren), _sessions(world, boss)) == (0, 1)
    entry = _entry(world)
    assert (entry.actor, entry.reason) == (boss.account_id, WHY)
    assert wren.account_id in entry.detail


@pytest.mark.both
def test_the_command_takes_a_role_back(world: World) -> None:
    _boss, wren = _admins(world, 2)
    staff_roles.remove_staff(world.ctx, wren.email.upper(), WHY)
    assert len(list_staff(world.session)) == 1
    for address in (wren.email, "nobody@example.org"):
        with pytest.raises(NotFoundError):
            staff_roles.remove_staff(world.ctx, address, WHY)


def test_only_admins_change_roles_of_staff_and_say_why(world: World) -> None:
    boss, wren = _admins(world, 2)
    robin, mod = world.member(), world.member(staff="moderator")
    for who, whom, role, why, error in (
        (mod, wren, NO_ROLE, WHY, NotAllowedError),
        (robin, wren, NO_ROLE, WHY, NotAllowedError),
        (boss, robin, "admin", WHY, NotFoundError),
        (boss, wren, "king", WHY, BadInputError),
        (boss, wren, NO_ROLE, " ", BadInputError),
    ):
        with pytest.raises(error):
            staff_roles.change_role(_as(world, who), whom.account_id, role, why)
    assert len(list_staff(world.session)) == 3


@pytest.mark.both
def test_the_last_admin_stays(world: World) -> None:
    (boss,) = _admins(world, 1)
    world.member(staff="moderator")
    closed, suspended, nobody = _admins(world, 3)
    world.session.execute(update(Member).where(Member.id == closed.id).values(active=False))
    world.session.execute(update(Member).where(Member.id == suspended.id).values(suspended=True))
    world.session.execute(update(Member).where(Member.id == nobody.id).values(address_mark=None))
    for act in (
        lambda: staff_roles.change_role(_as(world, boss), boss.account_id, NO_ROLE, WHY),
        lambda: staff_roles.change_role(_as(world, boss), boss.account_id, "moderator", WHY),
        lambda: staff_roles.remove_staff(world.ctx, boss.email, WHY),
        lambda: staff_roles.make_staff(world.ctx, boss.email, "moderator", WHY),
        lambda: leave_site(_as(world, boss), boss.id),
    ):
        with pytest.raises(BadInputError, match="mapapp admin"):
            act()
    assert world.session.get(Member, boss.id) is not None


@pytest.mark.both
def test_after_handing_over_an_admin_can_go(world: World) -> None:
    boss, wren = _admins(world, 2)
    leave_site(_as(world, boss), boss.id)
    assert [one.account_id for one in list_staff(world.session)] == [wren.account_id]
    with pytest.raises(BadInputError):
        leave_site(_as(world, wren), wren.id)


def test_a_restored_admin_is_erased_again(world: World) -> None:
    boss, wren = _admins(world, 2)
    given = boss.account_id
    leave_site(_as(world, boss), boss.id)
    world.session.delete(world.session.get_one(Member, wren.id))
    again = world.member(account_id=given, staff="admin")
    assert erase_again(world.ctx) == 1
    assert world.session.get(Member, again.id, populate_existing=True) is None


@pytest.mark.both
@pytest.mark.parametrize("leaving", [False, True])
def test_two_admins_at_once_leave_one(world: World, engine: Engine, leaving: bool) -> None:
    one, other = _admins(world, 2)
    world.session.commit()

    def _goes(who: Member, whom: Member, own: Session) -> None:
        if leaving:
            leave_site(_as(world, who, own), who.id)
        else:
            staff_roles.change_role(_as(world, who, own), whom.account_id, NO_ROLE, WHY)

    with crossing(engine):
        errors = transactions_at_once(
            engine, [lambda own: _goes(one, other, own), lambda own: _goes(other, one, own)]
        )
    assert len(errors) == 1
    assert isinstance(errors[0], (BadInputError, NotAllowedError))
    assert len(list_staff(world.session)) == 1
