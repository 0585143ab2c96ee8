"""Giving decades of birth and of diagnosis: consent, what waits, and what goes at once."""

import pytest
from sqlalchemy import update

from mapapp.actions.account import consent_change
from mapapp.actions.core.context import Context
from mapapp.actions.mail.consent_receipts import to_ask
from mapapp.actions.members import place_set
from mapapp.actions.members.decade_choice import (
    NONE_GIVEN,
    Decades,
    forget_decades,
    keep_decades,
    my_decades,
)
from mapapp.actions.published.card_lists import Listing, cards_of_member
from mapapp.actions.published.publishing import WITH_THE_NEXT, publish_at_once
from mapapp.domain.mail.consent_wordings import DECADES
from mapapp.errors import BadInputError, NotAllowedError, NotFoundError
from mapapp.store.members import Member, Membership
from mapapp.store.published import ListingRow
from tests.decades import BOTH, KEPT_BACK
from tests.published import wrong_numbers
from tests.trust import World


@pytest.fixture
def wren(world: World) -> Member:
    return world.somebody("map", pseudonym="Wren")


@pytest.fixture
def daily(world: World, wren: Member) -> Context:
    settings = world.settings.model_copy(update={"publish": "daily@04:00"})
    return Context(world.session, settings, reader_id=wren.id)


def _card(world: World, who: Member) -> Listing | None:
    return cards_of_member(world.session, who.id).get(world.condition().id)


def _shown(world: World, who: Member) -> tuple[int | None, int | None] | None:
    card = _card(world, who)
    return (card.birth_decade, card.diagnosis_decade) if card else None


def _publish(world: World) -> None:
    """Publish all that waits, whenever it is due."""
    waits = Membership.due.is_not(None)
    world.session.execute(update(Membership).where(waits).values(due=WITH_THE_NEXT))
    publish_at_once(world.session)


@pytest.mark.both
def test_what_is_shown_comes_with_a_publication_and_goes_at_once(
    world: World, wren: Member, daily: Context
) -> None:
    here = world.condition().id
    keep_decades(daily, here, BOTH)
    assert _shown(world, wren) == (None, None)
    assert world.on_map(wren).due is not None
    _publish(world)
    assert _shown(world, wren) == (1970, 2010)
    keep_decades(daily, here, Decades(1970, True, 2010, False))
    assert _shown(world, wren) is None
    _publish(world)
    assert _shown(world, wren) == (1970, None)
    assert wrong_numbers(world.session) == []


def test_a_card_that_shows_what_its_member_does_not_is_found(world: World, wren: Member) -> None:
    for given in ({"birth_decade": 1970}, {"diagnosis_decade": 2010}):
        hers = update(ListingRow).where(ListingRow.member_id == wren.id)
        world.session.execute(hers.values(birth_decade=None, diagnosis_decade=None))
        assert wrong_numbers(world.session) == []
        world.session.execute(hers.values(given))
        assert wrong_numbers(world.session) != []


@pytest.mark.both
def test_another_decade_takes_the_first_one_away(
    world: World, wren: Member, daily: Context
) -> None:
    keep_decades(daily, world.condition().id, BOTH)
    _publish(world)
    keep_decades(daily, world.condition().id, Decades(1960, True, 2010, True))
    assert _shown(world, wren) is None


def test_what_nobody_sees_moves_no_card(world: World, wren: Member, daily: Context) -> None:
    for given in (KEPT_BACK, Decades(1960), NONE_GIVEN):
        keep_decades(daily, world.condition().id, given)
        assert my_decades(world.session, wren.id, world.condition().id) == given
        assert _shown(world, wren) == (None, None)
        assert world.on_map(wren).due is None


@pytest.mark.parametrize(
    "given", [Decades(1975), Decades(1890), Decades(2020), Decades(diagnosis=2030)]
)
def test_a_decade_that_is_not_offered(
    world: World, wren: Member, daily: Context, given: Decades
) -> None:
    with pytest.raises(BadInputError):
        keep_decades(daily, world.condition().id, given)


def test_only_people_who_are_shown_give_any(world: World) -> None:
    who, here = world.somebody("counted"), world.condition().id
    ctx = Context(world.session, world.settings, reader_id=who.id)
    with pytest.raises(NotAllowedError):
        keep_decades(ctx, here, KEPT_BACK)
    keep_decades(ctx, here, NONE_GIVEN)
    with pytest.raises(NotFoundError):
        keep_decades(ctx, world.condition("gout").id, BOTH)


def test_giving_agrees_and_taking_the_consent_back_deletes(
    world: World, wren: Member, daily: Context
) -> None:
    keep_decades(daily, world.condition().id, BOTH)
    _publish(world)
    assert DECADES in world.agreed(wren, "dystonia")
    consent_change.take_back(daily, wren.id, DECADES, "dystonia")
    assert my_decades(world.session, wren.id, world.condition().id) == NONE_GIVEN
    assert _shown(world, wren) is None
    assert DECADES not in world.agreed(wren, "dystonia")


def test_giving_nothing_any_more_ends_the_consent(
    world: World, wren: Member, daily: Context
) -> None:
    keep_decades(daily, world.condition().id, KEPT_BACK)
    keep_decades(daily, world.condition().id, NONE_GIVEN)
    assert DECADES not in world.agreed(wren, "dystonia")


def test_who_gave_them_to_an_older_site_is_asked(world: World, wren: Member) -> None:
    world.on_map(wren).birth_decade = 1970
    world.session.flush()
    asked = [(one.purpose, one.slug) for one in to_ask(world.session, wren.id)]
    assert asked == [(DECADES, "dystonia")]


@pytest.mark.both
def test_forgetting_is_for_all_maps_and_for_nobody_else(
    world: World, wren: Member, daily: Context
) -> None:
    world.place(wren, "map", "gout")
    robin = world.somebody("map", pseudonym="Robin")
    places = [(who.id, world.condition(slug).id) for who, slug in
              ((wren, "dystonia"), (wren, "gout"), (robin, "dystonia"))]  # fmt: skip
    for member_id, condition_id in places:
        ctx = Context(world.session, daily.settings, reader_id=member_id)
        keep_decades(ctx, condition_id, BOTH)
    forget_decades(daily, wren.id)
    assert [my_decades(world.session, *place) for place in places] == [NONE_GIVEN, NONE_GIVEN, BOTH]
    assert DECADES not in world.agreed(wren, "gout")


def test_leaving_a_map_leaves_nothing_there(world: World, wren: Member, daily: Context) -> None:
    keep_decades(daily, world.condition().id, BOTH)
    place_set.remove(daily, wren.id, world.condition().id)
    assert DECADES not in world.agreed(wren, "dystonia")
    world.place(wren, "map")
    assert my_decades(world.session, wren.id, world.condition().id) == NONE_GIVEN
