"""Sealed addresses, consents, passkeys, devices of sessions, people who are cared for.

Sessions and sign-in links end with this step: everybody signs in once more.
"""

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import context, op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FIRST_WORDS = "There are e-mail addresses in this database. Call: mapapp init"
member = sa.table(
    "member",
    sa.column("id"),
    sa.column("email"),
    sa.column("address_mark"),
    sa.column("address_sealed"),
    sa.column("confirmed"),
)
outbox = sa.table(
    "outbox",
    *map(sa.column, ("id", "to_address", "to_mark", "sealed", "subject", "body")),
    *map(sa.column, ("due", "attempts", "error")),
)
SIDES = ("from_member_id", "to_member_id")


def _keys() -> Any:
    keys = context.config.attributes.get("address_keys")
    if keys is None:
        raise RuntimeError(FIRST_WORDS)
    return keys


def _taken_out(table: sa.TableClause, *names: str) -> list[dict[str, Any]]:
    columns = [table.c[name] for name in names]
    return [dict(row) for row in op.get_bind().execute(sa.select(*columns)).mappings()]


def upgrade() -> None:
    addresses = [row for row in _taken_out(member, "id", "email") if row["email"]]
    rest = ("id", "subject", "due", "attempts", "error")
    mails = _taken_out(outbox, *rest, "to_address", "body")
    for passing in ("outbox", "sign_in_link", "web_session"):
        op.execute(sa.delete(sa.table(passing)))
    _make_tables()
    _change_members()
    _change_sides("SET NULL", nullable=True)
    _change_service()
    _seal(addresses, mails)


def _seal(addresses: list[dict[str, Any]], mails: list[dict[str, Any]]) -> None:
    bind = op.get_bind()
    for row in addresses:
        values = {
            "address_mark": _keys().mark(row["email"]),
            "address_sealed": _keys().seal(row["email"]),
            "confirmed": f"{datetime.now(UTC):%Y-%m}",
        }
        bind.execute(sa.update(member).where(member.c.id == row["id"]).values(**values))
    for mail in mails:
        to, body = mail.pop("to_address"), mail.pop("body")
        sealed = _keys().seal(json.dumps({"to": to, "body": body}))
        bind.execute(sa.insert(outbox).values(to_mark=_keys().mark(to), sealed=sealed, **mail))


