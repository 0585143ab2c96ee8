"""Conditions of the site: the catalogue's, as the site's staff changed it, and their own."""

from sqlalchemy import BigInteger, Boolean, Integer, String, Text, text, true
from sqlalchemy.orm import Mapped, mapped_column

from mapapp.store.base import Base, goes_with


class Condition(Base):
    """One condition. Rows are made at ``mapapp init`` from the catalogue, or by staff."""

    __tablename__ = "condition"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)  # MONDO:0003441 or LOCAL:…
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    group: Mapped[str] = mapped_column("group_key", String(40), index=True, default="")
    about: Mapped[str] = mapped_column(Text, default="")
    shown: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    # Set when staff renamed, added or hid it: the search adds these to the catalogue's names.
    edited: Mapped[bool] = mapped_column(Boolean, default=False, index=True)
    # As of the last publication, which raises the version when a number or a card changed: how many
    # are listed, and in how many countries.
    listed: Mapped[int] = mapped_column(Integer, default=0, index=True)
    countries: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    version: Mapped[int] = mapped_column(BigInteger, default=0)


class ConditionName(Base):
    """A further name that staff gave a condition."""

    __tablename__ = "condition_name"

    condition_id: Mapped[int] = goes_with("condition.id", primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
