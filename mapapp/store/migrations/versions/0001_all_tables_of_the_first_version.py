"""All tables of the first version"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_action"), "audit_entry", ["action"], unique=False)
    op.create_table(
        "condition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("group_key", sa.String(length=40), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("shown", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition")),
        sa.UniqueConstraint("code", name=op.f("uq_condition_code")),
        sa.UniqueConstraint("slug", name=op.f("uq_condition_slug")),
    )
    op.create_index(op.f("ix_condition_edited"), "condition", ["edited"], unique=False)
    op.create_index(op.f("ix_condition_group_key"), "condition", ["group_key"], unique=False)
    op.create_index(op.f("ix_condition_listed"), "condition", ["listed"], unique=False)
    op.create_index(op.f("ix_condition_name"), "condition", ["name"], unique=False)
    op.create_table(
        "export",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.String(length=7), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("mimetype", sa.String(length=100), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("codebook", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_export")),
    )
    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("pseudonym", sa.String(length=40), nullable=False),
        sa.Column("birth_decade", sa.SmallInteger(), nullable=True),
        sa.Column("email", sa.String(length=255), nullable=True),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("us_totp_secrets", sa.Text(), nullable=True),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("email", name=op.f("uq_member_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_member_fs_uniquifier")),
        sa.UniqueConstraint("public_id", name=op.f("uq_member_public_id")),
    )
    op.create_index(op.f("ix_member_source"), "member", ["source"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("to_address", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(op.f("ix_outbox_due"), "outbox", ["due"], unique=False)
    op.create_table(
        "quota",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_quota")),
    )
    op.create_index(op.f("ix_quota_ends"), "quota", ["ends"], unique=False)
    op.create_table(
        "sign_in_link",
        sa.Column("link_hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("expires", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("link_hash", name=op.f("pk_sign_in_link")),
    )
    op.create_index(op.f("ix_sign_in_link_expires"), "sign_in_link", ["expires"], unique=False)
    op.create_table(
        "site_fact",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_site_fact")),
    )
    op.create_table(
        "staff_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_role")),
        sa.UniqueConstraint("name", name=op.f("uq_staff_role_name")),
    )
    op.create_table(
        "web_session",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("expires", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_web_session")),
    )
    op.create_index(op.f("ix_web_session_expires"), "web_session", ["expires"], unique=False)
    op.create_index(op.f("ix_web_session_member_id"), "web_session", ["member_id"], unique=False)
    op.create_table(
        "area_count",
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["condition_id"],
            ["condition.id"],
            name=op.f("fk_area_count_condition_id_condition"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("condition_id", "area_id", name=op.f("pk_area_count")),
    )
    op.create_table(
        "condition_name",
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["condition_id"],
            ["condition.id"],
            name=op.f("fk_condition_name_condition_id_condition"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("condition_id", "name", name=op.f("pk_condition_name")),
    )
    op.create_table(
        "contact_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("from_member_id", sa.Integer(), nullable=False),
        sa.Column("to_member_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.ForeignKeyConstraint(
            ["condition_id"],
            ["condition.id"],
            name=op.f("fk_contact_request_condition_id_condition"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["from_member_id"],
            ["member.id"],
            name=op.f("fk_contact_request_from_member_id_member"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["to_member_id"],
            ["member.id"],
            name=op.f("fk_contact_request_to_member_id_member"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_request")),
        sa.UniqueConstraint("public_id", name=op.f("uq_contact_request_public_id")),
    )
    op.create_index(
        "ix_contact_request_from", "contact_request", ["from_member_id", "state"], unique=False
    )
    op.create_index(
        "ix_contact_request_to", "contact_request", ["to_member_id", "state"], unique=False
    )
    op.create_table(
        "member_language",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_member_language_member_id_member"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", "language", name=op.f("pk_member_language")),
    )
    op.create_table(
        "member_staff_role",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_member_staff_role_member_id_member"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["role_id"],
            ["staff_role.id"],
            name=op.f("fk_member_staff_role_role_id_staff_role"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", "role_id", name=op.f("pk_member_staff_role")),
    )
    op.create_table(
        "membership",
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("area_version", sa.String(length=16), nullable=False),
        sa.Column("visibility", sa.String(length=8), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("diagnosis_decade", sa.SmallInteger(), nullable=True),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("tie", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["condition_id"],
            ["condition.id"],
            name=op.f("fk_membership_condition_id_condition"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_membership_member_id_member"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("condition_id", "member_id", name=op.f("pk_membership")),
    )
    op.create_index(
        "ix_membership_listing",
        "membership",
        ["condition_id", "visibility", "area_id", "tie"],
        unique=False,
    )
    op.create_index("ix_membership_member", "membership", ["member_id"], unique=False)
    op.create_table(
        "tell_me",
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["condition_id"],
            ["condition.id"],
            name=op.f("fk_tell_me_condition_id_condition"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_tell_me_member_id_member"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("condition_id", "member_id", "area_id", name=op.f("pk_tell_me")),
    )


def downgrade() -> None:
    # The indexes go with their tables.
    op.drop_table("tell_me")
    op.drop_table("membership")
    op.drop_table("member_staff_role")
    op.drop_table("member_language")
    op.drop_table("contact_request")
    op.drop_table("condition_name")
    op.drop_table("area_count")
    op.drop_table("web_session")
    op.drop_table("staff_role")
    op.drop_table("site_fact")
    op.drop_table("sign_in_link")
    op.drop_table("quota")
    op.drop_table("outbox")
    op.drop_table("member")
    op.drop_table("export")
    op.drop_table("condition")
    op.drop_table("audit_entry")
