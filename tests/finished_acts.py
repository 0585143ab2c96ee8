"""Acts after which visitors read something else, for tests of finished answers."""

from collections.abc import Callable
from types import SimpleNamespace

from sqlalchemy import select

from mapapp.actions.core import audit
from mapapp.actions.core.context import Context
from mapapp.actions.knowledge import editorial_edit, post_hide, post_write, question_ask
from mapapp.actions.knowledge.post_vote import cast_vote
from mapapp.actions.knowledge.post_write import Draft
from mapapp.actions.knowledge.proposals import settle_proposal
from mapapp.actions.knowledge.question_list import add_reads, take_from_set
from mapapp.actions.members import place_set
from mapapp.actions.operations import staff_acts
from mapapp.domain.core.hidden_reasons import HiddenReason
from mapapp.domain.knowledge.editorial_rules import EditorialText
from mapapp.domain.safety.case_rules import QUESTION
from mapapp.store import facts
from mapapp.store.members import Membership
from mapapp.store.posts import Post
from mapapp.store.published import AreaNumbers
from mapapp.store.questions import Question
from tests.finished import STORY
from tests.posts import DAY, Board
from tests.published import change_number

FIND_ME = {"indexed": True, "named_to": "nobody"}
TITLE = "How do you sleep with it?"


def _place(board: Board, people: SimpleNamespace) -> None:
    board.place(people.quiet, "members")


def _hide_oneself(board: Board, people: SimpleNamespace) -> None:
    board.place(people.writer, "counted")


def _leave(board: Board, people: SimpleNamespace) -> None:
    ctx = Context(board.session, board.settings)
    place_set.remove(ctx, people.writer.id, people.condition.id)


def erase_somebody(board: Board, people: SimpleNamespace) -> None:
    """Erase one of those who wrote."""
    board.erase(people.writer)


def write_something(board: Board, people: SimpleNamespace) -> None:
    """Write a text."""
    writer = board.somebody("members")
    board.write(writer, "I keep a list of good days.", question_id=people.other_id, **FIND_ME)


def _change(board: Board, people: SimpleNamespace) -> None:
    piece = board.post_of(people.writer).public_id
    draft = Draft("I wrote this anew, and said more.", "self", "nobody", indexed=True)
    post_write.change(board.session, people.writer.id, piece, draft)


def _delete(board: Board, people: SimpleNamespace) -> None:
    piece = board.post_of(people.writer).public_id
    post_write.delete(board.session, people.writer.id, piece)


def _hide_post(board: Board, people: SimpleNamespace) -> None:
    piece = board.post_of(people.writer).public_id
    post_hide.hide_post(board.session, piece, HiddenReason.REPORTED)


def _suspend(board: Board, people: SimpleNamespace) -> None:
    board.report(board.somebody("members"), people.writer)
    board.settle(people.mod, "suspend")


def edit_something(board: Board, people: SimpleNamespace, *, shown: bool = True) -> None:
    now = staff_acts.condition_for_staff(board.session, "dystonia")
    wanted = staff_acts.ConditionText("Dystonia of Edith", "Words.", ("Edith",), shown=shown)
    by = audit.By("admin", "A better name for all who look.")
    staff_acts.edit_condition(board.session, by, "dystonia", wanted, now.mark)


def _rename(board: Board, people: SimpleNamespace) -> None:
    """Give another name to who told the story and has no card: only the text names them."""
    told = select(Post).where(Post.public_id == STORY)
    post = board.session.scalars(told).one()
    place = board.session.get_one(Membership, (post.condition_id, post.member_id))
    ctx = board.ctx
    said = (place.area_id, ctx.areas.version, place.visibility, place.role, "Quiet Teller")
    place_set.put(ctx, post.member_id, post.condition_id, place_set.Placement(*said))


def _vote(board: Board, people: SimpleNamespace) -> None:
    voter = Context(board.session, board.settings, reader_id=people.quiet.id)
    cast_vote(voter, STORY, helpful=True)


def _hide_condition(board: Board, people: SimpleNamespace) -> None:
    edit_something(board, people, shown=False)


def _editorial(board: Board, people: SimpleNamespace) -> None:
    said = EditorialText("editor", "Many people work.")
    editorial_edit.put_published(board.session, people.other_id, said, "Ed", DAY)


def _hide_question(board: Board, people: SimpleNamespace) -> None:
    editorial_edit.hide(board.session, people.admin.id, people.condition.id, "work")


def _open_question(board: Board, people: SimpleNamespace) -> None:
    ctx = Context(board.session, board.settings, reader_id=people.quiet.id)
    question_ask.open_question(ctx, people.condition.id, "treatments")


def _ask_and_accept(board: Board, people: SimpleNamespace) -> None:
    ctx = Context(board.session, board.settings, reader_id=people.quiet.id)
    question_ask.ask_question(ctx, people.condition.id, TITLE)
    board.session.commit()
    asked = select(Question.public_id).where(Question.title == TITLE)
    piece = board.session.scalars(asked).one()
    settle_proposal(board.session, QUESTION, piece, is_accepted=True)


def _reads(board: Board, people: SimpleNamespace) -> None:
    add_reads(board.session, {take_from_set(board.session, people.condition.id, "travel"): 5})


def _demo(board: Board, people: SimpleNamespace) -> None:
    facts.state(board.session, facts.HAS_DEMO, "1")


def _number(board: Board, people: SimpleNamespace) -> None:
    change_number(board.session, people.condition, 1, 7)


def _wrong_number(board: Board, people: SimpleNamespace) -> None:
    """Somebody repairs what stands in place, as ``counts repair`` does."""
    for row in board.session.scalars(select(AreaNumbers)):
        board.session.delete(row)


CHANGING = (
    _rename,
    _vote,
    _place,
    _hide_oneself,
    _leave,
    erase_somebody,
    write_something,
    _change,
    _delete,
    _hide_post,
    _suspend,
    edit_something,
    _hide_condition,
    _editorial,
    _hide_question,
    _open_question,
    _ask_and_accept,
    _reads,
    _demo,
    _number,
    _wrong_number,
)
Act = Callable[[Board, SimpleNamespace], None]
