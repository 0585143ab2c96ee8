"""What waiting mail rests on, and which open question begins when it is handed over."""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

outbox = sa.table("outbox", *map(sa.column, ("id", "to_mark", "subject", "rests_on", "question")))
member = sa.table("member", *map(sa.column, ("id", "carer_id", "address_mark")))
open_question = sa.table("open_question", *map(sa.column, ("member_id", "kind", "stage", "mail")))

# Rows of before tell what they are by their subject alone.
NOTICES = {"There is news for you": "agreed", "The news you asked for": "asked"}
QUESTIONS = {
    ("right", "asked"): "A question, once a year",
    ("right", "warned"): "Our question is still open",
    ("right", "hidden"): "You are hidden now",
    ("right", "last"): "Your account ends in 30 days",
    ("adult", "asked"): "A question waits for you",
    ("adult", "warned"): "Our question is still open",
}


def upgrade() -> None:
    with op.batch_alter_table("open_question") as batch:
        batch.add_column(sa.Column("mail", sa.String(length=36), nullable=True))
        batch.create_index(batch.f("ix_open_question_mail"), ["mail"])
    with op.batch_alter_table("outbox") as batch:
        batch.add_column(
            sa.Column("rests_on", sa.String(8), server_default=sa.text("''"), nullable=False)
        )
        batch.add_column(sa.Column("question", sa.String(length=36), nullable=True))
    for subject, rests_on in NOTICES.items():
        op.execute(sa.update(outbox).where(outbox.c.subject == subject).values(rests_on=rests_on))
    _link_questions()
    # A pause covers the people one cares for; it did not before.
    op.execute(
        "UPDATE membership SET \"before\" = visibility, visibility = 'paused', aside = 'p' "
        "WHERE visibility = 'counted' AND member_id IN (SELECT child.id FROM member AS child "
        "JOIN member AS carer ON carer.id = child.carer_id WHERE carer.paused)"
    )


def _link_questions() -> None:
    """Let a stage whose mail still waits, or was given up, count from when it is handed over."""
    bind = op.get_bind()
    carer = member.alias()
    asked = sa.select(
        open_question.c.member_id,
        open_question.c.kind,
        open_question.c.stage,
        sa.func.coalesce(carer.c.address_mark, member.c.address_mark).label("mark"),
    ).select_from(
        open_question.join(member, member.c.id == open_question.c.member_id).outerjoin(
            carer, carer.c.id == member.c.carer_id
        )
    )
    for row in bind.execute(asked).all():
        waiting = sa.select(outbox.c.id).where(
            outbox.c.to_mark == row.mark,
            outbox.c.subject == QUESTIONS[row.kind, row.stage],
            outbox.c.question.is_(None),
        )
        mail_id = bind.scalar(waiting.order_by(outbox.c.id.desc()).limit(1))
        if mail_id is None:
            continue
        name = str(uuid.uuid4())
        bind.execute(sa.update(outbox).where(outbox.c.id == mail_id).values(question=name))
        this = (
            open_question.c.member_id == row.member_id,
            open_question.c.kind == row.kind,
        )
        bind.execute(sa.update(open_question).where(*this).values(mail=name))


def downgrade() -> None:
    with op.batch_alter_table("outbox") as batch:
        batch.drop_column("question")
        batch.drop_column("rests_on")
    with op.batch_alter_table("open_question") as batch:
        batch.drop_index(batch.f("ix_open_question_mail"))
        batch.drop_column("mail")
