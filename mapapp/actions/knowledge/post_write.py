"""Writing an answer or a story, changing it, and deleting it."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.actions.core.locking import lock_members
from mapapp.actions.knowledge import post_hold
from mapapp.actions.knowledge.post_display import lock_post, lock_posts_of, lock_questions, recount
from mapapp.actions.mail import consent_receipts
from mapapp.actions.members.visibility_change import is_hidden_by_moderators, refuse_paused
from mapapp.actions.safety.case_open import was_case
from mapapp.actions.safety.restrictions import refuse_silenced
from mapapp.domain.core.dates import this_day
from mapapp.domain.core.folding import words_to_search
from mapapp.domain.core.form_keys import ALREADY_SENT, checked_key
from mapapp.domain.core.free_text import HELD, REMOVED, SENT
from mapapp.domain.core.hidden_reasons import NOT_HIDDEN, HiddenReason
from mapapp.domain.core.visibilities import NOBODY
from mapapp.domain.knowledge.post_rules import (
    DAYS_TO_EDIT,
    NAME_CHOICES,
    SPEAKERS,
    checked_answer,
    checked_story,
    checked_title,
    checked_years,
)
from mapapp.domain.mail.consent_wordings import WRITE
from mapapp.domain.safety.case_rules import POSTS
from mapapp.errors import N_, BadInputError
from mapapp.store.members import Membership
from mapapp.store.posts import Post, PostVersion

POST_FORM_BROKEN = N_("This form is not complete. Open the page again.")


@dataclass(frozen=True)
class Draft:
    """What a member wants to say, and how; ``title`` only of a story."""

    text: str
    role: str
    named_to: str
    title: str = ""
    years: int | None = None
    indexed: bool = False


def write(ctx: Context, condition_id: int, question_id: int | None, draft: Draft, key: str) -> str:
    """Write an answer, or a story where there is no question; return its state, SENT or HELD.

    Args:
        condition_id: about which condition.
        question_id: what is answered, None for a story.
        draft: what they say.
        key: a UUID made with the form: the same form sent twice writes once.

    Raises:
        BadInputError: for a text that cannot be sent, other words in a form that was sent already,
            a second answer to the same question, during a pause, and for a member who has not
            said that they are an adult.
        NotAllowedError: for who must be silent.
        LimitError: for too many in a day.
    """
    day, public_id, clean = (
        ctx.today,
        checked_key(key, POST_FORM_BROKEN),
        _checked(draft, question_id),
    )
    lock_members(ctx.session, ctx.member_id)
    _may_write(ctx.session, (condition_id, ctx.member_id), clean, day)
    known = ctx.session.scalar(select(Post).where(Post.public_id == public_id))
    if known is not None and known.member_id == ctx.member_id:
        return _state_of(ctx.session, known, clean)
    # Of either kind: what a moderator decides of the one would be done to the other.
    if known is not None or any(was_case(ctx.session, kind, public_id) for kind in POSTS):
        raise BadInputError(POST_FORM_BROKEN)
    _refuse_second(ctx.session, ctx.member_id, question_id)
    limit = quotas.STORIES if question_id is None else quotas.ANSWERS
    quotas.use(ctx, limit, ctx.member_id)
    consent_receipts.agree(ctx.session, ctx.member_id, WRITE, condition_id)
    lock_questions(ctx.session, [question_id])
    is_hidden = is_hidden_by_moderators(ctx.session, ctx.member_id, condition_id)
    post = Post(
        public_id=public_id,
        condition_id=condition_id,
        question_id=question_id,
        member_id=ctx.member_id,
        day=day,
        # A member hidden by reports is not shown by writing more.
        hidden_reasons=HiddenReason.BY_MODERATORS if is_hidden else NOT_HIDDEN,
    )
    _put(ctx.session, post, clean)
    ctx.session.add(post)
    ctx.session.flush()
    post_hold.hold_where_needed(ctx.session, post)
    recount(ctx.session, [question_id])
    return post.state


def change(
    session: Session, member_id: int, public_id: str, draft: Draft, on: date | None = None
) -> str:
    """Change a post of the member's own; return its state.

    From the second day on, what it said before is kept as a version that readers can open. What
    waits for a moderator can be replaced until one takes it.

    Raises:
        NotFoundError: when it is not there, or belongs to another member.
        BadInputError: for a text that cannot be sent, and while a moderator reads it.
        NotAllowedError: for who must be silent.
    """
    day = on or this_day()
    lock_members(session, member_id)
    post = lock_post(session, *_mine(member_id, public_id))
    clean = _checked(draft, post.question_id)
    _may_write(session, (post.condition_id, member_id), clean, day)
    if post.state == REMOVED:
        raise BadInputError(N_("A moderator removed this. You can delete it and write a new one."))
    is_new = (clean.title, clean.text) != (post.title, post.text)
    if is_new:
        post_hold.refuse_while_read(session, post)
    was_read = post.state != HELD  # what nobody has read becomes no version that readers open
    if is_new and was_read and day > post.day + timedelta(days=DAYS_TO_EDIT):
        _keep_version(session, post)
        post.edited = day
    _put(session, post, clean)
    session.flush()
    if is_new:
        post_hold.hold_where_needed(session, post)
    recount(session, [post.question_id])
    return post.state


def delete(session: Session, member_id: int, public_id: str) -> None:
    """Delete a post of their own with its versions; what was reported of it stays as evidence.

    Raises:
        NotFoundError: when it is not there, or belongs to another member.
    """
    lock_members(session, member_id)
    post = lock_post(session, *_mine(member_id, public_id))
    question_id, condition_id = post.question_id, post.condition_id
    session.delete(post)
    recount(session, [question_id])
    left = select(Post.id).where(Post.member_id == member_id, Post.condition_id == condition_id)
    if session.scalar(left.limit(1)) is None:
        consent_receipts.take_back(session, member_id, WRITE, condition_id)


def delete_all(session: Session, member_id: int, condition_id: int) -> int:
    """Delete all that a member wrote about a condition; return how much it was."""
    lock_members(session, member_id)
    lock_posts_of(session, member_id)
    mine = select(Post.public_id).where(
        Post.member_id == member_id, Post.condition_id == condition_id
    )
    found = list(session.scalars(mine.order_by(Post.id)))
    for public_id in found:
        delete(session, member_id, public_id)
    return len(found)


def _may_write(session: Session, who: tuple[int, int], clean: Draft, day: date) -> None:
    """Refuse ``who`` (condition, member) what they may not write, or not like this."""
    condition_id, member_id = who
    refuse_silenced(session, member_id, day)
    consent_receipts.require_adult(session, member_id)
    refuse_paused(session, member_id)
    here = (Membership.condition_id == condition_id, Membership.member_id == member_id)
    if clean.named_to != NOBODY and not session.scalar(select(Membership.pseudonym).where(*here)):
        raise BadInputError(
            N_(
                "You have no pseudonym on this map yet. Put yourself on the map to choose one, or "
                "let nobody see it."
            )
        )


def _checked(draft: Draft, question_id: int | None) -> Draft:
    if draft.role not in SPEAKERS:
        raise BadInputError(N_("Choose your connection to it."))
    if draft.named_to not in NAME_CHOICES:
        raise BadInputError(N_("Choose who sees your pseudonym."))
    is_story = question_id is None
    return Draft(
        checked_story(draft.text) if is_story else checked_answer(draft.text),
        draft.role,
        draft.named_to,
        checked_title(draft.title) if is_story else "",
        checked_years(draft.years),
        draft.indexed,
    )


def _state_of(session: Session, known: Post, clean: Draft) -> str:
    """Return the state of what a form wrote, when it is sent a second time.

    Raises:
        BadInputError: when it was sent with other words.
    """
    said = {(known.title, known.text)}
    earlier = select(PostVersion.title, PostVersion.text).where(PostVersion.post_id == known.id)
    said.update((row.title, row.text) for row in session.execute(earlier))
    if (clean.title, clean.text) not in said:
        _refuse_second(session, known.member_id, known.question_id)
        raise BadInputError(ALREADY_SENT)
    return known.state


def _refuse_second(session: Session, member_id: int, question_id: int | None) -> None:
    mine = select(Post.id).where(Post.member_id == member_id, Post.question_id == question_id)
    if question_id is not None and session.scalar(mine.limit(1)) is not None:
        raise BadInputError(
            N_("You have already answered this question. You can change your answer.")
        )


def _put(session: Session, post: Post, clean: Draft) -> None:
    post.text, post.title, post.role = clean.text, clean.title, clean.role
    post.named_to, post.years, post.indexed = clean.named_to, clean.years, clean.indexed
    post.words = words_to_search(clean.title, clean.text)
    post.state = post.state or SENT


def _keep_version(session: Session, post: Post) -> None:
    newest = select(func.max(PostVersion.number)).where(PostVersion.post_id == post.id)
    session.add(
        PostVersion(
            post_id=post.id,
            number=(session.scalar(newest) or 0) + 1,
            title=post.title,
            text=post.text,
            day=post.edited or post.day,
        )
    )


def _mine(member_id: int, public_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Post.public_id == public_id, Post.member_id == member_id
