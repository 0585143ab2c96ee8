"""Publish the public side once a day: cards and numbers of their own, beside the memberships."""

import sqlalchemy as sa
from alembic import op

revision = "r0009"
down_revision = "r0008"
branch_labels = None
depends_on = None

REPLACED = sa.text("until < 2147483647")
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
        _goes_with("listing", "condition"),
        _goes_with("listing", "member"),
        sa.PrimaryKeyConstraint(
            "condition_id",
            "visibility",
            "area_id",
            "listing_order",
            "public_id",
            "since",
            name=op.f("pk_listing"),
        ),
        sqlite_with_rowid=False,
    )
    world = ["condition_id", "visibility", "listing_order", "public_id"]
    op.create_index("ix_listing_world", "listing", world)
    op.create_index("ix_listing_member", "listing", ["member_id", "condition_id"])
    op.create_index(op.f("ix_listing_public_id"), "listing", ["public_id"])
    op.create_table(
        "listing_language",
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("visibility", sa.String(8), nullable=False),
        sa.Column("listing_order", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        _goes_with("listing_language", "condition"),
        sa.PrimaryKeyConstraint(
            "condition_id",
            "language",
            "visibility",
            "listing_order",
            "public_id",
            "since",
            name=op.f("pk_listing_language"),
        ),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_change")),
    )
    op.create_table(
        "area_numbers",
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("publication", sa.Integer(), nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("condition_id", "publication", name=op.f("pk_area_numbers")),
    )
    op.create_table(
        "condition_number",
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(20), nullable=False),
        sa.Column("visibility", sa.String(8), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        _goes_with("condition_number", "condition"),
        sa.PrimaryKeyConstraint(
            "condition_id", "key", "visibility", name=op.f("pk_condition_number")
        ),
    )


def _goes_with(table: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{other}_id_{other}")
    return sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    # Without publications the map would show at once what members were told to appear later.
    raise RuntimeError("What waits for a publication is not shown by going back.")
