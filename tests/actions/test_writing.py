"""Writing, changing and deleting answers and stories, and what follows for others."""

import uuid
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from mapapp.actions import agreements, asking, consents, erase, hide, quotas
from mapapp.actions.block import block
from mapapp.actions.post_lists import earlier_versions, my_posts, post, stories
from mapapp.actions.question_search import search_questions
from mapapp.actions.questions import questions_of
from mapapp.actions.reports import my_report
from mapapp.actions.visibility import is_set_aside
from mapapp.actions.writing import Draft, change, delete
from mapapp.domain.consents import ADULT, WRITE, words_version
from mapapp.domain.messages import HELD, REMOVED, SENT
from mapapp.domain.posts import NEWEST
from mapapp.errors import BadInputError, LimitError, NotAllowedError, NotFoundError
from mapapp.store.members import Member
from mapapp.store.posts import Post
from mapapp.store.questions import Question
from tests.posts import DAY, DRAFT, TEXT, Board
from tests.trust import AREAS, reword

CURE = "This tea cures dystonia for ever, throw your medicine away."


@pytest.fixture
def wren(board: Board) -> Member:
    return board.somebody(pseudonym="Wren")


@pytest.fixture
def robin(board: Board) -> Member:
    return board.somebody(pseudonym="Robin")


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
        ({"role": "organisation"}, "ground"),
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
    hide.pause(board.session, board.settings, AREAS, robin.id)
    with pytest.raises(BadInputError, match="paused"):
        board.write(robin)
    nameless = board.member(pseudonym="")
    with pytest.raises(BadInputError, match="no pseudonym"):
        board.write(nameless)
    assert board.write(nameless, named_to="nobody") == SENT
    consents.take_back(board.session, mod.id, ADULT)
    with pytest.raises(BadInputError, match="18"):
        board.write(mod)


def test_one_answer_to_a_question_and_one_for_a_form(board: Board, wren: Member) -> None:
    key = str(uuid.uuid4())
    assert board.write(wren, key=key) == board.write(wren, key=key) == SENT
    assert len(board.read(wren)) == 1
    with pytest.raises(BadInputError, match="You have answered"):
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
    """Letting the words of the case through would show other words, which nobody has read."""
    key = str(uuid.uuid4())
    board.write(wren, CURE, key=key)
    delete(board.session, wren.id, key)
    with pytest.raises(BadInputError, match="not complete"):
        board.tell(wren, key)
    board.settle(mod, "nothing", reason="")
    assert stories(board.session, board.condition_id, robin.id).total == 0


def test_a_day_has_its_limits(board: Board, wren: Member) -> None:
    for _ in range(quotas.STORIES.most):
        board.tell(wren)
    with pytest.raises(LimitError):
        board.tell(wren)


def test_a_change_on_the_first_days_leaves_nothing_behind(board: Board, wren: Member) -> None:
    board.write(wren)
    piece = board.post_of(wren)
    new = Draft("I walk in the evening, that is better.", "parent", "nobody")
    change(board.session, wren.id, piece.public_id, new, DAY + timedelta(days=1))
    found = board.post_of(wren)
    assert (found.text, found.role, found.edited) == (new.text, "parent", None)
    assert earlier_versions(board.session, found.id) == []


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
    given = (board.session, board.settings, AREAS, wren.id, WRITE, "dystonia")
    agreements.take_back(*given)
    assert my_posts(board.session, wren.id) == []
    assert WRITE not in board.agreed(wren, "dystonia")
    with pytest.raises(NotFoundError):
        agreements.take_back(*given)


