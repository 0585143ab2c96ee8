"""Writing, changing and deleting answers and stories, and what follows for others."""

import uuid
from datetime import timedelta

import pytest

from mapapp.actions.account import consent_change
from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.actions.knowledge.post_list import earlier_versions, my_posts, stories
from mapapp.actions.knowledge.post_write import Draft, change, delete
from mapapp.actions.knowledge.question_list import questions_of
from mapapp.actions.mail import consent_receipts
from mapapp.actions.moderation import member_hide
from mapapp.domain.core.free_text import HELD, SENT
from mapapp.domain.knowledge.post_rules import NEWEST
from mapapp.domain.mail.consent_wordings import ADULT, WRITE, words_version
from mapapp.errors import BadInputError, LimitError, NotAllowedError, NotFoundError
from mapapp.store.members import Member
from tests.posts import CURE, DAY, DRAFT, TEXT, Board
from tests.trust import AREAS, reword


def test_an_answer_is_there_at_once(board: Board, wren: Member, robin: Member) -> None:
    assert board.write(wren, years=4) == SENT
    (line,) = board.read(robin)
    assert (line.text, line.pseudonym, line.role, line.years) == (TEXT, "Wren", "self", 4)
    (question,) = questions_of(board.session, board.condition_id)
    assert question.answers == 1
    assert board.agreed(wren, "dystonia") >= {WRITE}
    board.check()


@pytest.mark.parametrize(
    ("named_to", "member", "visitor"),
    [("members", "Wren", ""), ("public", "Wren", "Wren"), ("nobody", "", "")],
)
def test_who_is_told_the_name(
    board: Board, wren: Member, robin: Member, named_to: str, member: str, visitor: str
) -> None:
    board.write(wren, named_to=named_to)
    (seen,), (public,) = board.read(robin), board.read()
    assert (seen.pseudonym, public.pseudonym) == (member, visitor)
    assert (bool(seen.writer), bool(public.writer)) == (bool(member), bool(visitor))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"text": "Too short."}, "20 to 5,000"),
        ({"role": "organisation"}, "your connection"),
        ({"named_to": "counted"}, "pseudonym"),
        ({"years": 121}, "years"),
    ],
)
def test_what_cannot_be_written(
    board: Board, wren: Member, more: dict[str, object], words: str
) -> None:
    with pytest.raises(BadInputError, match=words):
        board.write(wren, **more)
    assert board.read(wren) == []


def test_who_may_not_write(board: Board, wren: Member, robin: Member, mod: Member) -> None:
    wren.silenced_until = DAY + timedelta(days=1)
    with pytest.raises(NotAllowedError):
        board.write(wren)
    wren.silenced_until, wren.suspended = None, True
    with pytest.raises(NotAllowedError):
        board.write(wren)
    member_hide.pause(Context(board.session, board.settings, AREAS), robin.id)
    with pytest.raises(BadInputError, match="paused"):
        board.write(robin)
    nameless = board.member(pseudonym="")
    with pytest.raises(BadInputError, match="no pseudonym"):
        board.write(nameless)
    assert board.write(nameless, named_to="nobody") == SENT
    consent_receipts.take_back(board.session, mod.id, ADULT)
    with pytest.raises(BadInputError, match="18"):
        board.write(mod)


def test_one_answer_to_a_question_and_one_for_a_form(board: Board, wren: Member) -> None:
    key = str(uuid.uuid4())
    assert board.write(wren, key=key) == board.write(wren, key=key) == SENT
    assert len(board.read(wren)) == 1
    with pytest.raises(BadInputError, match="You have already answered"):
        board.write(wren, "Something else altogether, and long.")
    with pytest.raises(BadInputError, match="not complete"):
        board.write(wren, key="no key")


def test_a_key_is_of_one_member_and_of_one_text(
    board: Board, wren: Member, robin: Member, mod: Member
) -> None:
    key = str(uuid.uuid4())
    board.write(wren, CURE, key=key)
    with pytest.raises(BadInputError, match="not complete"):
        board.write(robin, key=key)
    delete(board.session, wren.id, key)
    with pytest.raises(BadInputError, match="not complete"):
        board.write(wren, key=key)


def test_a_key_of_an_answer_that_is_read_never_means_a_story(
    board: Board, wren: Member, robin: Member, mod: Member
) -> None:
    """Approving the words of the case would show different words, which nobody has read."""
    key = str(uuid.uuid4())
    board.write(wren, CURE, key=key)
    delete(board.session, wren.id, key)
    with pytest.raises(BadInputError, match="not complete"):
        board.tell(wren, key)
    board.settle(mod, "nothing", reason="")
    assert stories(board.session, board.condition_id, robin.id).items == ()


