"""Reading answers and stories: in pages, as one reader may see them."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, select
from sqlalchemy.orm import Session

from mapapp.actions.paging import Page, page_start
from mapapp.actions.posts import NO_POST, is_shown, seen_by
from mapapp.domain.permissions import visibilities_for
from mapapp.domain.posts import NEWEST, levels_for
from mapapp.domain.questions import OPEN
from mapapp.errors import NotFoundError
from mapapp.store.members import DEMO, Member, Membership
from mapapp.store.posts import Post, PostVersion, PostVote
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
    aside: str
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

    def without_name(self) -> "PostLine":
        """Return it as who may not be told whose it is sees it."""
        return replace(self, writer="", pseudonym="", points=0, is_listed=False)


def answers(
    session: Session,
    question_id: int,
    reader_id: int | None,
    order: str,
    role: str | None = None,
    number: int = 1,
    *,
    indexed: bool = False,
) -> Page[PostLine]:
    """Return a page of the answers to a question.

    Args:
        session: where to read.
        question_id: of which question.
        reader_id: the member who reads, None for a visitor.
        order: one of ``domain.posts.ORDERS``.
        role: only of people who speak on this ground.
        number: which page, from 1.
        indexed: only those that search engines may have.

    Raises:
        NotFoundError: past the last page.
    """
    terms: list[ColumnElement[bool]] = [Post.question_id == question_id]
    if role:
        terms.append(Post.role == role)
    if indexed:
        terms.append(Post.indexed.is_(True))
    newest = (Post.id.desc(),)
    by = newest if order == NEWEST else (Post.rank.desc(), *newest)
    return _page(session, reader_id, terms, by, number, ANSWERS_A_PAGE)


def stories(
    session: Session, condition_id: int, reader_id: int | None, number: int = 1
) -> Page[PostLine]:
    """Return a page of the stories about a condition, newest first.

    Raises:
        NotFoundError: past the last page.
    """
    terms = [Post.condition_id == condition_id, Post.question_id.is_(None)]
    return _page(session, reader_id, terms, (Post.id.desc(),), number, STORIES_A_PAGE)


def post(session: Session, reader_id: int | None, public_id: str) -> PostLine:
    """Return one post that the reader may see; one's own also while nobody else does.

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
    """Return a post of one's own.

    Raises:
        NotFoundError: when there is none.
    """
    query = _lines(member_id).where(*_mine(member_id), Post.public_id == public_id)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFoundError(NO_POST)
    return _line(row, member_id)


def my_posts(session: Session, member_id: int) -> list[PostLine]:
    """Return all that a member wrote, newest first, whoever else sees it."""
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
    asked = Post.question_id.is_(None) if stories else Question.state == OPEN
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


def _page(
    session: Session,
    reader_id: int | None,
    terms: Collection[ColumnElement[bool]],
    order: tuple[ColumnElement[Any], ...],
    number: int,
    size: int,
) -> Page[PostLine]:
    start, shown = page_start(number, size), (*terms, *seen_by(reader_id))
    total = session.scalar(select(func.count()).select_from(Post).where(*shown)) or 0
    # The numbers alone are ordered: the database need not carry the texts along.
    wanted = list(
        session.scalars(select(Post.id).where(*shown).order_by(*order).offset(start).limit(size))
    )
    rows = session.execute(
        _lines(reader_id).where(Member.id == Post.member_id, Post.id.in_(wanted)).order_by(*order)
    )
    found = _with_points(session, reader_id, [_line(row, reader_id) for row in rows])
    return Page(tuple(found), number, size, total).existing()


def _lines(reader_id: int | None) -> Select[Any]:
    """Return the query of posts with their writers; the caller joins the two and says which."""
    listed = exists().where(
        Membership.condition_id == Post.condition_id,
        Membership.member_id == Post.member_id,
        Membership.visibility.in_(visibilities_for(reader_id is not None)),
    )
    my_vote = (
        select(PostVote.helpful)
        .where(PostVote.post_id == Post.id, PostVote.member_id == (reader_id or 0))
        .scalar_subquery()
    )
    versions = select(func.count()).where(PostVersion.post_id == Post.id).scalar_subquery()
    return select(
        Post,
        Member.id.label("writer_id"),
        Member.public_id.label("writer"),
        Member.pseudonym,
        Member.source,
        listed.label("is_listed"),
        my_vote.label("my_vote"),
        versions.label("versions"),
    )


def _line(row: Row[Any], reader_id: int | None) -> PostLine:
    found: Post = row[0]
    is_named = found.named_to in levels_for(reader_id is not None) and found.aside == ""
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
        aside=found.aside,
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
    """Add the points of those who are named.

    Only votes for what bears the name for this reader: others would tell what is whose.
    """
    writers = {line.writer for line in lines if line.writer}
    if not writers:
        return lines
    rows = session.execute(
        select(Member.public_id, func.sum(Post.helpful))
        .join(Post, Post.member_id == Member.id)
        .where(
            Member.public_id.in_(writers),
            Post.named_to.in_(levels_for(reader_id is not None)),
            Post.aside == "",
            *is_shown(),
        )
        .group_by(Member.public_id)
    )
    points = {public_id: int(n or 0) for public_id, n in rows}
    return [replace(line, points=points.get(line.writer, 0)) for line in lines]
