"""Coming and going cannot be timed: between two publications no public byte changes by what adds.

What takes away is at once, and changes no number until the next publication (privacy rule 4).
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from mapapp.actions.contact.wish_edit import keep_wishes
from mapapp.actions.core.context import Context
from mapapp.actions.members import place_set
from mapapp.actions.members.decade_choice import keep_decades
from mapapp.actions.members.place_set import Placement
from mapapp.actions.members.profile_edit import set_languages
from mapapp.actions.members.visibility_change import set_visibility
from mapapp.actions.published.publishing import publish
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.locate import latlng_to_zone
from mapapp.domain.published.publication_lots import due
from mapapp.domain.published.wishes import Wishes
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.limits import Quota
from mapapp.store.mail import Outbox
from mapapp.store.members import Member, Membership, new_public_id
from tests.advisers import confirm
from tests.decades import BOTH
from tests.privacy.test_twin_worlds_everywhere import PAGES as EVERYWHERE
from tests.searchable import make_post, make_question
from tests.web.published.test_twin_worlds import PAGES

AREAS = load_areas()
LEEDS, YORK = latlng_to_zone(53.8, -1.55), latlng_to_zone(53.96, -1.08)
NOON = 1_795_953_600  # 2026-11-29 12:00 UTC
FOUR, DAY = NOON + 16 * 3_600, 86_400


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def daily(settings: Settings) -> Settings:
    """The settings of a site that publishes once a day."""
    return settings.model_copy(update={"publish": "daily@04:00"})


@pytest.fixture
def condition(session: Session, make_condition: Any, make_membership: Any) -> Condition:
    made: Condition = make_condition("dystonia")
    for visibility in ("public", "members", "map"):
        make_membership(made, LEEDS, visibility=visibility)
    return made


@pytest.fixture
def acts(session: Session, daily: Settings, condition: Condition) -> Callable[..., Any]:
    """Give what a member does that others see more by."""

    def _acts(who: Member) -> dict[str, Callable[[], object]]:
        ctx = Context(session, daily, reader_id=who.id, now=NOON)
        # Staff answer only whom the map shows already.
        shown = select(Membership.member_id).where(Membership.visibility == "public").limit(1)
        shown_ctx = replace(ctx, reader_id=session.scalars(shown).one())

        def _place(area_id: int, visibility: str, role: str = "self") -> None:
            wanted = Placement(area_id, AREAS.version, visibility, role, "Quiet Heron")
            place_set.place(ctx, condition.id, wanted)

        return {
            "joins": lambda: _place(LEEDS, "map"),
            "shows themselves to members": lambda: _place(LEEDS, "members"),
            "shows themselves to everyone": lambda: set_visibility(
                ctx, who.id, condition.id, "public"
            ),
            "moves": lambda: _place(YORK, "public"),
            "says another role": lambda: _place(YORK, "public", "parent"),
            "speaks French": lambda: set_languages(ctx, ("fr",)),
            "is confirmed as an adviser": lambda: confirm(shown_ctx, condition.id),
            "shows decades": lambda: keep_decades(ctx, condition.id, BOTH),
            "has a wish": lambda: keep_wishes(ctx, condition.id, Wishes(carers_only=True)),
        }

    return _acts


def answers(client: FlaskClient) -> list[tuple[object, ...]]:
    got = [client.get(path) for path in (*PAGES, *EVERYWHERE)]
    return [(a.status_code, sorted(a.headers.items()), a.data) for a in got]


@pytest.mark.both
def test_what_adds_changes_no_public_byte(
    app: Flask,
    client: FlaskClient,
    session: Session,
    login: Callable[..., FlaskClient],
    acts: Callable[..., Any],
    condition: Condition,
    make_member: Any,
    make_membership: Any,
) -> None:
    who, reader, neighbour = make_member(), make_member(), make_member()
    make_membership(condition, YORK, member=neighbour, visibility="map")
    # Counted only until now, under the name that stands beside what they wrote.
    named = {"visibility": "counted", "pseudonym": "Quiet Heron"}
    make_membership(condition, LEEDS, member=who, **named)
    question_id = make_question(session, condition)
    for about in (question_id, None):
        make_post(session, condition, about, member=who, named_to="public", title="A story")
    session.commit()
    readers = [client, *(login(one, on=app.test_client()) for one in (reader, neighbour))]
    for one in readers:
        one.get("/places")  # the first page with a form is given the cookie of its token
    before = [answers(one) for one in readers]
    for name, act in acts(who).items():
        act()
        session.execute(delete(Quota))  # looking near is limited
        session.commit()
        for reads, one in zip(before, readers, strict=True):
            for path, was, now in zip((*PAGES, *EVERYWHERE), reads, answers(one), strict=True):
                assert now == was, (name, path)
        assert session.query(Outbox).count() == 0, name
    assert session.get_one(Membership, (condition.id, who.id)).due is not None


def test_it_comes_with_a_publication(
    client: FlaskClient,
    engine: Engine,
    session: Session,
    daily: Settings,
    acts: Callable[..., Any],
    condition: Condition,
    make_member: Any,
) -> None:
    who = make_member()
    for act in acts(who).values():
        act()
    session.commit()
    before = answers(client)
    for day in range(3):
        publish(engine, daily, FOUR + day * DAY)
    session.commit()
    assert answers(client) != before
    card = client.get(f"/conditions/dystonia/areas/{AREAS.code[YORK]}").text
    assert "Quiet Heron" in card


def test_the_day_of_a_publication_tells_the_day_of_joining_no_better_than_a_third() -> None:
    """Somebody who looks at all numbers every minute for a week learns the day of a publication.

    It follows from the day of an act and a lot alone, so all else that is seen is of no use.
    """
    days = range(7)
    seen: Counter[tuple[int, int]] = Counter()
    schedule_of = Settings(publish="daily@04:00").schedule
    for number in range(3_000):
        day = days[number % len(days)]
        moment = FOUR + day * DAY + 977 * number % DAY
        published = due(schedule_of, "a secret", new_public_id(), moment)
        seen[day, (published - FOUR) // DAY] += 1
    inside = range(3, 8)  # publications that all of their three days lead to
    right = sum(max(seen[day, shown] for day in days) for shown in inside)
    every = sum(n for (_day, shown), n in seen.items() if shown in inside)
    assert 1 / 3 <= right / every < 0.40
    waits = Counter(shown - day for (day, shown), n in seen.items() for _ in range(n))
    assert set(waits) == {1, 2, 3}
    assert max(waits.values()) < 1.25 * min(waits.values())


@pytest.mark.parametrize("secret", ["a secret", "another secret"])
def test_changing_again_draws_no_other_lot_before_a_publication(secret: str) -> None:
    schedule_of, who = Settings(publish="daily@04:00").schedule, new_public_id()
    moments = range(FOUR, FOUR + DAY, 3_600)
    assert len({due(schedule_of, secret, who, moment) for moment in moments}) == 1
