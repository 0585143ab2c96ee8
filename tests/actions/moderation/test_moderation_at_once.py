"""Two moderators, or two reporters, at the same moment: one after the other."""

from collections.abc import Callable

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.core.context import Context
from mapapp.actions.moderation import appeal, case_decide, member_hide, report_send
from mapapp.actions.moderation.case_decide import Decision
from mapapp.errors import MapappError
from mapapp.store.contact import Message
from mapapp.store.members import Member
from mapapp.store.moderation import Case, Report, Ruling
from tests.at_once import transactions_at_once
from tests.moderation import APPEAL, AREAS, REASON, Site
from tests.published import wrong_numbers

Act = Callable[[Session], object]

AS_SPAM = report_send.Said("spam")


def _count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def _deciding(site: Site, who: Member, case: str, act: str) -> Act:
    given, who_id = (site.settings, AREAS), who.id
    decision = Decision(act, REASON)
    return lambda own: case_decide.decide(Context(own, *given, who_id), case, decision)


def test_one_of_eight_moderators_takes_a_case(site: Site, engine: Engine) -> None:
    site.report(site.somebody(), site.somebody())
    case, mods = site.case().public_id, [site.moderator().id for _ in range(8)]
    site.session.commit()

    def _taking(who: int) -> Act:
        return lambda own: case_decide.take(own, who, case)

    failures = transactions_at_once(engine, [_taking(who) for who in mods])
    assert len(failures) == 7
    assert all(isinstance(failure, MapappError) for failure in failures)


def test_a_case_is_decided_once(site: Site, engine: Engine) -> None:
    wren, mod = site.somebody(), site.moderator()
    site.report(site.somebody(), wren)
    site.take(mod)
    case = site.case().public_id
    site.session.commit()
    acts = [_deciding(site, mod, case, act) for act in ("warn", "suspend", "silence", "warn")]
    failures = transactions_at_once(engine, acts)
    assert len(failures) == 3
    assert all(isinstance(failure, MapappError) for failure in failures)
    with Session(engine) as after:
        assert _count(after, Ruling) == 1
        assert wrong_numbers(after) == []


def test_two_reports_at_once_make_one_case_and_hide(site: Site, engine: Engine) -> None:
    wren = site.somebody("public")
    people, piece = [site.somebody().id for _ in range(4)], wren.public_id
    site.session.commit()

    def _reporting(who: int) -> Act:
        given = (site.settings, AREAS, who)
        return lambda own: report_send.report(
            Context(own, *given), "person", piece, report_send.Said("spam")
        )

    failures = transactions_at_once(engine, [_reporting(who) for who in people])
    assert all(isinstance(failure, MapappError) for failure in failures)  # hidden by then
    with Session(engine) as after:
        (case,) = after.scalars(select(Case))
        assert case.hides
        assert _count(after, Report) == 4 - len(failures) >= 2
        assert wrong_numbers(after) == []


def test_people_who_report_each_other_do_not_wait_for_ever(site: Site, engine: Engine) -> None:
    one, other = site.somebody(), site.somebody()
    pairs = [(one.id, other.public_id), (other.id, one.public_id)] * 3
    site.session.commit()

    def _reporting(who: int, piece: str) -> Act:
        given = (site.settings, AREAS, who)
        return lambda own: report_send.report(
            Context(own, *given), "person", piece, report_send.Said("spam")
        )

    assert transactions_at_once(engine, [_reporting(*pair) for pair in pairs]) == []
    with Session(engine) as after:
        assert (_count(after, Case), _count(after, Report)) == (2, 2)


def test_deciding_pausing_and_leaving_at_once_keep_the_numbers_true(
    site: Site, engine: Engine
) -> None:
    wren, mod = site.somebody("public"), site.moderator()
    for _ in range(2):
        site.report(site.somebody(), wren)
    site.take(mod)
    case, wren_id = site.case().public_id, wren.id
    site.session.commit()
    given = (site.settings, AREAS)
    failures = transactions_at_once(
        engine,
        [
            _deciding(site, mod, case, "suspend"),
            lambda own: member_hide.pause(Context(own, *given), wren_id),
            lambda own: member_hide.hide_everywhere(Context(own, *given), wren_id),
            lambda own: erase_member(Context(own, site.settings), wren_id),
        ],
    )
    assert all(isinstance(failure, MapappError) for failure in failures)
    with Session(engine) as after:
        assert wrong_numbers(after) == []


def test_a_held_message_is_delivered_once(site: Site, engine: Engine) -> None:
    heron, robin, mod = site.somebody(), site.somebody(), site.moderator()
    site.held(site.conversation(heron, robin), heron, "send me money")
    site.take(mod)
    case = site.case().public_id
    site.session.commit()
    acts = [_deciding(site, mod, case, act) for act in ("nothing", "nothing", "remove")]
    assert len(transactions_at_once(engine, acts)) == 2
    with Session(engine) as after:
        # Delivered once, or gone where taking it away came first.
        (act,) = after.scalars(select(Ruling.act))
        assert _count(after, Message) == (act == "nothing")


def test_an_appeal_is_made_and_closed_once(site: Site, engine: Engine) -> None:
    wren, mod = site.somebody("public"), site.moderator()
    others = [site.moderator().id for _ in range(3)]
    site.report(site.somebody(), wren)
    site.settle(mod, "suspend")
    ruling, case, wren_id = site.ruling().public_id, site.case().public_id, wren.id
    site.session.commit()

    def _appealing(words: str) -> Act:
        return lambda own: appeal.make_appeal(own, wren_id, ruling, words)

    appealing = [_appealing(f"{APPEAL} {number}") for number in range(3)]
    assert len(transactions_at_once(engine, appealing)) == 2

    def _closing(who: int, outcome: str) -> Act:
        given = (site.settings, AREAS, who)
        return lambda own: appeal.close(Context(own, *given), case, outcome, REASON)

    outcomes = ("upheld", "lifted", "lifted")
    acts = [_closing(*pair) for pair in zip(others, outcomes, strict=True)]
    assert len(transactions_at_once(engine, acts)) == 2
    with Session(engine) as after:
        assert wrong_numbers(after) == []
