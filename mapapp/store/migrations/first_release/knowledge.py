"""Questions and answers, stories, and what people tried."""

import sqlalchemy as sa
from alembic import op

from mapapp.store.migrations.first_release.names import index, key, link, unique


def upgrade() -> None:
    """Make these tables."""
    _make_question()
    _make_editorial()
    _make_post()
    _make_post_version()
    _make_post_vote()
    _make_treatment()
    _make_treatment_use()


def _make_question() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(120), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("reads", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        link("question", "condition_id", "condition", "CASCADE"),
        link("question", "proposed_by", "member", "SET NULL"),
        key("question", "id"),
        unique("question", "condition_id", "slug"),
        unique("question", "public_id"),
    )
    index("question", "proposed_by")
    op.create_index("ix_question_top", "question", ["condition_id", "state", "answers", "reads"])


def _make_editorial() -> None:
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
        link("editorial", "question_id", "question", "CASCADE"),
        key("editorial", "id"),
        unique("editorial", "question_id", "number"),
    )


def _make_post() -> None:
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
        sa.Column("hidden_reasons", sa.SmallInteger(), nullable=False),
        sa.Column("speaks_of_cure", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("edited", sa.Date(), nullable=True),
        sa.Column("helpful", sa.Integer(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Float(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        link("post", "condition_id", "condition", "CASCADE"),
        link("post", "member_id", "member", "CASCADE"),
        link("post", "question_id", "question", "CASCADE"),
        key("post", "id"),
        unique("post", "public_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_post_answers", "post", ["question_id", "state", "rank"])
    index("post", "member_id")
    op.create_index("ix_post_stories", "post", ["condition_id", "question_id", "state", "id"])


def _make_post_version() -> None:
    op.create_table(
        "post_version",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        link("post_version", "post_id", "post", "CASCADE"),
        key("post_version", "post_id", "number"),
    )


def _make_post_vote() -> None:
    op.create_table(
        "post_vote",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        link("post_vote", "member_id", "member", "CASCADE"),
        link("post_vote", "post_id", "post", "CASCADE"),
        key("post_vote", "post_id", "member_id"),
    )
    index("post_vote", "member_id")


def _make_treatment() -> None:
    op.create_table(
        "treatment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        link("treatment", "condition_id", "condition", "CASCADE"),
        link("treatment", "proposed_by", "member", "SET NULL"),
        key("treatment", "id"),
        unique("treatment", "condition_id", "name"),
        unique("treatment", "public_id"),
    )
    index("treatment", "proposed_by")


def _make_treatment_use() -> None:
    op.create_table(
        "treatment_use",
        sa.Column("treatment_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("side_effects", sa.Boolean(), nullable=False),
        link("treatment_use", "member_id", "member", "CASCADE"),
        link("treatment_use", "treatment_id", "treatment", "CASCADE"),
        key("treatment_use", "treatment_id", "member_id"),
    )
    index("treatment_use", "member_id")
