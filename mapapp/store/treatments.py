"""What people tried against a condition, and how it went."""

from sqlalchemy import Boolean, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mapapp.store.base import Base, goes_with, outlives
from mapapp.store.members import new_public_id


class Treatment(Base):
    """A treatment that people with a condition can say they tried."""

    __tablename__ = "treatment"
    __table_args__ = (UniqueConstraint("condition_id", "name"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    condition_id: Mapped[int] = goes_with("condition.id")
    name: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(8))  # domain.knowledge.question_set
    # Who proposed it, until a moderator has decided; afterwards nobody did.
    proposed_by: Mapped[int | None] = outlives("member.id", index=True)


class TreatmentUse(Base):
    """That one member tried a treatment; no time is kept."""

    __tablename__ = "treatment_use"

    treatment_id: Mapped[int] = goes_with("treatment.id", primary_key=True)
    member_id: Mapped[int] = goes_with("member.id", primary_key=True, index=True)
    outcome: Mapped[str] = mapped_column(String(8))  # domain.knowledge.treatment_list.OUTCOMES
    side_effects: Mapped[bool] = mapped_column(Boolean, default=False)
