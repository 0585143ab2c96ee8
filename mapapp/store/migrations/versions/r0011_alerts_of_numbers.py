"""Let alerts wait for published numbers, of an area, a distance or a family.

An alert used to wait for the next person within 250 km, and mailed its member; it waits for three
now. One that has told of its person waits for three as well, without the mail: that person is no
news of three, and one mail was promised.
"""

import sqlalchemy as sa
from alembic import op

from mapapp.store.migrations.first_release.names import index, key, link

revision = "r0011"
down_revision = "r0010"
branch_labels = None
depends_on = None

NEW, OLD = "people_alert", "nearby_alert"
IS_NEWS = sa.text("is_news")


def upgrade() -> None:
    op.create_table(
        NEW,
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("people", sa.SmallInteger(), nullable=False),
        sa.Column("by_mail", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("news", sa.String(8), server_default=sa.text("''"), nullable=False),
        link(NEW, "condition_id", "condition", "CASCADE"),
        link(NEW, "member_id", "member", "CASCADE"),
        key(NEW, "condition_id", "member_id", "kind", "area_id", "people"),
    )
    index(NEW, "member_id")
    op.execute(
        "INSERT INTO people_alert"
        " (condition_id, member_id, kind, area_id, people, by_mail, news)"
        " SELECT condition_id, member_id, CASE WHEN area_id = 0 THEN 'area' ELSE 'near' END,"
        " area_id, 3, news = '', '' FROM nearby_alert"
    )
    op.drop_table(OLD)
    op.drop_index("ix_membership_is_news", "membership")
    op.drop_column("membership", "is_news")


def downgrade() -> None:
    op.add_column(
        "membership", sa.Column("is_news", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_index(
        "ix_membership_is_news",
        "membership",
        ["is_news"],
        sqlite_where=IS_NEWS,
        postgresql_where=IS_NEWS,
    )
    op.create_table(
        OLD,
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("news", sa.String(8), server_default=sa.text("''"), nullable=False),
        link(OLD, "condition_id", "condition", "CASCADE"),
        link(OLD, "member_id", "member", "CASCADE"),
        key(OLD, "condition_id", "member_id", "area_id"),
    )
    index(OLD, "member_id")
    op.execute(
        "INSERT INTO nearby_alert (condition_id, member_id, area_id, news)"
        " SELECT condition_id, member_id, area_id, MAX(news) FROM people_alert"
        " WHERE kind <> 'family' GROUP BY condition_id, member_id, area_id"
    )
    op.drop_table(NEW)
