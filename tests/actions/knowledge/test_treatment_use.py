"""Recording what a member tried: kept, changed and deleted."""

import pytest
from sqlalchemy import func, select

from mapapp.actions.account import consent_change
from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.core.context import Context
from mapapp.actions.knowledge import treatment_use
from mapapp.actions.knowledge.treatment_use import MyUse, import_names, names_of
from mapapp.actions.mail import consent_receipts
from mapapp.actions.members import place_set as placing
from mapapp.actions.moderation import member_hide
from mapapp.domain.mail.consent_wordings import TREATMENTS, words_version
from mapapp.errors import BadInputError, LimitError, NotAllowedError, NotFoundError
from mapapp.store.members import Member
from mapapp.store.treatments import Treatment, TreatmentUse
from tests import factories
from tests.trust import AREAS, World, reword


@pytest.fixture
def tea(world: World) -> Treatment:
    return factories.make_treatment(world.session, world.condition(), "Tea")


def _record(
    world: World, who: Member, treatment: Treatment, outcome: str = "better", effects: bool = False
) -> None:
    here = (Context(world.session, world.settings, reader_id=who.id), world.condition().id)
    treatment_use.record(*here, treatment.public_id, outcome, effects)


def _mine(world: World, who: Member) -> list[tuple[str, str, bool]]:
    found: list[MyUse] = treatment_use.my_uses(world.session, who.id, world.condition().id)
    return [(use.name, use.outcome, use.side_effects) for use in found]


@pytest.mark.both
def test_what_somebody_tried_is_kept_and_changed(world: World, tea: Treatment) -> None:
    wren = world.somebody()
    _record(world, wren, tea, "worse", True)
    assert _mine(world, wren) == [("Tea", "worse", True)]
    _record(world, wren, tea, "same")
    assert _mine(world, wren) == [("Tea", "same", False)]
    assert world.session.scalar(select(func.count()).select_from(TreatmentUse)) == 1


@pytest.mark.parametrize("visibility", ["public", "members", "counted"])
def test_whoever_has_a_place_can_record(world: World, tea: Treatment, visibility: str) -> None:
    wren = world.somebody(visibility)
    _record(world, wren, tea)
    assert _mine(world, wren) == [("Tea", "better", False)]


@pytest.mark.both
def test_saying_the_same_again_uses_up_nothing(world: World, tea: Treatment) -> None:
    wren = world.somebody()
    for _ in range(100):
        _record(world, wren, tea)
    for n in range(59):
        _record(world, wren, tea, ("same", "better")[n % 2])
    with pytest.raises(LimitError):
        _record(world, wren, tea, "worse")
    assert _mine(world, wren) == [("Tea", "same", False)]


def test_without_a_place_on_this_map_nothing_is_kept(world: World, tea: Treatment) -> None:
    wren = world.member()
    world.place(wren, "public", "als")
    with pytest.raises(NotAllowedError, match="this condition’s map"):
        _record(world, wren, tea)
    assert _mine(world, wren) == []


@pytest.mark.parametrize("outcome", ["", "cured", "Better"])
def test_an_outcome_that_there_is_not_is_refused(
    world: World, tea: Treatment, outcome: str
) -> None:
    with pytest.raises(BadInputError):
        _record(world, world.somebody(), tea, outcome)


def test_a_treatment_of_another_list_or_that_waits_is_refused(world: World) -> None:
    session, wren = world.session, world.somebody()
    other = factories.make_treatment(session, world.condition("als"), "Rest")
    waits = factories.make_treatment(
        session, world.condition(), "Moor", "asked", proposed_by=wren.id
    )
    for treatment in (other, waits):
        with pytest.raises(NotFoundError):
            _record(world, wren, treatment)


@pytest.mark.both
def test_deleting_takes_away_ones_own_alone(world: World, tea: Treatment) -> None:
    wren, robin = world.somebody(), world.somebody()
    for who in (wren, robin):
        _record(world, who, tea)
    here = (world.session, wren.id, world.condition().id)
    treatment_use.remove(*here, tea.public_id)
    with pytest.raises(NotFoundError, match="already been deleted"):
        treatment_use.remove(*here, tea.public_id)
    assert _mine(world, wren) == []
    assert _mine(world, robin) == [("Tea", "better", False)]


