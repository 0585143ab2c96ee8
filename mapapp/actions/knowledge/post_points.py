"""How many votes members received for what they wrote under their name on a map."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.actions.knowledge.post_display import is_found, is_shown
from mapapp.domain.core.hidden_reasons import NOT_HIDDEN
from mapapp.domain.knowledge.post_rules import levels_for
from mapapp.store.members import Membership
from mapapp.store.posts import Post


def points_of(session: Session, reader_id: int | None, writers: Collection[str]) -> dict[str, int]:
    """Return the points of members by their public id on a map.

    Only votes for what bears the name for this reader there: others would tell what is whose.
    """
    if not writers:
        return {}
    rows = session.execute(
        select(Membership.public_id, func.sum(Post.helpful))
        .join(
            Post,
            (Post.member_id == Membership.member_id)
            & (Post.condition_id == Membership.condition_id),
        )
        .where(
            Membership.public_id.in_(writers),
            Post.named_to.in_(levels_for(reader_id is not None)),
            Post.hidden_reasons == NOT_HIDDEN,
            *is_shown(),
            *is_found(),
        )
        .group_by(Membership.public_id)
    )
    return {public_id: int(n or 0) for public_id, n in rows}
