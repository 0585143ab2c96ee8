"""Limits, what staff did, exports, erasures, and facts about the site."""

import sqlalchemy as sa
from alembic import op

from mapapp.store.migrations.first_release.names import index, key


def upgrade() -> None:
    """Make these tables."""
    _make_quota()
    _make_reading()
    _make_audit_entry()
    _make_export()
    _make_erasure()
    _make_site_fact()


def _make_quota() -> None:
    op.create_table(
        "quota",
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        key("quota", "subject"),
    )
    index("quota", "ends")


def _make_reading() -> None:
    op.create_table(
        "reading",
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("people", sa.LargeBinary(), nullable=False),
        sa.Column("areas", sa.LargeBinary(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        key("reading", "subject"),
    )
    index("reading", "ends")


def _make_audit_entry() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        key("audit_entry", "id"),
    )
    index("audit_entry", "action")


def _make_export() -> None:
    op.create_table(
        "export",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("epoch", sa.String(7), nullable=False),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("mimetype", sa.String(100), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("codebook", sa.Text(), nullable=False),
        key("export", "key"),
    )


def _make_erasure() -> None:
    op.create_table(
        "erasure",
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        key("erasure", "mark"),
    )
    index("erasure", "month")


def _make_site_fact() -> None:
    op.create_table(
        "site_fact",
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("value", sa.String(200), nullable=False),
        key("site_fact", "key"),
    )
