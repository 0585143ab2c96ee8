"""Members, their languages, and their memberships of conditions."""

import uuid
from datetime import date

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from mapapp.domain.core.hidden_reasons import NOT_HIDDEN, HiddenReason
from mapapp.store.base import Base, FlagSet, goes_with

DEMO = "demo"
"""The source of invented people."""


def new_public_id() -> str:
    """A random name for the outside: tells nothing of when or in which order people came."""
    return str(uuid.uuid4())


class Member(Base):
    """A person with an account, or one that an import or the demo brought (then without email)."""

    __tablename__ = "member"
    # The number of a member who left is never used again: limits are counted by it.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    # For erasures, limits, blocks and staff. No page shows it: it would link two maps.
    account_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    # What others on the staff call somebody of the staff; on maps nobody sees it.
    staff_name: Mapped[str] = mapped_column(String(40), default="", server_default=text("''"))
    # The address as ``domain.mail.sealed_addresses`` keeps it: a keyed hash to find the member, and
    # sealed to write to them.
    address_mark: Mapped[str | None] = mapped_column(String(64), unique=True)
    address_sealed: Mapped[str | None] = mapped_column(Text)
    # A random handle that sessions hold beside the number: a new one ends them all.
    session_handle: Mapped[str] = mapped_column(
        String(64), unique=True, default=lambda: uuid.uuid4().hex
    )
    # The authenticator app's key, encrypted by ``domain.account.totp``; the last code's number.
    totp_secret: Mapped[str | None] = mapped_column(Text)
    totp_counter: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    active: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    # '' for people who came themselves, 'demo', 'import' or 'carer' otherwise.
    source: Mapped[str] = mapped_column(String(8), default="", index=True)
    # A person the member cares for: counted only, without an account, gone with the carer.
    carer_id: Mapped[int | None] = goes_with("member.id", index=True)
    adult_month: Mapped[str | None] = mapped_column(String(7))  # in which they turn 18
    # The month in which the member last said that everything here is still right.
    confirmed: Mapped[str] = mapped_column(String(7), default="", server_default=text("''"))
    paused: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    # Wishes for a name and an icon of the site, in tabs and mails, that tell nothing.
    discreet: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    # By moderators: signs in, but only to read why, appeal, take their data and leave.
    suspended: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    # The first day on which they may write to others again.
    silenced_until: Mapped[date | None] = mapped_column(Date)
    # Of a suspension that outlasted the erasure of an earlier account: the first day without it.
    suspended_until: Mapped[date | None] = mapped_column(Date)
    # The number under which limits are counted, where they outlasted an earlier account.
    counted_as: Mapped[int | None] = mapped_column(Integer)


class MemberLanguage(Base):
    """A language a member speaks (BCP 47 primary tag, such as ``en``)."""

    __tablename__ = "member_language"

    member_id: Mapped[int] = goes_with("member.id", primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)


class StaffRole(Base):
    """What a member of staff may do: 'admin' or 'moderator'."""

    __tablename__ = "staff_role"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)


class MemberStaffRole(Base):
    """Which member holds which staff role."""

    __tablename__ = "member_staff_role"

    member_id: Mapped[int] = goes_with("member.id", primary_key=True)
    role_id: Mapped[int] = goes_with("staff_role.id", primary_key=True)
    # Whether they get a mail when cases wait; whoever holds two roles has it in both alike.
    mailed: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())


