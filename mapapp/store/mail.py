"""Queued mail, members' consents, and questions mailed to members."""

from datetime import date

from sqlalchemy import Date, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from mapapp.store.base import Base, goes_with


class Outbox(Base):
    """A mail waiting for ``mapapp worker``; it is deleted when handed over.

    Receiver and text are encrypted with the address key; ``to_mark`` finds the mails of a member
    who leaves.
    """

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    to_mark: Mapped[str] = mapped_column(String(64), index=True)
    sealed: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(String(200))  # reveals nothing, so staff may see it
    due: Mapped[int] = mapped_column(Integer, index=True)  # Unix seconds of the next attempt
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str] = mapped_column(String(200), default="")
    # What it rests on and is asked once more before it leaves (``actions.mail.delivery``); '' for
    # mail that leaves in any case.
    rests_on: Mapped[str] = mapped_column(String(8), default="", server_default=text("''"))
    # The ``mail`` of the open question that counts from when this was handed over.
    question: Mapped[str | None] = mapped_column(String(36))
    # The ``link_hash`` of the sign-in or address change whose time runs from when this was handed
    # over; without it the mail does not leave.
    sign_in: Mapped[str | None] = mapped_column(String(64))


class Consent(Base):
    """A receipt: what a member agreed to, in which words, and when they took it back.

    Months, not days: the receipt for being on a map would otherwise tell when a member placed
    themselves (privacy rule 1).
    """

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_member", "member_id", "purpose"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    member_id: Mapped[int] = goes_with("member.id")
    # Which map it is about; None where it is about the account.
    condition_id: Mapped[int | None] = goes_with("condition.id")
    purpose: Mapped[str] = mapped_column(String(12))  # domain.mail.consent_wordings.PURPOSES
    version: Mapped[str] = mapped_column(String(8))  # of the words
    given: Mapped[str] = mapped_column(String(7))  # month
    withdrawn: Mapped[str] = mapped_column(String(7), default="")  # month, '' while it stands


class OpenQuestion(Base):
    """A question mailed to a member, until it is answered."""

    __tablename__ = "open_question"

    # Who it is about: the member, or a person they care for.
    member_id: Mapped[int] = goes_with("member.id", primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)  # 'right' or 'adult'
    stage: Mapped[str] = mapped_column(String(8))  # domain.account.yearly_check_stages.STEPS
    # When this stage began: when its mail was handed over, which is what its days count from.
    since: Mapped[date] = mapped_column(Date)
    # A random name of the mail that begins this stage, until it was handed over.
    mail: Mapped[str | None] = mapped_column(String(36), index=True)
