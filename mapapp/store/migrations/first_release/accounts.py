"""How members sign in, what they agreed to, and the mail that waits."""

import sqlalchemy as sa
from alembic import op

from mapapp.store.migrations.first_release.names import index, key, link, unique


def upgrade() -> None:
    """Make these tables."""
    _make_sign_in_link()
    _make_passkey()
    _make_web_session()
    _make_consent()
    _make_outbox()
    _make_open_question()


def _make_sign_in_link() -> None:
    op.create_table(
        "sign_in_link",
        sa.Column("link_hash", sa.String(64), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("address_mark", sa.String(64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("expires", sa.Integer(), nullable=False),
        key("sign_in_link", "link_hash"),
    )
    index("sign_in_link", "address_mark")
    index("sign_in_link", "expires")


def _make_passkey() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("credential", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        link("passkey", "member_id", "member", "CASCADE"),
        key("passkey", "id"),
        unique("passkey", "credential"),
        unique("passkey", "public_id"),
    )
    index("passkey", "member_id")


def _make_web_session() -> None:
    op.create_table(
        "web_session",
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("device", sa.String(60), server_default=sa.text("''"), nullable=False),
        sa.Column("month", sa.String(7), server_default=sa.text("''"), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("expires", sa.Integer(), nullable=False),
        link("web_session", "member_id", "member", "CASCADE"),
        key("web_session", "key_hash"),
        unique("web_session", "public_id"),
    )
    index("web_session", "expires")
    index("web_session", "member_id")


def _make_consent() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("condition_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(12), nullable=False),
        sa.Column("version", sa.String(8), nullable=False),
        sa.Column("given", sa.String(7), nullable=False),
        sa.Column("withdrawn", sa.String(7), nullable=False),
        link("consent", "condition_id", "condition", "CASCADE"),
        link("consent", "member_id", "member", "CASCADE"),
        key("consent", "id"),
    )
    op.create_index("ix_consent_member", "consent", ["member_id", "purpose"])


def _make_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("to_mark", sa.String(64), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(200), nullable=False),
        sa.Column("rests_on", sa.String(8), server_default=sa.text("''"), nullable=False),
        sa.Column("question", sa.String(36), nullable=True),
        key("outbox", "id"),
    )
    index("outbox", "due")
    index("outbox", "to_mark")


def _make_open_question() -> None:
    op.create_table(
        "open_question",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("stage", sa.String(8), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("mail", sa.String(36), nullable=True),
        link("open_question", "member_id", "member", "CASCADE"),
        key("open_question", "member_id", "kind"),
    )
    index("open_question", "mail")
