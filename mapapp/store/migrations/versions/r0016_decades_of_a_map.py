"""Let members show people on a map the decades of their birth and of the diagnosis.

The decade of birth moves from the account to each of its maps, where nobody sees it yet.
"""

import sqlalchemy as sa
from alembic import op

revision = "r0016"
down_revision = "r0015"
branch_labels = None
depends_on = None

DECADES = ("birth_decade", "diagnosis_decade")
SHOWN = ("birth_shown", "diagnosis_shown")
GIVEN = sa.text("birth_decade IS NOT NULL")


def upgrade() -> None:
    op.add_column("membership", sa.Column("birth_decade", sa.SmallInteger(), nullable=True))
    for name in SHOWN:
        op.add_column(
            "membership", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    given = "SELECT birth_decade FROM member WHERE member.id = membership.member_id"
    gave = "SELECT id FROM member WHERE birth_decade IS NOT NULL"
    op.execute(f"UPDATE membership SET birth_decade = ({given}) WHERE member_id IN ({gave})")  # noqa: S608
    op.drop_column("member", "birth_decade")
    for name in DECADES:
        op.add_column("listing", sa.Column(name, sa.SmallInteger(), nullable=True))
    op.create_index(
        "ix_listing_born",
        "listing",
        ["condition_id", "birth_decade", "visibility", "listing_order", "public_id"],
        sqlite_where=GIVEN,
        postgresql_where=GIVEN,
    )


def downgrade() -> None:
    op.drop_index("ix_listing_born", table_name="listing")
    for name in DECADES:
        op.drop_column("listing", name)
    op.add_column("member", sa.Column("birth_decade", sa.SmallInteger(), nullable=True))
    given = "SELECT max(birth_decade) FROM membership WHERE membership.member_id = member.id"
    op.execute(f"UPDATE member SET birth_decade = ({given})")  # noqa: S608
    for name in (*SHOWN, "birth_decade"):
        op.drop_column("membership", name)
