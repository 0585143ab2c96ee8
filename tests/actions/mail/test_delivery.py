"""A stage of a question counts from its delivery, and a notice is sent only while allowed."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from mapapp.actions.account import cared_for_place, consent_change, sign_in_link
from mapapp.actions.account.yearly_check import confirm, open_stage, run_yearly_check
from mapapp.actions.core.context import Context
from mapapp.actions.mail import outbox
from mapapp.actions.mail.mailers import NotTakenError
from mapapp.actions.moderation import member_hide
from mapapp.actions.operations import staff_acts
from mapapp.domain.mail.consent_wordings import MAIL
from mapapp.settings import Settings
from mapapp.store.mail import OpenQuestion, Outbox
from mapapp.store.members import Member
from tests import contact_requests as connecting
from tests.alerts import tell_news, wait_for_people
from tests.moments import midnight
from tests.trust import AREAS, LEEDS, World

DAY = 86_400
ASKING = date(2026, 11, 1)
WREN = "wren@example.org"


class Post(World):
    """A world with a worker and a mail server, which can be down."""

    def take(self, engine: Engine) -> None:
        """Take the database that the worker uses."""
        self.engine = engine
        self.sent: list[str] = []
        self.down = False

    def send(self, day: int = 0, seconds: int = 0) -> list[str]:
        """Send mail ``day`` days after the question; return the subjects."""
        self.session.commit()
        self.sent.clear()
        midnight = datetime(ASKING.year, ASKING.month, ASKING.day, tzinfo=UTC).timestamp()
        now = int(midnight) + day * DAY + seconds

        def _sessions() -> Session:
            return Session(self.engine, expire_on_commit=False)

        outbox.send_due(_sessions, self.settings, self._mailer, now)
        self.session.expire_all()
        return list(self.sent)

    def _mailer(self, _to: str, subject: str, _body: str) -> None:
        if self.down:
            raise NotTakenError("ConnectionRefusedError")
        self.sent.append(subject)

    def ask(self, day: int) -> int:
        """Run the yearly check ``day`` days after the question."""
        moved = run_yearly_check(
            Context(
                self.session,
                self.settings,
                AREAS,
                now=midnight(date.fromordinal(ASKING.toordinal() + day)),
            )
        )
        self.due_now()
        return moved

    def due_now(self) -> None:
        """Make all mail due, whatever this machine's clock says."""
        self.session.flush()
        for row in self.session.scalars(select(Outbox)):
            row.due = min(row.due, 1)
        self.session.commit()

    def given_up(self) -> None:
        """Let the mail server be down until the worker gives up."""
        self.down = True
        for attempt in range(outbox.MOST_ATTEMPTS):
            self.send(0, attempt * DAY)
        self.down = False


@pytest.fixture
def post(session: Session, settings: Settings, engine: Engine) -> Post:
    made = Post(session, settings)
    made.take(engine)
    return made


@pytest.fixture
def wren(post: Post) -> Member:
    return post.somebody("public", email=WREN, pseudonym="Wren", confirmed="2025-11")


def test_a_stage_counts_from_the_day_on_which_its_mail_was_handed_over(
    post: Post, wren: Member
) -> None:
    post.ask(0)
    assert [post.ask(day) for day in (45, 100)] == [0, 0]
    assert post.send(100) == ["A question, once a year"]
    assert [post.ask(day) for day in (101, 144, 145)] == [0, 0, 1]
    assert open_stage(post.session, wren.id) == "warned"


def test_nobody_is_hidden_or_erased_whose_mail_was_given_up(post: Post, wren: Member) -> None:
    post.ask(0)
    post.given_up()
    assert [post.ask(day) for day in (45, 60, 395, 425, 2000)] == [0] * 5
    assert open_stage(post.session, wren.id) == "asked"
    assert post.seen() == {"Wren"}


