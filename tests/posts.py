"""What tests of answers, stories and votes share."""

import uuid
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.knowledge import post_vote, post_write
from mapapp.actions.knowledge.post_display import is_shown
from mapapp.actions.knowledge.post_list import Answers, PostLine, answers
from mapapp.actions.knowledge.post_write import Draft
from mapapp.actions.knowledge.question_list import take_from_set
from mapapp.domain.knowledge.post_rules import HELPFUL, wilson_lower
from mapapp.settings import Settings
from mapapp.store.members import Member
from mapapp.store.posts import Post, PostVote
from mapapp.store.questions import Question
from tests.moderation import Site
from tests.moments import midnight

CURE = "This tea cures dystonia for ever, throw your medicine away."
TEXT = "I walk every morning, and plan one thing a day."
DRAFT = Draft(TEXT, "self", "members")
DAY = date(2026, 11, 24)


@dataclass
class Board(Site):
    """A site on whose map people ask and answer."""

    session: Session
    settings: Settings

    @property
    def condition_id(self) -> int:
        """Return the condition that everything is about."""
        return self.condition().id

    @property
    def question_id(self) -> int:
        """Return the question that is answered."""
        return take_from_set(self.session, self.condition_id, "treatments")

    def write(
        self,
        who: Member,
        text: str = TEXT,
        key: str = "",
        on: date = DAY,
        question_id: int | None = None,
        **more: object,
    ) -> str:
        """Answer the question; return the state."""
        draft = replace(DRAFT, text=text, **more)
        asked = question_id or self.question_id
        ctx = self._at(who, on)
        return post_write.write(ctx, self.condition_id, asked, draft, key or str(uuid.uuid4()))

    def tell(self, who: Member, key: str = "", **more: object) -> str:
        """Write a story; return the state."""
        draft = replace(DRAFT, **{"text": TEXT * 6, "title": "My first year", **more})
        ctx = self._at(who, DAY)
        return post_write.write(ctx, self.condition_id, None, draft, key or str(uuid.uuid4()))

    def _at(self, who: Member, day: date) -> Context:
        return Context(self.session, self.settings, reader_id=who.id, now=midnight(day))

    def post_of(self, who: Member) -> Post:
        """Return a member's newest post as it is in the database."""
        query = select(Post).where(Post.member_id == who.id).order_by(Post.id.desc()).limit(1)
        return self.session.scalars(query.execution_options(populate_existing=True)).one()

    def vote(self, who: Member, whose: Member, helpful: bool | None = True) -> None:
        """Vote on a member's newest post."""
        piece = self.post_of(whose).public_id
        post_vote.cast_vote(Context(self.session, self.settings, reader_id=who.id), piece, helpful)

    def read(self, who: Member | None = None, order: str = HELPFUL) -> list[PostLine]:
        """Return the answers as a reader sees them."""
        reader_id = who.id if who else None
        return list(answers(self.session, Answers(self.question_id, order), reader_id).items)

    def check(self) -> None:
        """Assert that every kept number is what the rows say."""
        check_numbers(self.session)


def check_numbers(session: Session) -> None:
    """Assert that answers, votes and ranks are what the rows say."""
    session.flush()
    session.expire_all()
    for question in session.scalars(select(Question)):
        shown = select(func.count()).where(Post.question_id == question.id, *is_shown())
        assert question.answers == session.scalar(shown)
    for post in session.scalars(select(Post)):
        said = session.scalars(select(PostVote.helpful).where(PostVote.post_id == post.id)).all()
        assert (post.votes, post.helpful) == (len(said), sum(said))
        assert post.rank == wilson_lower(sum(said), len(said))
