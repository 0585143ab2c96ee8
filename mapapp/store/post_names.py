"""Whose name stands beside what members wrote, after they have left the map that it belongs to."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from mapapp.domain.knowledge.post_rules import NOBODY
from mapapp.store.members import Membership
from mapapp.store.posts import Post


def take_names_off_posts(session: Session, membership: Membership) -> None:
    """Let nobody read any more who wrote the texts of a member who leaves the map.

    For good: whoever comes back is somebody else to others, and a text that changed its name would
    tell who they were before.
    """
    session.execute(
        update(Post)
        .where(
            Post.member_id == membership.member_id,
            Post.condition_id == membership.condition_id,
            Post.named_to != NOBODY,
        )
        .values(named_to=NOBODY)
    )
