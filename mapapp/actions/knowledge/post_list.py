"""Reading answers and stories: in pages, as one reader may see them."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, select
from sqlalchemy.orm import Session

from mapapp.actions.core.paging import Key, Order, Page, Spot, mapped, read_page
from mapapp.actions.knowledge.post_display import NO_POST, seen_by
from mapapp.actions.knowledge.post_points import points_of
from mapapp.actions.published.readers import is_named_to
from mapapp.domain.core.hidden_reasons import HiddenReason
from mapapp.domain.knowledge.post_rules import HELPFUL, NEWEST, SHOWN_DESPITE, levels_for
from mapapp.errors import NotFoundError
from mapapp.store.members import DEMO, Member, Membership
from mapapp.store.posts import Post, PostVersion, PostVote
from mapapp.store.published import of_membership
from mapapp.store.questions import Question

ANSWERS_A_PAGE = 20
STORIES_A_PAGE = 10


@dataclass(frozen=True)
class PostLine:
    """A post as one reader sees it.

    Attributes:
        writer: public id of who wrote it, '' where this reader is not told.
        pseudonym: theirs, then.
        points: how many votes they received for what they wrote under it.
        is_listed: whether they have a page on this condition's map that the reader may open.
        is_mine: whether the reader wrote it.
        my_vote: whether the reader found it helpful, None without a vote.
        versions: how many earlier versions there are.
        is_demo: whether an invented person wrote it.
    """

    id: int
    public_id: str
    condition_id: int
    question_id: int | None
    title: str
    text: str
    role: str
    years: int | None
    named_to: str
    indexed: bool
    state: str
    hidden_reasons: HiddenReason
    speaks_of_cure: bool
    day: date
    edited: date | None
    helpful: int
    writer: str
    pseudonym: str
    is_listed: bool
    is_mine: bool
    is_demo: bool
    my_vote: bool | None
    versions: int
    points: int = 0

    @property
    def is_hidden(self) -> bool:
        """Whether only its writer still sees it, although it is sent."""
        return self.hidden_reasons not in SHOWN_DESPITE

    def without_name(self) -> "PostLine":
        """Return it for a reader who must not learn whose it is."""
        return replace(self, writer="", pseudonym="", points=0, is_listed=False)


@dataclass(frozen=True)
class Answers:
    """The answers to a question, or some of them, in an order.

    Attributes:
        question_id: of which question.
        order: one of ``domain.knowledge.post_rules.ORDERS``.
        role: only of people with this role.
        indexed: only those that search engines may have.
    """

    question_id: int
    order: str = HELPFUL
    role: str | None = None
    indexed: bool = False


def answers(
    session: Session, wanted: Answers, reader_id: int | None, spot: Spot | None = None
) -> Page[PostLine]:
    """Return the page at ``spot`` of the answers to a question, as this reader sees them.

    Raises:
        BadInputError: for a spot of another list.
    """
    terms: list[ColumnElement[bool]] = [Post.question_id == wanted.question_id]
    if wanted.role:
        terms.append(Post.role == wanted.role)
    if wanted.indexed:
        terms.append(Post.indexed.is_(True))
    newest = (Key(Post.id, falls=True),)
    keys = newest if wanted.order == NEWEST else (Key(Post.rank, falls=True), *newest)
    return _page(session, reader_id, _Posts(terms, Order(keys, ANSWERS_A_PAGE)), spot)


def stories(
    session: Session, condition_id: int, reader_id: int | None, spot: Spot | None = None
) -> Page[PostLine]:
    """Return a page of the stories about a condition, newest first.

    Raises:
        BadInputError: for a spot of another list.
    """
    terms = [Post.condition_id == condition_id, Post.question_id.is_(None)]
    order = Order((Key(Post.id, falls=True),), STORIES_A_PAGE)
    return _page(session, reader_id, _Posts(terms, order), spot)


def post(session: Session, reader_id: int | None, public_id: str) -> PostLine:
    """Return one post that the reader may see; their own also while nobody else does.

    Raises:
        NotFoundError: when there is none.
    """
    may_see = and_(*seen_by(reader_id)) | and_(*_mine(reader_id))
    query = _lines(reader_id).where(Post.public_id == public_id, may_see)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFoundError(NO_POST)
    return _with_points(session, reader_id, [_line(row, reader_id)])[0]


def my_post(session: Session, member_id: int, public_id: str) -> PostLine:
    """Return a post of the member's own.

    Raises:
        NotFoundError: when there is none.
    """
    query = _lines(member_id).where(*_mine(member_id), Post.public_id == public_id)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFoundError(NO_POST)
    return _line(row, member_id)


def my_posts(session: Session, member_id: int) -> list[PostLine]:
    """Return all that a member wrote, newest first, whether or not others see it."""
    query = _lines(member_id).where(*_mine(member_id)).order_by(Post.id.desc())
    return [_line(row, member_id) for row in session.execute(query)]


def my_answer(session: Session, member_id: int, question_id: int) -> PostLine | None:
    """Return the member's own answer to a question."""
    query = _lines(member_id).where(*_mine(member_id), Post.question_id == question_id)
    row = session.execute(query).one_or_none()
    return _line(row, member_id) if row else None


