"""Publish the public side once a day: cards and numbers of their own, beside the memberships."""

import sqlalchemy as sa
from alembic import op

from mapapp.store.migrations.first_release.names import index, key, link

revision = "r0009"
down_revision = "r0008"
branch_labels = None
depends_on = None

REPLACED = sa.text("until < 2147483647")
OF_A_CARD = ("condition_id", "visibility", "listing_order", "public_id", "since")
LISTED = "('public', 'members', 'map')"


def upgrade() -> None:
    op.add_column("membership", sa.Column("due", sa.BigInteger(), nullable=True))
    op.add_column(
        "membership", sa.Column("is_news", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.drop_index("ix_membership_listing", table_name="membership")
    for column, some in (("due", sa.text("due IS NOT NULL")), ("is_news", sa.text("is_news"))):
        op.create_index(
            f"ix_membership_{column}",
            "membership",
            [column],
            sqlite_where=some,
            postgresql_where=some,
        )
    op.drop_table("area_count")
    _make_listing()
    _make_numbers()
    # All that was shown is due: the first publication, which ``mapapp init`` makes, brings it.
    op.execute(f"UPDATE membership SET due = 0 WHERE visibility IN {LISTED}")  # noqa: S608
    op.execute("UPDATE condition SET listed = 0")


def _make_listing() -> None:
    op.create_table(
        "listing",
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("visibility", sa.String(8), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("listing_order", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("pseudonym", sa.String(40), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("languages", sa.String(60), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("reasons", sa.String(120), nullable=False),
        sa.Column("not_now", sa.Boolean(), nullable=False),
        sa.Column("carers_only", sa.Boolean(), nullable=False),
        sa.Column("same_language", sa.Boolean(), nullable=False),
        sa.Column("farthest", sa.SmallInteger(), nullable=True),
        link("listing", "condition_id", "condition", "CASCADE"),
        link("listing", "member_id", "member", "CASCADE"),
        key("listing", *OF_A_CARD[:2], "area_id", *OF_A_CARD[2:]),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_listing_world", "listing", OF_A_CARD[:-1])
    op.create_index("ix_listing_member", "listing", ["member_id", "condition_id"])
    index("listing", "public_id")
    op.create_table(
        "listing_language",
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("visibility", sa.String(8), nullable=False),
        sa.Column("listing_order", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        link("listing_language", "condition_id", "condition", "CASCADE"),
        key("listing_language", OF_A_CARD[0], "language", *OF_A_CARD[1:]),
        sqlite_with_rowid=False,
    )
    for table in ("listing", "listing_language"):
        op.create_index(
            f"ix_{table}_until", table, ["until"], sqlite_where=REPLACED, postgresql_where=REPLACED
        )


def _make_numbers() -> None:
    op.create_table(
        "number_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(20), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("visibility", sa.String(8), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=True),
        key("number_change", "id"),
    )
    op.create_table(
        "area_numbers",
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("publication", sa.Integer(), nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
        key("area_numbers", "condition_id", "publication"),
    )
    op.create_table(
        "condition_number",
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(20), nullable=False),
        sa.Column("visibility", sa.String(8), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        link("condition_number", "condition_id", "condition", "CASCADE"),
        key("condition_number", "condition_id", "key", "visibility"),
    )


def downgrade() -> None:
    # Without publications the map would show at once what members were told to appear later.
    raise RuntimeError("What waits for a publication is not shown by going back.")
