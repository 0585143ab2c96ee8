"""Members, how they sign in, and their places on maps."""

import sqlalchemy as sa
from alembic import op

from mapapp.store.migrations.first_release.names import index, key, link, unique


def upgrade() -> None:
    """Make these tables."""
    _make_condition()
    _make_condition_name()
    _make_area_count()
    _make_member()
    _make_member_language()
    _make_staff_role()
    _make_member_staff_role()
    _make_membership()
    _make_nearby_alert()


def _make_condition() -> None:
    op.create_table(
        "condition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("slug", sa.String(120), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("group_key", sa.String(40), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("shown", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        key("condition", "id"),
        unique("condition", "code"),
        unique("condition", "slug"),
    )
    index("condition", "edited")
    index("condition", "group_key")
    index("condition", "listed")
    index("condition", "name")


def _make_condition_name() -> None:
    op.create_table(
        "condition_name",
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        link("condition_name", "condition_id", "condition", "CASCADE"),
        key("condition_name", "condition_id", "name"),
    )


def _make_area_count() -> None:
    op.create_table(
        "area_count",
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        link("area_count", "condition_id", "condition", "CASCADE"),
        key("area_count", "condition_id", "area_id"),
    )


def _make_member() -> None:
    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("pseudonym", sa.String(40), nullable=False),
        sa.Column("birth_decade", sa.SmallInteger(), nullable=True),
        sa.Column("address_mark", sa.String(64), nullable=True),
        sa.Column("address_sealed", sa.Text(), nullable=True),
        sa.Column("session_handle", sa.String(64), nullable=False),
        sa.Column("totp_secret", sa.Text(), nullable=True),
        sa.Column("totp_counter", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("carer_id", sa.Integer(), nullable=True),
        sa.Column("adult_month", sa.String(7), nullable=True),
        sa.Column("confirmed", sa.String(7), server_default=sa.text("''"), nullable=False),
        sa.Column("paused", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("suspended", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("silenced_until", sa.Date(), nullable=True),
        link("member", "carer_id", "member", "CASCADE"),
        key("member", "id"),
        unique("member", "address_mark"),
        unique("member", "session_handle"),
        unique("member", "public_id"),
        sqlite_autoincrement=True,
    )
    index("member", "carer_id")
    index("member", "source")


def _make_member_language() -> None:
    op.create_table(
        "member_language",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        link("member_language", "member_id", "member", "CASCADE"),
        key("member_language", "member_id", "language"),
    )


def _make_staff_role() -> None:
    op.create_table(
        "staff_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        key("staff_role", "id"),
        unique("staff_role", "name"),
    )


def _make_member_staff_role() -> None:
    op.create_table(
        "member_staff_role",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        link("member_staff_role", "member_id", "member", "CASCADE"),
        link("member_staff_role", "role_id", "staff_role", "CASCADE"),
        key("member_staff_role", "member_id", "role_id"),
    )


def _make_membership() -> None:
    op.create_table(
        "membership",
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("area_version", sa.String(16), nullable=False),
        sa.Column("visibility", sa.String(8), nullable=False),
        sa.Column("hidden_reasons", sa.SmallInteger(), nullable=False),
        sa.Column("chosen_visibility", sa.String(8), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("diagnosis_decade", sa.SmallInteger(), nullable=True),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("listing_order", sa.BigInteger(), nullable=False),
        link("membership", "condition_id", "condition", "CASCADE"),
        link("membership", "member_id", "member", "CASCADE"),
        key("membership", "condition_id", "member_id"),
    )
    op.create_index(
        "ix_membership_listing",
        "membership",
        ["condition_id", "visibility", "area_id", "listing_order"],
    )
    op.create_index("ix_membership_member", "membership", ["member_id"])


def _make_nearby_alert() -> None:
    op.create_table(
        "nearby_alert",
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        link("nearby_alert", "condition_id", "condition", "CASCADE"),
        link("nearby_alert", "member_id", "member", "CASCADE"),
        key("nearby_alert", "condition_id", "member_id", "area_id"),
    )
    index("nearby_alert", "member_id")
