"""What members agreed to, the keys they sign in with, and questions that wait for their answer."""

from datetime import date

from sqlalchemy import BigInteger, Date, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from mapapp.store.base import Base
from mapapp.store.members import new_public_id


class Consent(Base):
    """A receipt: what a member agreed to, in which words, and when they took it back.

    Months, not days: the receipt for being on a map would otherwise tell when somebody placed
    themself (PRIVACY rule 1).
    """

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_member", "member_id", "purpose"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    # Which map it is about; None where it is about the account.
    condition_id: Mapped[int | None] = mapped_column(ForeignKey("condition.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(12))  # domain.consents.PURPOSES
    version: Mapped[str] = mapped_column(String(8))  # of the words
    given: Mapped[str] = mapped_column(String(7))  # month
    withdrawn: Mapped[str] = mapped_column(String(7), default="")  # month, '' while it stands


class Passkey(Base):
    """A key that a member's device or password manager holds; here is only its public half."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    credential: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    name: Mapped[str] = mapped_column(String(60))  # of the device it was made on
    month: Mapped[str] = mapped_column(String(7))


class OpenQuestion(Base):
    """A question that was mailed to a member and waits for an answer; deleted by the answer."""

    __tablename__ = "open_question"

    # Whom it is about: the member, or somebody they care for.
    member_id: Mapped[int] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)  # 'right' or 'adult'
    stage: Mapped[str] = mapped_column(String(8))  # domain.still_right.STAGES
    # When this stage began: when its mail was handed over, which is what its days count from.
    since: Mapped[date] = mapped_column(Date)
    # A random name of the mail that begins this stage, until it was handed over.
    mail: Mapped[str | None] = mapped_column(String(36), index=True)
