"""Name imports, and know their rows again."""

import sqlalchemy as sa
from alembic import op

revision = "r0005"
down_revision = "r0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "member_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("has_ids", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["condition_id"],
            ["condition.id"],
            name=op.f("fk_member_import_condition_id_condition"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_import")),
        sa.UniqueConstraint("name", "condition_id", name=op.f("uq_member_import_name")),
    )
    op.create_index(op.f("ix_member_import_condition_id"), "member_import", ["condition_id"])
    op.create_table(
        "imported_row",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("content", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["member_import.id"],
            name=op.f("fk_imported_row_import_id_member_import"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_imported_row_member_id_member"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_imported_row")),
        sa.UniqueConstraint("import_id", "key", name=op.f("uq_imported_row_import_id")),
    )


def downgrade() -> None:
    op.drop_table("imported_row")
    op.drop_table("member_import")
