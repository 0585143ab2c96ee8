"""Who has which role of the staff: giving it, replacing it, taking it back.

Every act here holds the row of the admins' role while it counts them, so that two admins who
remove each other, or leave, at one moment leave one.
"""

from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mapapp.actions.account.session_list import end_all
from mapapp.actions.core import audit
from mapapp.actions.core.audit import SHELL, By
from mapapp.actions.core.context import Context
from mapapp.actions.core.locking import lock_members
from mapapp.actions.mail.member_addresses import find_member, find_or_make_member
from mapapp.domain.core.choices import ADMIN_ROLE, STAFF_ROLE_LABELS
from mapapp.domain.mail.clean_addresses import NOT_AN_ADDRESS, clean_address
from mapapp.domain.members.pseudonyms import clean_pseudonym
from mapapp.errors import N_, BadInputError, NotAllowedError, NotFoundError
from mapapp.store.members import Member, MemberStaffRole, StaffRole

NO_ROLE = ""
NOT_ON_STAFF = N_("This person is not on the staff, or not any more.")
LAST_ADMIN = N_(
    "Nobody else can look after the site. Make another person an admin first: on the page “People "
    "on the staff”, or with: mapapp admin EMAIL"
)


@dataclass(frozen=True)
class StaffMember:
    """A person on the staff, as the rest of the staff reads of them.

    Attributes:
        account_id: the id of their account; it leads to no map.
        name: what the staff calls them, '' without one. No map ever shows it.
        role: the one that can do most.
    """

    account_id: str
    name: str
    role: str


def list_staff(session: Session) -> list[StaffMember]:
    """Return the people on the staff, admins first, then by name. No address is shown."""
    rows = session.execute(
        select(Member.account_id, Member.staff_name, StaffRole.name)
        .join(MemberStaffRole, MemberStaffRole.member_id == Member.id)
        .join(StaffRole, StaffRole.id == MemberStaffRole.role_id)
        # "admin" comes first; of somebody with two roles it is what counts.
        .order_by(StaffRole.name, Member.staff_name, Member.account_id)
    )
    found: dict[str, StaffMember] = {}
    for row in rows:
        found.setdefault(row.account_id, StaffMember(*row))
    return list(found.values())


def staff_member(session: Session, account_id: str) -> StaffMember:
    """Return one person on the staff.

    Raises:
        NotFoundError: when nobody on the staff is at this address.
    """
    for one in list_staff(session):
        if one.account_id == account_id:
            return one
    raise NotFoundError(NOT_ON_STAFF)


def make_staff(
    ctx: Context, email: str, role: str, reason: str = "", name: str | None = None
) -> int:
    """Give the account of ``email`` (made where there is none) a role instead of others.

    Args:
        ctx: where it happens.
        email: whose account.
        role: which one.
        reason: kept in the audit log.
        name: what the staff calls them; None leaves it as it is.

    Returns:
        The member's id.

    Raises:
        BadInputError: when ``email`` is no email address, the role does not exist, the last
            admin would get another one, and for a name that reveals who they are.
    """
    address = clean_address(email)
    if address is None:
        raise BadInputError(NOT_AN_ADDRESS)
    member_id = find_or_make_member(ctx, address)
    _set_role(ctx.session, By(SHELL, reason), member_id, role)
    _set_name(ctx, By(SHELL, reason), member_id, name)
    return member_id


def remove_staff(ctx: Context, email: str, reason: str) -> None:
    """Take every role from the account of ``email``, for the command line.

    Raises:
        NotFoundError: when nobody on the staff has this address.
        BadInputError: for the last admin.
    """
    member_id = find_member(ctx, email)
    if member_id is None or not _roles_of(ctx.session, member_id):
        raise NotFoundError(N_("Nobody on the staff has this address."))
    _set_role(ctx.session, By(SHELL, reason), member_id, NO_ROLE)
    _set_name(ctx, By(SHELL, reason), member_id, "")


