"""Members, their languages, and their memberships of conditions."""

import uuid
from datetime import date

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from mapapp.store.base import Base

DEMO = "demo"
"""The source of invented people."""


def new_public_id() -> str:
    """A random name for the outside: tells nothing of when or in which order people came."""
    return str(uuid.uuid4())


class Member(Base):
    """A person with an account, or one that an import or the demo brought (then without e-mail)."""

    __tablename__ = "member"
    # The number of somebody who left is given to nobody: limits are counted by it.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    pseudonym: Mapped[str] = mapped_column(String(40), default="")
    birth_decade: Mapped[int | None] = mapped_column(SmallInteger)
    # The address as ``domain.addresses`` keeps it: a keyed hash to find it, and sealed to write to.
    address_mark: Mapped[str | None] = mapped_column(String(64), unique=True)
    address_sealed: Mapped[str | None] = mapped_column(Text)
    # The sign-in library keeps its session handle here.
    fs_uniquifier: Mapped[str] = mapped_column(
        String(64), unique=True, default=lambda: uuid.uuid4().hex
    )
    # Of the authenticator app: the secret as the library sealed it, and the last code's number.
    totp_secret: Mapped[str | None] = mapped_column(Text)
    totp_counter: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    password: Mapped[str | None] = mapped_column(
        String(255)
    )  # always empty; the library asks for it
    active: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    # '' for people who came themselves, 'demo', 'import' or 'carer' otherwise.
    source: Mapped[str] = mapped_column(String(8), default="", index=True)
    # Somebody whom a member cares for: counted only, without an account, gone with the carer.
    carer_id: Mapped[int | None] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), index=True
    )
    adult_month: Mapped[str | None] = mapped_column(String(7))  # in which they turn 18
    # The month in which the member last said that everything here is still right.
    confirmed: Mapped[str] = mapped_column(String(7), default="", server_default=text("''"))
    paused: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    # By moderators: signs in, but only to read why, appeal, take their data and leave.
    suspended: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    # The first day on which they may write to others again.
    silenced_until: Mapped[date | None] = mapped_column(Date)


class MemberLanguage(Base):
    """A language a member speaks (BCP 47 primary tag, such as ``en``)."""

    __tablename__ = "member_language"

    member_id: Mapped[int] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(String(8), primary_key=True)


class StaffRole(Base):
    """What a member of staff may do: 'admin' or 'moderator'."""

    __tablename__ = "staff_role"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    description: Mapped[str] = mapped_column(String(200), default="")


class MemberStaffRole(Base):
    """Which member holds which staff role."""

    __tablename__ = "member_staff_role"

    member_id: Mapped[int] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True
    )
    role_id: Mapped[int] = mapped_column(
        ForeignKey("staff_role.id", ondelete="CASCADE"), primary_key=True
    )


class Membership(Base):
    """A member of a condition, at one area. There is no column for anything finer, on purpose."""

    __tablename__ = "membership"
    __table_args__ = (
        Index("ix_membership_listing", "condition_id", "visibility", "area_id", "tie"),
        Index("ix_membership_member", "member_id"),
    )

    condition_id: Mapped[int] = mapped_column(
        ForeignKey("condition.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True
    )
    area_id: Mapped[int] = mapped_column(Integer)
    area_version: Mapped[str] = mapped_column(String(16))
    visibility: Mapped[str] = mapped_column(String(8))  # domain.permissions
    # Why it is set aside, a letter for each reason (``actions.hide``); '' otherwise.
    aside: Mapped[str] = mapped_column(String(8), default="", server_default=text("''"))
    # What was chosen, while it is set aside; '' otherwise.
    before: Mapped[str] = mapped_column(String(8), default="", server_default=text("''"))
    role: Mapped[str] = mapped_column(String(16))  # domain.wording.ROLES
    diagnosis_decade: Mapped[int | None] = mapped_column(SmallInteger)
    month: Mapped[str] = mapped_column(String(7))  # of the placement, '2026-11', never finer
    tie: Mapped[int] = mapped_column(BigInteger)  # keyed hash: the only order inside a group