def newest_answers(
    session: Session,
    condition_id: int,
    n: int,
    *,
    stories: bool = False,
    reader_id: int | None = None,
) -> list[tuple[PostLine, str]]:
    """Return the newest answers, each with its question's slug, for pages that name nobody.

    Search engines read what visitors do, so these get only what its writer allowed them.
    """
    allowed = (Post.indexed.is_(True),) if reader_id is None else ()
    asked = Post.question_id.is_(None) if stories else Post.question_id.is_not(None)
    query = (
        _lines(reader_id)
        .add_columns(func.coalesce(Question.slug, ""))
        .outerjoin(Question, Question.id == Post.question_id)
        .where(Post.condition_id == condition_id, asked, *allowed, *seen_by(reader_id))
        .order_by(Post.id.desc())
        .limit(n)
    )
    return [(_line(row, reader_id).without_name(), row[-1]) for row in session.execute(query)]


def earlier_versions(session: Session, post_id: int) -> list[PostVersion]:
    """Return what a post said before, the newest first."""
    query = select(PostVersion).where(PostVersion.post_id == post_id)
    return list(session.scalars(query.order_by(PostVersion.number.desc())))


def _mine(reader_id: int | None) -> tuple[ColumnElement[bool], ...]:
    return Member.id == Post.member_id, Post.member_id == (reader_id or 0)


@dataclass(frozen=True)
class _Posts:
    """Which posts a list has, and in which order."""

    terms: Collection[ColumnElement[bool]]
    order: Order


def _page(
    session: Session, reader_id: int | None, posts: _Posts, spot: Spot | None
) -> Page[PostLine]:
    shown = (*posts.terms, *seen_by(reader_id))
    # The numbers alone are ordered: the database need not carry the texts along.
    found = read_page(session, select(Post.id).where(*shown), posts.order, spot)
    wanted = [row.id for row in found.items]
    rows = session.execute(
        _lines(reader_id).where(Member.id == Post.member_id, Post.id.in_(wanted))
    )
    lines = _with_points(session, reader_id, [_line(row, reader_id) for row in rows])
    by_id = {line.id: line for line in lines}  # one may just have been deleted
    there = replace(found, items=tuple(row for row in found.items if row.id in by_id))
    return mapped(there, lambda row: by_id[row.id])


def _lines(reader_id: int | None) -> Select[Any]:
    """Return the query of posts with their writers; the caller joins the two and says which."""
    # Who they are belongs to the map that the text is about; who is not on it has no name there.
    here = (Membership.condition_id == Post.condition_id, Membership.member_id == Post.member_id)
    public_id, pseudonym = (
        func.coalesce(select(column).where(*here).scalar_subquery(), "")
        for column in (Membership.public_id, Membership.pseudonym)
    )
    # Whether there is a page of theirs follows the cards: a link would tell of one before its time.
    card = of_membership(Post.condition_id, Post.member_id)
    listed = exists().where(card, is_named_to(reader_id))
    my_vote = (
        select(PostVote.helpful)
        .where(PostVote.post_id == Post.id, PostVote.member_id == (reader_id or 0))
        .scalar_subquery()
    )
    versions = select(func.count()).where(PostVersion.post_id == Post.id).scalar_subquery()
    return select(
        Post,
        Member.id.label("writer_id"),
        public_id.label("writer"),
        pseudonym.label("pseudonym"),
        Member.source,
        listed.label("is_listed"),
        my_vote.label("my_vote"),
        versions.label("versions"),
    )


def _line(row: Row[Any], reader_id: int | None) -> PostLine:
    found: Post = row[0]
    is_told = found.named_to in levels_for(reader_id is not None)
    is_named = is_told and not found.hidden_reasons and row.pseudonym
    line = PostLine(
        id=found.id,
        public_id=found.public_id,
        condition_id=found.condition_id,
        question_id=found.question_id,
        title=found.title,
        text=found.text,
        role=found.role,
        years=found.years,
        named_to=found.named_to,
        indexed=found.indexed,
        state=found.state,
        hidden_reasons=found.hidden_reasons,
        speaks_of_cure=found.speaks_of_cure,
        day=found.day,
        edited=found.edited,
        helpful=found.helpful,
        writer=row.writer,
        pseudonym=row.pseudonym,
        is_listed=row.is_listed,
        is_mine=row.writer_id == reader_id,
        is_demo=row.source == DEMO,
        my_vote=row.my_vote,
        versions=row.versions,
    )
    return line if is_named else line.without_name()


def _with_points(session: Session, reader_id: int | None, lines: list[PostLine]) -> list[PostLine]:
    writers = {line.writer for line in lines if line.writer}
    points = points_of(session, reader_id, writers)
    return [replace(line, points=points.get(line.writer, 0)) for line in lines]