def test_hiding_and_resting_forget_nothing(world: World, tea: Treatment) -> None:
    wren = world.somebody()
    _record(world, wren, tea)
    given = (Context(world.session, world.settings, AREAS), wren.id)
    for act in (member_hide.hide_everywhere, member_hide.show_again, member_hide.pause):
        act(*given)
        assert _mine(world, wren) == [("Tea", "better", False)]


def test_leaving_the_map_forgets_what_one_tried_there(world: World, tea: Treatment) -> None:
    wren, als = world.somebody(), world.condition("als")
    world.place(wren, "public", "als")
    rest = factories.make_treatment(world.session, als, "Rest")
    _record(world, wren, tea)
    ctx = Context(world.session, world.settings, reader_id=wren.id)
    treatment_use.record(ctx, als.id, rest.public_id, "same", False)
    placing.remove(ctx, wren.id, world.condition().id)
    assert _mine(world, wren) == []
    assert [use.name for use in treatment_use.my_uses(world.session, wren.id, als.id)] == ["Rest"]


def test_erasing_forgets_it_and_leaves_the_list(world: World, tea: Treatment) -> None:
    who = factories.make_uses(world.session, world.condition(), tea, 1)[0]
    erase_member(Context(world.session, world.settings), who.id)
    assert world.session.scalar(select(func.count()).select_from(TreatmentUse)) == 0
    assert names_of(world.session, world.condition().id) == ["Tea"]


@pytest.mark.both
def test_importing_adds_what_is_missing_and_deletes_nothing(world: World, tea: Treatment) -> None:
    session, condition_id = world.session, world.condition().id
    assert import_names(session, condition_id, ["Rest", "Tea", "Oats", "Rest"]) == 2
    assert import_names(session, condition_id, ["Oats"]) == 0
    assert names_of(session, condition_id) == ["Oats", "Rest", "Tea"]
    assert names_of(session, world.condition("als").id) == []
    assert session.scalars(select(Treatment.id).where(Treatment.name == "Tea")).one() == tea.id


def test_a_name_that_none_can_have_stops_an_import(world: World) -> None:
    with pytest.raises(BadInputError):
        import_names(world.session, world.condition().id, ["Rest", "x"])
    assert names_of(world.session, world.condition().id) == []


def test_importing_does_not_decide_for_a_moderator(world: World) -> None:
    session, dystonia = world.session, world.condition()
    factories.make_treatment(session, dystonia, "Moor", "asked", proposed_by=world.somebody().id)
    assert import_names(session, dystonia.id, ["Moor"]) == 0
    assert names_of(session, dystonia.id) == []


def test_a_receipt_stands_as_long_as_something_rests_on_it(world: World, tea: Treatment) -> None:
    wren = world.somebody()
    bath = factories.make_treatment(world.session, world.condition(), "Bath")
    _record(world, wren, tea)
    _record(world, wren, bath)
    here = (world.session, wren.id, world.condition().id)
    treatment_use.remove(*here, tea.public_id)
    assert TREATMENTS in world.agreed(wren, "dystonia")
    treatment_use.remove(*here, bath.public_id)
    assert TREATMENTS not in world.agreed(wren, "dystonia")


def test_taking_the_consent_back_deletes_what_was_said(world: World, tea: Treatment) -> None:
    wren = world.somebody()
    _record(world, wren, tea)
    given = (Context(world.session, world.settings, AREAS), wren.id, TREATMENTS, "dystonia")
    consent_change.take_back(*given)
    assert _mine(world, wren) == []
    assert TREATMENTS not in world.agreed(wren, "dystonia")
    with pytest.raises(NotFoundError, match="not shared anything"):
        consent_change.take_back(*given)


def test_new_words_are_asked_of_who_said_something(
    world: World, tea: Treatment, monkeypatch: pytest.MonkeyPatch
) -> None:
    wren = world.somebody()
    _record(world, wren, tea)
    reword(monkeypatch, TREATMENTS)
    asked = [(a.purpose, a.slug) for a in consent_receipts.to_ask(world.session, wren.id)]
    assert asked == [(TREATMENTS, "dystonia")]
    words = words_version()
    consent_change.agree(
        Context(world.session, world.settings, AREAS), wren.id, TREATMENTS, "dystonia", words
    )
    assert consent_receipts.to_ask(world.session, wren.id) == []


def test_leaving_the_map_takes_it_back(world: World, tea: Treatment) -> None:
    wren = world.somebody()
    _record(world, wren, tea)
    placing.remove(Context(world.session, world.settings), wren.id, world.condition().id)
    assert TREATMENTS not in world.agreed(wren, "dystonia")