class Membership(Base):
    """A member of a condition, at one area. There is no column for anything finer, on purpose.

    Who they are to others belongs to it and to no other map (privacy rule 2).
    """

    __tablename__ = "membership"
    __table_args__ = (
        Index(
            "ix_membership_due",
            "due",
            sqlite_where=text("due IS NOT NULL"),
            postgresql_where=text("due IS NOT NULL"),
        ),
        Index("ix_membership_member", "member_id"),
    )

    condition_id: Mapped[int] = goes_with("condition.id", primary_key=True)
    member_id: Mapped[int] = goes_with("member.id", primary_key=True)
    public_id: Mapped[str] = mapped_column(
        String(36), unique=True, index=True, default=new_public_id
    )
    pseudonym: Mapped[str] = mapped_column(String(40), default="", server_default=text("''"))
    area_id: Mapped[int] = mapped_column(Integer)
    area_version: Mapped[str] = mapped_column(String(16))
    visibility: Mapped[str] = mapped_column(String(8))  # domain.core.visibilities
    # Each can end without the others; the visibility is what they leave of the choice.
    hidden_reasons: Mapped[HiddenReason] = mapped_column(FlagSet(HiddenReason), default=NOT_HIDDEN)
    # What the member chose, kept while there are reasons to hide; '' otherwise.
    chosen_visibility: Mapped[str] = mapped_column(String(8), default="")
    role: Mapped[str] = mapped_column(String(16))  # domain.core.choices.ROLES
    # Of this map, too, and each with its own audience: people on this map, or nobody.
    birth_decade: Mapped[int | None] = mapped_column(SmallInteger)
    birth_shown: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    diagnosis_decade: Mapped[int | None] = mapped_column(SmallInteger)
    diagnosis_shown: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    month: Mapped[str] = mapped_column(String(7))  # of the placement, '2026-11', never finer
    # A keyed hash: the only order inside a group.
    listing_order: Mapped[int] = mapped_column(BigInteger)
    # With the publication due at this moment (Unix seconds) others see it as it is now; empty: they
    # do. Until then nothing public tells of it.
    due: Mapped[int | None] = mapped_column(BigInteger)


class AdviserOffer(Base):
    """A member offers to help newcomers on a map, and what staff answered."""

    __tablename__ = "adviser_offer"
    __table_args__ = (
        ForeignKeyConstraint(
            ("condition_id", "member_id"),
            ("membership.condition_id", "membership.member_id"),
            ondelete="CASCADE",
        ),
        Index("ix_adviser_offer_state", "state", "public_id"),
    )

    condition_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    member_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    # Of the offer alone: by it the log of what staff did names nobody.
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    words: Mapped[str] = mapped_column(Text)  # staff alone read them
    state: Mapped[str] = mapped_column(String(10))  # domain.published.adviser_rules
    # What staff wrote with their answer; the member reads it.
    reason: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))


class MemberImport(Base):
    """An import of members for one condition, by which they can be found and taken out."""

    __tablename__ = "member_import"
    __table_args__ = (UniqueConstraint("name", "condition_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    condition_id: Mapped[int] = goes_with("condition.id", index=True)
    name: Mapped[str] = mapped_column(String(120))
    has_ids: Mapped[bool] = mapped_column(Boolean)  # rows are known by the other map's ids


class ImportedRow(Base):
    """The row of an import from which a member was made, as keyed hashes that are no place.

    See ``actions.operations.import_rows.RowMarks``.
    """

    __tablename__ = "imported_row"
    __table_args__ = (UniqueConstraint("import_id", "key"),)

    member_id: Mapped[int] = goes_with("member.id", primary_key=True)
    import_id: Mapped[int] = goes_with("member_import.id")
    key: Mapped[str] = mapped_column(String(64))  # of the row's id, else of what it says
    content: Mapped[str] = mapped_column(String(64))  # of what it says, to see a change


WAITING, SHOWN = "", "shown"
"""An alert waits; once its number is reached, the member's page of news shows it."""


class PeopleAlert(Base):
    """A member wants to be told when a published number has reached a few people.

    The columns of the key are those of ``domain.members.alert_wishes``.
    """

    __tablename__ = "people_alert"

    condition_id: Mapped[int] = goes_with("condition.id", primary_key=True)
    member_id: Mapped[int] = goes_with("member.id", primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    area_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    people: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    by_mail: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    # WAITING or SHOWN, without a day.
    news: Mapped[str] = mapped_column(String(8), default=WAITING, server_default=text("''"))