def _make_tables() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("condition_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("version", sa.String(length=8), nullable=False),
        sa.Column("given", sa.String(length=7), nullable=False),
        sa.Column("withdrawn", sa.String(length=7), nullable=False),
        _link("consent", "condition_id", "condition", "CASCADE"),
        _link("consent", "member_id", "member", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_member", "consent", ["member_id", "purpose"])
    op.create_table(
        "open_question",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("stage", sa.String(length=8), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        _link("open_question", "member_id", "member", "CASCADE"),
        sa.PrimaryKeyConstraint("member_id", "kind", name=op.f("pk_open_question")),
    )
    op.create_table(
        "erasure",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_erasure")),
    )
    op.create_index(op.f("ix_erasure_month"), "erasure", ["month"])
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("credential", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        _link("passkey", "member_id", "member", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential", name=op.f("uq_passkey_credential")),
        sa.UniqueConstraint("public_id", name=op.f("uq_passkey_public_id")),
    )
    op.create_index(op.f("ix_passkey_member_id"), "passkey", ["member_id"])


def _link(table: str, column: str, to: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete=ondelete)


def _change_members() -> None:
    numbers_once = {"sqlite_autoincrement": True}
    with op.batch_alter_table("member", table_kwargs=numbers_once) as batch:
        batch.add_column(sa.Column("address_mark", sa.String(length=64), nullable=True))
        batch.add_column(sa.Column("address_sealed", sa.Text(), nullable=True))
        batch.add_column(sa.Column("totp_secret", sa.Text(), nullable=True))
        batch.add_column(_counter())
        batch.add_column(sa.Column("carer_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("adult_month", sa.String(length=7), nullable=True))
        batch.add_column(_text("confirmed", 7))
        batch.add_column(
            sa.Column("paused", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch.drop_constraint(batch.f("uq_member_email"), type_="unique")
        batch.create_index(batch.f("ix_member_carer_id"), ["carer_id"])
        batch.create_unique_constraint(batch.f("uq_member_address_mark"), ["address_mark"])
        batch.create_foreign_key(
            batch.f("fk_member_carer_id_member"), "member", ["carer_id"], ["id"], ondelete="CASCADE"
        )
        batch.drop_column("email")
        batch.drop_column("us_totp_secrets")
    with op.batch_alter_table("membership") as batch:
        batch.add_column(_text("aside", 3))
        batch.add_column(_text("before", 8))


def _counter() -> sa.Column[int]:
    return sa.Column("totp_counter", sa.BigInteger(), server_default="0", nullable=False)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), server_default=sa.text("''"), nullable=False)


def _change_sides(ondelete: str, nullable: bool) -> None:
    with op.batch_alter_table("contact_request") as batch:
        for side in SIDES:
            name = batch.f(f"fk_contact_request_{side}_member")
            batch.drop_constraint(name, type_="foreignkey")
            batch.alter_column(side, existing_type=sa.Integer(), nullable=nullable)
            batch.create_foreign_key(name, "member", [side], ["id"], ondelete=ondelete)


def _change_service() -> None:
    with op.batch_alter_table("outbox") as batch:
        batch.add_column(sa.Column("to_mark", sa.String(length=64), nullable=False))
        batch.add_column(sa.Column("sealed", sa.Text(), nullable=False))
        batch.create_index(batch.f("ix_outbox_to_mark"), ["to_mark"])
        batch.drop_column("body")
        batch.drop_column("to_address")
    with op.batch_alter_table("sign_in_link") as batch:
        batch.add_column(sa.Column("address_mark", sa.String(length=64), nullable=False))
        batch.create_index(batch.f("ix_sign_in_link_address_mark"), ["address_mark"])
    with op.batch_alter_table("web_session") as batch:
        batch.add_column(sa.Column("public_id", sa.String(length=36), nullable=False))
        batch.add_column(_text("device", 60))
        batch.add_column(_text("month", 7))
        batch.create_unique_constraint(batch.f("uq_web_session_public_id"), ["public_id"])
        batch.create_foreign_key(
            batch.f("fk_web_session_member_id_member"),
            "member",
            ["member_id"],
            ["id"],
            ondelete="CASCADE",
        )


def downgrade() -> None:
    """Go back: consents, passkeys and people who are cared for are lost, addresses are opened."""
    sealed = [r for r in _taken_out(member, "id", "address_sealed") if r["address_sealed"]]
    mails = _taken_out(outbox, "id", "sealed", "subject", "due", "attempts", "error")
    for passing in ("outbox", "sign_in_link", "web_session"):
        op.execute(sa.delete(sa.table(passing)))
    op.execute("DELETE FROM member WHERE carer_id IS NOT NULL")
    op.execute("DELETE FROM contact_request WHERE from_member_id IS NULL OR to_member_id IS NULL")
    _take_back_service()
    _change_sides("CASCADE", nullable=False)
    _take_back_members()
    for table in ("passkey", "open_question", "erasure", "consent"):
        op.drop_table(table)
    _unseal(sealed, mails)


def _take_back_service() -> None:
    with op.batch_alter_table("web_session") as batch:
        batch.drop_constraint(batch.f("fk_web_session_member_id_member"), type_="foreignkey")
        batch.drop_constraint(batch.f("uq_web_session_public_id"), type_="unique")
        for name in ("month", "device", "public_id"):
            batch.drop_column(name)
    with op.batch_alter_table("sign_in_link") as batch:
        batch.drop_index(batch.f("ix_sign_in_link_address_mark"))
        batch.drop_column("address_mark")
    with op.batch_alter_table("outbox") as batch:
        batch.add_column(sa.Column("to_address", sa.String(length=255), nullable=False))
        batch.add_column(sa.Column("body", sa.Text(), nullable=False))
        batch.drop_index(batch.f("ix_outbox_to_mark"))
        batch.drop_column("sealed")
        batch.drop_column("to_mark")


def _take_back_members() -> None:
    with op.batch_alter_table("membership") as batch:
        batch.drop_column("before")
        batch.drop_column("aside")
    with op.batch_alter_table("member") as batch:
        batch.add_column(sa.Column("us_totp_secrets", sa.Text(), nullable=True))
        batch.add_column(sa.Column("email", sa.String(length=255), nullable=True))
        batch.drop_constraint(batch.f("fk_member_carer_id_member"), type_="foreignkey")
        batch.drop_constraint(batch.f("uq_member_address_mark"), type_="unique")
        batch.drop_index(batch.f("ix_member_carer_id"))
        batch.create_unique_constraint(batch.f("uq_member_email"), ["email"])
        for name in ("paused", "confirmed", "adult_month", "carer_id", "totp_counter"):
            batch.drop_column(name)
        for name in ("totp_secret", "address_sealed", "address_mark"):
            batch.drop_column(name)


def _unseal(sealed: list[dict[str, Any]], mails: list[dict[str, Any]]) -> None:
    bind = op.get_bind()
    for row in sealed:
        email = _keys().unseal(row["address_sealed"])
        bind.execute(sa.update(member).where(member.c.id == row["id"]).values(email=email))
    for mail in mails:
        inside = json.loads(_keys().unseal(mail.pop("sealed")))
        values = {"to_address": inside["to"], "body": inside["body"], **mail}
        bind.execute(sa.insert(outbox).values(**values))
