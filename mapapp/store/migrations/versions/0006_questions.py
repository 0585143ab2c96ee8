"""Questions, what editors and members answer, stories, and which treatments people tried."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _link(table: str, column: str, to: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete=ondelete)


def upgrade() -> None:
    _make_questions()
    _make_posts()
    _make_treatments()


def _make_questions() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(120), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("reads", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _link("question", "asked_by", "member", "SET NULL"),
        _link("question", "condition_id", "condition", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("condition_id", "slug", name=op.f("uq_question_condition_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_public_id")),
    )
    op.create_index(op.f("ix_question_asked_by"), "question", ["asked_by"])
    op.create_index("ix_question_top", "question", ["condition_id", "state", "answers", "reads"])
    op.create_table(
        "editorial",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("author_role", sa.String(16), nullable=False),
        sa.Column("reviewer", sa.String(120), nullable=False),
        sa.Column("reviewed", sa.Date(), nullable=True),
        sa.Column("review_due", sa.Date(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by", sa.String(36), nullable=False),
        _link("editorial", "question_id", "question", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editorial")),
        sa.UniqueConstraint("question_id", "number", name=op.f("uq_editorial_question_id")),
    )


def _make_posts() -> None:
    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("years", sa.SmallInteger(), nullable=True),
        sa.Column("named_to", sa.String(8), nullable=False),
        sa.Column("indexed", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("aside", sa.String(8), nullable=False),
        sa.Column("speaks_of_cure", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("edited", sa.Date(), nullable=True),
        sa.Column("helpful", sa.Integer(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Float(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _link("post", "condition_id", "condition", "CASCADE"),
        _link("post", "member_id", "member", "CASCADE"),
        _link("post", "question_id", "question", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("public_id", name=op.f("uq_post_public_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_post_answers", "post", ["question_id", "state", "rank"])
    op.create_index(op.f("ix_post_member_id"), "post", ["member_id"])
    op.create_index("ix_post_stories", "post", ["condition_id", "question_id", "state", "id"])
    op.create_table(
        "post_version",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        _link("post_version", "post_id", "post", "CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "number", name=op.f("pk_post_version")),
    )
    op.create_table(
        "post_vote",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        _link("post_vote", "member_id", "member", "CASCADE"),
        _link("post_vote", "post_id", "post", "CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "member_id", name=op.f("pk_post_vote")),
    )
    op.create_index(op.f("ix_post_vote_member_id"), "post_vote", ["member_id"])


def _make_treatments() -> None:
    op.create_table(
        "treatment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        _link("treatment", "asked_by", "member", "SET NULL"),
        _link("treatment", "condition_id", "condition", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treatment")),
        sa.UniqueConstraint("condition_id", "name", name=op.f("uq_treatment_condition_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_treatment_public_id")),
    )
    op.create_index(op.f("ix_treatment_asked_by"), "treatment", ["asked_by"])
    op.create_table(
        "treatment_use",
        sa.Column("treatment_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("side_effects", sa.Boolean(), nullable=False),
        _link("treatment_use", "member_id", "member", "CASCADE"),
        _link("treatment_use", "treatment_id", "treatment", "CASCADE"),
        sa.PrimaryKeyConstraint("treatment_id", "member_id", name=op.f("pk_treatment_use")),
    )
    op.create_index(op.f("ix_treatment_use_member_id"), "treatment_use", ["member_id"])


def downgrade() -> None:
    """Go back: questions, answers, stories and what people tried are lost."""
    for table in (
        *("treatment_use", "treatment", "post_vote", "post_version", "post"),
        *("editorial", "question"),
    ):
        op.drop_table(table)