def change_role(
    ctx: Context, account_id: str, role: str, reason: str, name: str | None = None
) -> None:
    """Replace the role of somebody on the staff, or take it back, and say what they are called.

    With another role they are signed out everywhere.

    Args:
        ctx: its member is the admin who acts.
        account_id: of whom.
        role: the new one, or ``NO_ROLE``, with which the name goes too.
        reason: kept in the audit log.
        name: what the staff calls them; None leaves it as it is.

    Raises:
        NotFoundError: when nobody on the staff is at this address.
        NotAllowedError: when the admin lost the role in the meantime.
        BadInputError: for a role that does not exist, without a reason, for the last admin, and
            for a name that reveals who they are.
    """
    if not reason.strip():
        raise BadInputError(N_("Say in a few words why."))
    role_id = _hold_admins(ctx.session)
    if ADMIN_ROLE not in _roles_of(ctx.session, ctx.member_id):
        raise NotAllowedError(N_("You are no admin any more."))
    member_id = ctx.session.scalar(select(Member.id).where(Member.account_id == account_id))
    if role_id is None or member_id is None or not _roles_of(ctx.session, member_id):
        raise NotFoundError(NOT_ON_STAFF)
    by = By(audit.actor(ctx.session, ctx.member_id), reason.strip())
    _set_role(ctx.session, by, member_id, role)
    _set_name(ctx, by, member_id, name if role else "")


def keep_an_admin(session: Session, member_id: int) -> None:
    """Refuse to let the last admin go; hold the admins until the transaction ends.

    Raises:
        BadInputError: then, saying how to hand over.
    """
    if ADMIN_ROLE not in _roles_of(session, member_id):
        return
    role_id = _hold_admins(session)
    others = (
        select(Member.id)
        .join(MemberStaffRole, MemberStaffRole.member_id == Member.id)
        .where(
            MemberStaffRole.role_id == role_id,
            Member.id != member_id,
            Member.active.is_(True),
            Member.suspended.is_(False),
            Member.address_mark.is_not(None),  # somebody who can sign in
        )
    )
    if session.scalar(others.limit(1)) is None:
        raise BadInputError(LAST_ADMIN)


def _set_role(session: Session, by: By, member_id: int, role: str) -> None:
    if role not in {NO_ROLE, *STAFF_ROLE_LABELS}:
        raise BadInputError(
            N_("There is no role “%(role)s”. Roles: %(roles)s."),
            role=role,
            roles=", ".join(STAFF_ROLE_LABELS),
        )
    before = _roles_of(session, member_id)
    if before == {role}:
        return
    if role != ADMIN_ROLE:
        keep_an_admin(session, member_id)
    lock_members(session, member_id)
    who, was = audit.actor(session, member_id), ", ".join(sorted(before))
    audit.record(session, by.actor, "staff-role", by.reason, member=who, before=was, role=role)
    session.execute(delete(MemberStaffRole).where(MemberStaffRole.member_id == member_id))
    if role:
        row = MemberStaffRole(member_id=member_id, role_id=_role_id(session, role))
        session.add(row)
        session.flush()
        session.expunge(row)
    if before:  # a session that was opened with a role ends with it
        end_all(session, member_id)


def _set_name(ctx: Context, by: By, member_id: int, name: str | None) -> None:
    """Change what the staff calls somebody; the log says that it changed, and holds no name."""
    member = ctx.session.get_one(Member, member_id)
    clean = clean_pseudonym(name, ctx.settings.site_name) if name else name
    if clean is None or clean == member.staff_name:
        return
    audit.record(ctx.session, by.actor, "staff-name", by.reason, member=member.account_id)
    member.staff_name = clean
    ctx.session.flush()


def _hold_admins(session: Session) -> int | None:
    """Take the row of the admins' role; return its id."""
    mine = StaffRole.name == ADMIN_ROLE
    # Written, not only read: SQLite knows no other way to take a row.
    session.execute(update(StaffRole).where(mine).values(name=ADMIN_ROLE))
    return session.scalar(select(StaffRole.id).where(mine))


def _roles_of(session: Session, member_id: int) -> set[str]:
    held = MemberStaffRole.role_id == StaffRole.id
    mine = MemberStaffRole.member_id == member_id
    return set(session.scalars(select(StaffRole.name).join(MemberStaffRole, held).where(mine)))


def _role_id(session: Session, role: str) -> int:
    query = select(StaffRole.id).where(StaffRole.name == role)
    found = session.scalar(query)
    if found is not None:
        return found
    try:
        with session.begin_nested():
            session.add(StaffRole(name=role))
    except IntegrityError:
        pass  # the first of this role, twice at once
    return session.scalars(query).one()
