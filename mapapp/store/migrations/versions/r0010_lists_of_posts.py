"""Put posts in the order of each list that shows them, and find acts of staff by who did them."""

import sqlalchemy as sa
from alembic import op

revision = "r0010"
down_revision = "r0009"
branch_labels = None
depends_on = None

ORDERS = {
    "answers": ("question_id", "state", "rank", "id", "role"),
    "newest_answers": ("question_id", "state", "id", "role", "hidden_reasons"),
    "member": ("member_id", "condition_id"),
}
PARTS = {
    "newest": ("condition_id", "question_id IS NOT NULL", False),
    "found_answers": ("question_id", "", True),
    "found_newest": ("condition_id", "question_id IS NOT NULL", True),
    "found_stories": ("condition_id", "question_id IS NULL", True),
}
"""Of what, which posts, and whether only those that search engines may have."""


def upgrade() -> None:
    op.drop_index("ix_post_answers", "post")
    op.drop_index("ix_post_member_id", "post")
    for name, columns in ORDERS.items():
        op.create_index(f"ix_post_{name}", "post", columns)
    for name, (of, which, found) in PARTS.items():
        rank = ("rank",) if name == "found_answers" else ()
        op.create_index(
            f"ix_post_{name}",
            "post",
            (of, "state", *rank, "id"),
            sqlite_where=_only(which, '"indexed" IS 1' if found else ""),
            postgresql_where=_only(which, '"indexed" IS true' if found else ""),
        )
    op.create_index(op.f("ix_audit_entry_actor"), "audit_entry", ["actor"])


def _only(*terms: str) -> sa.TextClause:
    return sa.text(" AND ".join(filter(None, terms)))


def downgrade() -> None:
    op.drop_index(op.f("ix_audit_entry_actor"), "audit_entry")
    for name in (*PARTS, *ORDERS):
        op.drop_index(f"ix_post_{name}", "post")
    op.create_index("ix_post_answers", "post", ["question_id", "state", "rank"])
    op.create_index("ix_post_member_id", "post", ["member_id"])