@pytest.mark.both
def test_a_mail_that_staff_send_again_counts_from_its_real_delivery(
    post: Post, wren: Member
) -> None:
    post.ask(0)
    post.given_up()
    assert staff_acts.retry_dead_mail(post.session, "shell") == 1
    post.due_now()
    assert post.send(300) == ["A question, once a year"]
    assert [post.ask(day) for day in (344, 345)] == [0, 1]
    assert open_stage(post.session, wren.id) == "warned"


def test_every_stage_waits_for_its_own_mail(post: Post, wren: Member) -> None:
    member_id = wren.id
    for stage, begins, lasts in (
        ("asked", 0, 45),
        ("warned", 145, 15),
        ("hidden", 260, 335),
        ("last", 695, 30),
    ):
        assert post.ask(begins) == 1
        assert open_stage(post.session, member_id) == stage
        assert post.ask(begins + 90) == 0
        post.send(begins + 100)
        assert post.ask(begins + 100 + lasts - 1) == 0
    assert post.ask(825) == 1
    assert post.session.get(Member, member_id) is None


def test_a_stage_that_was_not_announced_yet_can_be_answered(post: Post, wren: Member) -> None:
    post.ask(0)
    confirm(Context(post.session, post.settings, AREAS, now=midnight(ASKING)), wren.id)
    assert open_stage(post.session, wren.id) == ""
    post.send(1)
    assert open_stage(post.session, wren.id) == ""


@pytest.mark.both
def test_the_question_about_a_child_waits_for_its_mail_too(post: Post, wren: Member) -> None:
    child = post.child_of(wren, "2040-01")
    wren.confirmed = "2099-01"
    grown_up = (date(2040, 2, 1) - ASKING).days
    assert [post.ask(grown_up + days) for days in (-1, 0, 45, 900)] == [0, 1, 0, 0]
    cared_for_place.keep_grown_up(post.session, wren.id, child.account_id)
    assert post.session.scalars(select(OpenQuestion)).all() == []


def _request(post: Post, wren: Member) -> None:
    asker = post.somebody("members")
    given = (post.session, post.settings, asker.id, wren.public_id, "dystonia", "meet")
    connecting.ask(*given)
    post.due_now()


def _news(post: Post, wren: Member) -> None:
    wait_for_people(post.session, wren.id, post.condition("als").id, LEEDS)
    for _ in range(3):
        post.place(post.member(), "members", "als")
    tell_news(post.session, post.settings)
    post.due_now()


def _pause(post: Post, wren: Member) -> None:
    member_hide.pause(Context(post.session, post.settings, AREAS), wren.id)


def _close(_post: Post, wren: Member) -> None:
    wren.active = False


def _no_more_mail(post: Post, wren: Member) -> None:
    consent_change.take_back(Context(post.session, post.settings, AREAS), wren.id, MAIL, "")


REQUEST, NEWS = "There is news for you", "The news you asked for"


@pytest.mark.both
def test_notices_leave_while_nothing_changed(post: Post, wren: Member) -> None:
    _request(post, wren)
    _news(post, wren)
    assert post.send() == [REQUEST, NEWS]


@pytest.mark.parametrize(("act", "left"), [(_pause, []), (_close, []), (_no_more_mail, [NEWS])])
def test_notices_that_wait_do_not_leave_when_they_may_not_any_more(
    post: Post, wren: Member, act: Callable[[Post, Member], None], left: list[str]
) -> None:
    """News requested one by one depends on no other consent."""
    _request(post, wren)
    _news(post, wren)
    act(post, wren)
    assert post.send() == left
    assert post.mailed() == []


def test_a_notice_that_was_given_up_does_not_leave_in_a_pause_either(
    post: Post, wren: Member
) -> None:
    _request(post, wren)
    post.given_up()
    _pause(post, wren)
    staff_acts.retry_dead_mail(post.session, "shell")
    post.due_now()
    assert post.send(300) == []


def test_signing_in_and_the_yearly_question_go_in_a_pause_too(post: Post, wren: Member) -> None:
    post.ask(0)
    sign_in_link.request_link(Context(post.session, post.settings), WREN)
    post.due_now()
    _pause(post, wren)
    _no_more_mail(post, wren)
    assert post.send() == ["A question, once a year", "Your sign-in link"]