def test_a_day_has_its_limits(board: Board, wren: Member) -> None:
    for _ in range(quotas.STORIES.most):
        board.tell(wren)
    with pytest.raises(LimitError):
        board.tell(wren)


@pytest.mark.both
def test_a_change_on_the_first_days_leaves_nothing_behind(board: Board, wren: Member) -> None:
    board.write(wren)
    piece = board.post_of(wren)
    new = Draft("I walk in the evening, that is better.", "parent", "nobody")
    change(board.session, wren.id, piece.public_id, new, DAY + timedelta(days=1))
    found = board.post_of(wren)
    assert (found.text, found.role, found.edited) == (new.text, "parent", None)
    assert earlier_versions(board.session, found.id) == []


@pytest.mark.both
def test_a_later_change_keeps_what_it_said(board: Board, wren: Member) -> None:
    board.write(wren)
    piece, later = board.post_of(wren).public_id, DAY + timedelta(days=2)
    new = Draft("I walk in the evening, that is better.", "self", "members")
    change(board.session, wren.id, piece, new, later)
    change(board.session, wren.id, piece, DRAFT, later + timedelta(days=3))
    found = board.post_of(wren)
    said = [(v.number, v.text, v.day) for v in earlier_versions(board.session, found.id)]
    assert said == [(2, new.text, later), (1, TEXT, DAY)]
    assert found.edited == later + timedelta(days=3)
    only_role = Draft(TEXT, "parent", "nobody")
    change(board.session, wren.id, piece, only_role, later + timedelta(days=9))
    assert len(earlier_versions(board.session, found.id)) == 2


def test_nobody_changes_or_deletes_the_text_of_another(
    board: Board, wren: Member, robin: Member
) -> None:
    board.write(wren)
    piece = board.post_of(wren).public_id
    for act in (
        lambda: change(board.session, robin.id, piece, DRAFT, DAY),
        lambda: delete(board.session, robin.id, piece),
    ):
        with pytest.raises(NotFoundError):
            act()


def test_deleting_takes_the_consent_back_with_the_last_text(board: Board, wren: Member) -> None:
    board.write(wren)
    board.tell(wren)
    delete(board.session, wren.id, board.post_of(wren).public_id)
    assert WRITE in board.agreed(wren, "dystonia")
    delete(board.session, wren.id, board.post_of(wren).public_id)
    assert WRITE not in board.agreed(wren, "dystonia")
    board.check()


def test_taking_the_consent_back_deletes_the_texts(board: Board, wren: Member) -> None:
    board.write(wren)
    given = (Context(board.session, board.settings, AREAS), wren.id, WRITE, "dystonia")
    consent_change.take_back(*given)
    assert my_posts(board.session, wren.id) == []
    assert WRITE not in board.agreed(wren, "dystonia")
    with pytest.raises(NotFoundError):
        consent_change.take_back(*given)


def test_new_words_are_asked_of_who_wrote(
    board: Board, wren: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    board.write(wren)
    reword(monkeypatch, WRITE)
    asked = consent_receipts.to_ask(board.session, wren.id)
    assert [(a.purpose, a.slug) for a in asked] == [(WRITE, "dystonia")]
    consent_change.agree(
        Context(board.session, board.settings, AREAS), wren.id, WRITE, "dystonia", words_version()
    )
    assert consent_receipts.to_ask(board.session, wren.id) == []


def test_newest_first_and_by_ground(board: Board, wren: Member, robin: Member) -> None:
    board.write(wren)
    board.write(robin, "I rest in the afternoon, always.", role="parent")
    assert [line.pseudonym for line in board.read(None, NEWEST)] == ["", ""]
    assert [line.role for line in board.read(None, NEWEST)] == ["parent", "self"]


@pytest.mark.both
def test_other_words_in_a_form_that_was_sent_are_refused(board: Board, wren: Member) -> None:
    key, told = str(uuid.uuid4()), str(uuid.uuid4())
    board.write(wren, key=key)
    with pytest.raises(BadInputError, match="already answered"):
        board.write(wren, f"{TEXT} And I swim.", key=key)
    states = [board.tell(wren, key=told) for _ in range(2)]
    assert states == [HELD, HELD]
    with pytest.raises(BadInputError, match="already sent this form"):
        board.tell(wren, key=told, title="My second year")
