"""Writing an answer or a story, changing it, and deleting it."""

import json
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from mapapp.actions import consents, quotas
from mapapp.actions.cases import open_case, was_case
from mapapp.actions.posts import lock_post, lock_posts_of, lock_questions, recount
from mapapp.actions.silence import refuse_silenced
from mapapp.actions.together import lock_members
from mapapp.actions.visibility import is_set_aside, refuse_paused
from mapapp.domain.aside import MODERATED, REPORTED
from mapapp.domain.cases import ANSWER, OPEN, POSTS, STORY
from mapapp.domain.cases import HELD as HELD_CATEGORY
from mapapp.domain.consents import WRITE
from mapapp.domain.folding import words_to_search
from mapapp.domain.form_keys import checked_key
from mapapp.domain.holds import reasons_to_hold
from mapapp.domain.messages import HELD, REMOVED, SENT
from mapapp.domain.months import this_day
from mapapp.domain.posts import (
    DAYS_TO_EDIT,
    NAMES,
    NOBODY,
    SPEAKERS,
    checked_answer,
    checked_story,
    checked_title,
    checked_years,
)
from mapapp.errors import BadInputError
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import Member
from mapapp.store.posts import Post, PostVersion
from mapapp.store.questions import Question

NOT_COMPLETE = "This form is not complete. Open the page again."
CURE = "cure"
EVERY_STORY = "story"
"""Why a story is held: all of them are."""


@dataclass(frozen=True)
class Draft:
    """What somebody wants to say, and how; ``title`` only of a story."""

    text: str
    role: str
    named_to: str
    title: str = ""
    years: int | None = None
    indexed: bool = False


def write(
    session: Session,
    settings: Settings,
    member_id: int,
    condition_id: int,
    question_id: int | None,
    draft: Draft,
    key: str,
    on: date | None = None,
) -> str:
    """Write an answer, or a story where there is no question; return its state, SENT or HELD.

    Args:
        session: the transaction.
        settings: of the site.
        member_id: who writes.
        condition_id: about which condition.
        question_id: what is answered, None for a story.
        draft: what they say.
        key: a UUID made with the form: the same form sent twice writes once.
        on: which day, default: the clock's.

    Raises:
        BadInputError: for a text that cannot be sent, a second answer to the same question, during
            a pause, and for who has not said that they are an adult.
        NotAllowedError: for who must be silent.
        LimitError: for too many in a day.
    """
    day, public_id, clean = (
        on or this_day(),
        checked_key(key, NOT_COMPLETE),
        _checked(draft, question_id),
    )
    lock_members(session, member_id)
    _may_write(session, member_id, clean, day)
    known = session.scalar(select(Post).where(Post.public_id == public_id))
    if known is not None and known.member_id == member_id:
        return known.state
    # Of either kind: what a moderator decides of the one would be done to the other.
    if known is not None or any(was_case(session, kind, public_id) for kind in POSTS):
        raise BadInputError(NOT_COMPLETE)
    _refuse_second(session, member_id, question_id)
    limit = quotas.STORIES if question_id is None else quotas.ANSWERS
    quotas.use(session, settings.secret, limit, member_id)
    consents.agree(session, member_id, WRITE, condition_id)
    lock_questions(session, [question_id])
    post = Post(
        public_id=public_id,
        condition_id=condition_id,
        question_id=question_id,
        member_id=member_id,
        day=day,
        # Whom reports keep away is not shown by writing more.
        aside=MODERATED if is_set_aside(session, member_id) else "",
    )
    _put(session, post, clean)
    session.add(post)
    session.flush()
    _hold_where_needed(session, post)
    recount(session, [question_id])
    return post.state


def change(
    session: Session, member_id: int, public_id: str, draft: Draft, on: date | None = None
) -> str:
    """Change a post of one's own; return its state.

    From the second day on, what it said before is kept as a version that readers can open.

    Raises:
        NotFoundError: when it is not there, or somebody else's.
        BadInputError: for a text that cannot be sent, and while a moderator reads it.
        NotAllowedError: for who must be silent.
    """
    day = on or this_day()
    lock_members(session, member_id)
    post = lock_post(session, *_mine(member_id, public_id))
    clean = _checked(draft, post.question_id)
    _may_write(session, member_id, clean, day)
    if post.state == REMOVED:
        raise BadInputError("A moderator removed this. You can delete it, and write anew.")
    is_new = (clean.title, clean.text) != (post.title, post.text)
    if is_new and (post.state == HELD or REPORTED in post.aside):
        # What a moderator reads must be what is shown afterwards.
        raise BadInputError("A moderator is reading this. You can change it afterwards.")
    if is_new and day > post.day + timedelta(days=DAYS_TO_EDIT):
        _keep_version(session, post)
        post.edited = day
    _put(session, post, clean)
    session.flush()
    if is_new:
        _hold_where_needed(session, post)
    recount(session, [post.question_id])
    return post.state