def test_new_words_are_asked_of_who_wrote(
    board: Board, wren: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    board.write(wren)
    reword(monkeypatch, WRITE)
    asked = consents.to_ask(board.session, wren.id)
    assert [(a.purpose, a.slug) for a in asked] == [(WRITE, "dystonia")]
    agreements.agree(
        board.session, board.settings, AREAS, wren.id, WRITE, "dystonia", words_version()
    )
    assert consents.to_ask(board.session, wren.id) == []


def test_a_claim_of_a_cure_waits_and_keeps_its_label(
    board: Board, wren: Member, robin: Member, mod: Member
) -> None:
    assert board.write(wren, CURE) == HELD
    assert board.read(robin) == board.read() == []
    with pytest.raises(NotFoundError):
        post(board.session, robin.id, board.post_of(wren).public_id)
    assert (board.case().kind, board.case().category) == ("answer", "held")
    board.settle(mod, "nothing", reason="")
    (line,) = board.read(robin)
    assert (line.text, line.speaks_of_cure) == (CURE, True)
    board.check()


@pytest.mark.parametrize("act", ["remove", "warn", "silence", "suspend"])
def test_what_is_not_let_through_is_gone(
    board: Board, wren: Member, robin: Member, mod: Member, act: str
) -> None:
    board.write(wren, CURE)
    board.settle(mod, act)
    assert board.read(robin) == []
    found = board.post_of(wren)
    assert (found.state, found.text, found.words) == (REMOVED, "", "")
    with pytest.raises((BadInputError, NotAllowedError)):
        change(board.session, wren.id, found.public_id, DRAFT, DAY)
    delete(board.session, wren.id, found.public_id)
    board.check()


def test_what_a_moderator_reads_cannot_be_changed(board: Board, wren: Member) -> None:
    board.write(wren, CURE)
    piece = board.post_of(wren).public_id
    with pytest.raises(BadInputError, match="moderator is reading"):
        change(board.session, wren.id, piece, DRAFT, DAY)
    other_name = Draft(CURE, "self", "nobody")
    assert change(board.session, wren.id, piece, other_name, DAY) == HELD


def test_a_changed_text_is_looked_at_again(board: Board, wren: Member, robin: Member) -> None:
    board.write(wren)
    new = Draft(CURE, "self", "members")
    assert change(board.session, wren.id, board.post_of(wren).public_id, new, DAY) == HELD
    assert board.read(robin) == []
    board.check()


def test_reported_first_and_held_later_both_are_read(
    board: Board, wren: Member, robin: Member, mod: Member
) -> None:
    board.write(wren)
    piece = board.post_of(wren).public_id
    board.report_piece(robin, "answer", piece, "harassment")
    change(board.session, wren.id, piece, Draft(CURE, "self", "members"), DAY)
    assert TEXT in board.case().evidence
    assert "cures dystonia" in board.case().evidence
    board.settle(mod, "nothing", reason="")
    assert [line.text for line in board.read(robin)] == [CURE]


def test_what_changes_while_a_moderator_reads_is_read_anew(
    board: Board, wren: Member, robin: Member, mod: Member
) -> None:
    board.write(wren)
    piece = board.post_of(wren).public_id
    board.report_piece(robin, "answer", piece)
    board.take(mod)
    change(board.session, wren.id, piece, Draft(CURE, "self", "members"), DAY)
    with pytest.raises(NotFoundError, match="another state"):
        board.decide(mod, "nothing", reason="")
    board.session.expire_all()
    assert board.read(robin) == []
    board.settle(mod, "nothing", reason="")
    assert [line.text for line in board.read(robin)] == [CURE]


def test_a_changed_title_is_read_too(
    board: Board, wren: Member, robin: Member, mod: Member
) -> None:
    board.tell(wren)
    board.settle(mod, "nothing", reason="")
    story = board.post_of(wren)
    board.report_piece(robin, "story", story.public_id)
    new = Draft(story.text, "self", "members", "Quite another title")
    assert change(board.session, wren.id, story.public_id, new, DAY) == HELD
    assert "My first year" in board.case().evidence
    assert "Quite another title" in board.case().evidence


def test_every_story_waits(board: Board, wren: Member, robin: Member, mod: Member) -> None:
    assert board.tell(wren) == HELD
    assert stories(board.session, board.condition_id, robin.id).total == 0
    assert board.case().kind == "story"
    board.settle(mod, "nothing", reason="")
    (line,) = stories(board.session, board.condition_id, None).items
    assert (line.title, line.pseudonym) == ("My first year", "")
    assert board.read(robin) == []


def test_two_reports_hide_it_until_it_is_decided(board: Board, wren: Member, mod: Member) -> None:
    with time_machine.travel("2026-01-05"):
        first, second = board.somebody(), board.somebody()
    board.write(wren)
    piece = board.post_of(wren).public_id
    for reader in (first, second):
        board.report_piece(reader, "answer", piece)
    assert board.read(first) == board.read() == []
    assert not is_set_aside(board.session, wren.id)
    assert board.stands(wren)["dystonia"] == ("members", "")
    new = Draft("Quite another thing that I say.", "self", "members")
    with pytest.raises(BadInputError, match="moderator is reading"):
        change(board.session, wren.id, piece, new, DAY)
    board.settle(mod, "nothing", reason="")
    assert len(board.read(first)) == 1
    board.check()


def test_removing_takes_the_versions_too(board: Board, wren: Member, robin: Member, mod) -> None:
    board.write(wren)
    piece = board.post_of(wren).public_id
    new = Draft("Quite another thing that I say.", "self", "members")
    change(board.session, wren.id, piece, new, DAY + timedelta(days=5))
    board.report_piece(robin, "answer", piece)
    board.settle(mod, "remove")
    assert earlier_versions(board.session, board.post_of(wren).id) == []
    assert board.read(robin) == []
    board.check()


def test_one_does_not_report_oneself_nor_what_one_cannot_see(
    board: Board, wren: Member, robin: Member
) -> None:
    board.write(wren)
    piece = board.post_of(wren).public_id
    with pytest.raises(BadInputError, match="your own"):
        board.report_piece(wren, "answer", piece)
    with pytest.raises(NotFoundError):
        board.report_piece(robin, "story", piece)
    delete(board.session, wren.id, piece)
    with pytest.raises(NotFoundError):
        board.report_piece(robin, "answer", piece)


def test_blocking_is_offered_only_where_the_name_is_known(
    board: Board, wren: Member, robin: Member
) -> None:
    board.write(wren, named_to="nobody")
    piece = board.post_of(wren).public_id
    board.report_piece(robin, "answer", piece)
    assert my_report(board.session, robin.id, "answer", piece).subject_id is None
    named = Draft(TEXT, "self", "members")
    change(board.session, wren.id, piece, named, DAY)
    assert my_report(board.session, robin.id, "answer", piece).subject_id == wren.id


def test_who_block_each_other_miss_what_bears_the_name_alone(
    board: Board, wren: Member, robin: Member
) -> None:
    board.write(wren, "Zebra crossings are where I rest a little.")
    block(board.session, robin.id, wren.id)
    assert board.read(robin) == []
    assert search_questions(board.session, robin.id, "zebra") == []
    assert len(board.read()) == len(search_questions(board.session, None, "zebra")) == 1
    unnamed = Draft(board.post_of(wren).text, "self", "nobody")
    change(board.session, wren.id, board.post_of(wren).public_id, unnamed, DAY)
    assert len(board.read(robin)) == 1


@pytest.mark.parametrize(
    ("away", "back"),
    [
        (hide.hide_everywhere, hide.show_again),
        (hide.pause, hide.end_pause),
        (hide.set_aside, hide.bring_back),
    ],
)
def test_who_is_away_takes_the_texts_along(
    board: Board, wren: Member, robin: Member, away, back
) -> None:
    board.write(wren)
    given = (board.session, board.settings, AREAS, wren.id)
    away(*given)
    assert board.read(robin) == []
    assert search_questions(board.session, robin.id, "walk") == []
    board.check()
    assert [line.text for line in my_posts(board.session, wren.id)] == [TEXT]
    back(*given)
    assert [line.pseudonym for line in board.read(robin)] == ["Wren"]
    board.check()


def test_who_is_set_aside_by_reports_is_not_shown_by_writing_more(
    board: Board, wren: Member, robin: Member, mod: Member
) -> None:
    with time_machine.travel("2026-01-05"):
        for reader in (board.somebody(), board.somebody()):
            board.report(reader, wren)
    assert is_set_aside(board.session, wren.id)
    board.write(wren)
    assert board.read(robin) == board.read() == []
    board.check()
    board.settle(mod, "nothing", reason="")
    assert [line.pseudonym for line in board.read(robin)] == ["Wren"]
    board.check()


def test_hiding_needs_no_place_on_a_map(board: Board, robin: Member) -> None:
    author = board.member(pseudonym="Off the map")
    board.write(author)
    hide.hide_everywhere(board.session, board.settings, AREAS, author.id)
    assert board.read(robin) == []
    assert hide.is_hidden(board.session, author.id)
    assert hide.show_again(board.session, board.settings, AREAS, author.id) == 1
    assert len(board.read(robin)) == 1


def test_silence_keeps_the_text_and_takes_the_name(
    board: Board, wren: Member, robin: Member
) -> None:
    board.write(wren)
    hide.hide_silent(board.session, board.settings, AREAS, wren.id)
    (line,) = board.read(robin)
    assert (line.text, line.pseudonym, line.writer) == (TEXT, "", "")
    hide.show_answered(board.session, board.settings, AREAS, wren.id)
    assert board.read(robin)[0].pseudonym == "Wren"


def test_erasing_takes_everything(board: Board, wren: Member, robin: Member) -> None:
    board.write(wren)
    board.write(robin)
    board.vote(wren, robin)
    board.vote(robin, wren)
    erase.erase_member(board.session, board.settings, wren.id)
    assert [line.pseudonym for line in board.read(robin)] == ["Robin"]
    assert board.read(robin)[0].helpful == 0
    board.check()


def test_newest_first_and_by_ground(board: Board, wren: Member, robin: Member) -> None:
    board.write(wren)
    board.write(robin, "I rest in the afternoon, always.", role="parent")
    assert [line.pseudonym for line in board.read(None, NEWEST)] == ["", ""]
    assert [line.role for line in board.read(None, NEWEST)] == ["parent", "self"]


def test_a_question_waits_for_a_moderator(board: Board, wren: Member, mod: Member) -> None:
    words = "Does swimming help anybody here?"
    given = (board.session, board.settings, wren.id, board.condition_id)
    asking.ask(*given, words)
    assert questions_of(board.session, board.condition_id) == []
    with pytest.raises(BadInputError, match="there already"):
        asking.ask(*given, "Does swimming help anybody here ?")
    assert board.case().kind == "question"
    board.settle(mod, "nothing", reason="")
    (found,) = questions_of(board.session, board.condition_id)
    assert (found.title, found.slug) == (words, "does-swimming-help-anybody-here")
    assert board.session.scalars(select(Question.asked_by)).one() is None


def test_a_refused_question_is_gone_and_so_is_that_of_who_leaves(
    board: Board, wren: Member, mod: Member
) -> None:
    given = (board.session, board.settings, wren.id, board.condition_id)
    asking.ask(*given, "Is this a question at all, or not?")
    board.settle(mod, "remove")
    assert board.session.scalars(select(Question.id)).all() == []
    asking.ask(*given, "Will this question stay without me?")
    erase.erase_member(board.session, board.settings, wren.id)
    assert board.session.scalars(select(Question.id)).all() == []


def test_who_may_not_ask(board: Board, wren: Member, robin: Member) -> None:
    given = (board.session, board.settings)
    words = "Does swimming help anybody here?"
    hide.pause(*given, AREAS, robin.id)
    with pytest.raises(BadInputError, match="paused"):
        asking.ask(*given, robin.id, board.condition_id, words)
    wren.suspended = True
    with pytest.raises(NotAllowedError):
        asking.ask(*given, wren.id, board.condition_id, words)
    assert list(board.session.scalars(select(Question))) == []


@pytest.mark.parametrize("text", ["", "Why?", "x" * 161])
def test_what_is_no_question(board: Board, wren: Member, text: str) -> None:
    with pytest.raises(BadInputError, match="15 to 160"):
        asking.ask(board.session, board.settings, wren.id, board.condition_id, text)


@pytest.mark.parametrize("query", ["wálk MORN", "walk", "treat"])
def test_the_search_reads_questions_and_answers(board: Board, wren: Member, query: str) -> None:
    board.write(wren)
    (found,) = search_questions(board.session, None, query)
    assert (found.slug, found.condition_slug, found.answers) == ("treatments", "dystonia", 1)
    for other in ("alking", "walk zebra", "%", "_"):
        assert search_questions(board.session, None, other) == []


def test_what_waits_is_not_found(board: Board, wren: Member) -> None:
    board.write(wren, CURE)
    assert search_questions(board.session, wren.id, "cures") == []
    assert board.session.scalars(select(Post.day)).all() == [date(2026, 11, 24)]