def delete(session: Session, member_id: int, public_id: str) -> None:
    """Delete a post of one's own with its versions; what was reported of it stays as evidence.

    Raises:
        NotFoundError: when it is not there, or somebody else's.
    """
    lock_members(session, member_id)
    post = lock_post(session, *_mine(member_id, public_id))
    question_id, condition_id = post.question_id, post.condition_id
    session.delete(post)
    recount(session, [question_id])
    left = select(Post.id).where(Post.member_id == member_id, Post.condition_id == condition_id)
    if session.scalar(left.limit(1)) is None:
        consents.take_back(session, member_id, WRITE, condition_id)


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


def _may_write(session: Session, member_id: int, clean: Draft, day: date) -> None:
    refuse_silenced(session, member_id, day)
    consents.require_adult(session, member_id)
    refuse_paused(session, member_id)
    pseudonym = session.scalar(select(Member.pseudonym).where(Member.id == member_id))
    if clean.named_to != NOBODY and not pseudonym:
        raise BadInputError("You have no pseudonym yet. Choose one, or let nobody see it.")


def _checked(draft: Draft, question_id: int | None) -> Draft:
    if draft.role not in SPEAKERS:
        raise BadInputError("Choose on what ground you speak.")
    if draft.named_to not in NAMES:
        raise BadInputError("Choose who sees your pseudonym.")
    is_story = question_id is None
    return Draft(
        checked_story(draft.text) if is_story else checked_answer(draft.text),
        draft.role,
        draft.named_to,
        checked_title(draft.title) if is_story else "",
        checked_years(draft.years),
        draft.indexed,
    )


def _refuse_second(session: Session, member_id: int, question_id: int | None) -> None:
    mine = select(Post.id).where(Post.member_id == member_id, Post.question_id == question_id)
    if question_id is not None and session.scalar(mine.limit(1)) is not None:
        raise BadInputError("You have answered this question. You can change your answer.")


def _put(session: Session, post: Post, clean: Draft) -> None:
    post.text, post.title, post.role = clean.text, clean.title, clean.role
    post.named_to, post.years, post.indexed = clean.named_to, clean.years, clean.indexed
    post.words = words_to_search(clean.title, clean.text)
    post.state = post.state or SENT


def _hold_where_needed(session: Session, post: Post) -> None:
    """Let a moderator read it first, where its words or its length ask for that."""
    found = reasons_to_hold(f"{post.title}\n\n{post.text}")
    post.speaks_of_cure = CURE in found
    why = (*found, EVERY_STORY) if post.question_id is None else found
    if not why:
        return
    post.state = HELD
    session.flush()
    kind = _kind(post.question_id)
    evidence = {**post_evidence(session, post), "held": list(why)}
    case = open_case(session, kind, post.public_id, post.member_id, HELD_CATEGORY, evidence)
    known = json.loads(case.evidence)
    if known != evidence:  # reported before it was changed: moderators read both
        words = "\n\n".join(filter(None, (post.title, post.text)))
        case.evidence = json.dumps({**known, "held": list(why), "changed_to": words})
        # Who has read it already has not read this, and would let it through.
        case.state, case.taken_by = OPEN, ""
        session.flush()


def post_evidence(session: Session, post: Post) -> dict[str, str]:
    """Return what moderators read of a post."""
    condition = session.scalars(
        select(Condition.name).where(Condition.id == post.condition_id)
    ).one()
    question = session.scalar(select(Question.slug).where(Question.id == post.question_id))
    return {
        "condition": condition,
        "question": question or "",
        "title": post.title,
        "role": post.role,
        "text": post.text,
        "day": (post.edited or post.day).isoformat(),
    }


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


def _kind(question_id: int | None) -> str:
    return STORY if question_id is None else ANSWER
