"""The invented people: the same each time, marked, and removed without a trace."""

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from mapapp.actions.core.audit import By
from mapapp.actions.operations import demo, demo_people
from mapapp.actions.operations.demo import make_demo, remove_demo
from mapapp.actions.operations.demo_people import COUNTED_FIRST, DEMO_PEOPLE, invent
from mapapp.actions.statistics.export_kept import ExportFile, stored_file
from mapapp.actions.statistics.export_make import export_numbers
from mapapp.actions.statistics.export_request import Request
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.core.choices import ROLES
from mapapp.domain.core.languages import MOST_LANGUAGES, language_codes
from mapapp.domain.core.visibilities import VISIBILITIES
from mapapp.domain.members.pseudonyms import clean_pseudonym
from mapapp.domain.statistics.codebook import DEMO_NOTE
from mapapp.errors import BadInputError, NotFoundError
from mapapp.store import facts
from mapapp.store.conditions import Condition
from mapapp.store.contact import ContactRequest
from mapapp.store.members import Member, Membership
from mapapp.store.treatments import Treatment, TreatmentUse
from tests.conftest import SECRET
from tests.places import zones_of
from tests.published import numbers_of_areas, wrong_numbers

WEIGHTS = [659, *range(900, 120, -20)]
FEWER = 2_000


@pytest.fixture
def fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Invent a tenth of the people, where what is asked does not depend on how many they are."""
    for module in (demo, demo_people):
        monkeypatch.setattr(module, "DEMO_PEOPLE", FEWER)


def test_the_demo_is_as_promised(session: Session) -> None:
    assert make_demo(session, SECRET) == DEMO_PEOPLE
    dystonia = session.scalars(select(Condition).where(Condition.slug == "dystonia")).one()
    assert dystonia.listed == 659
    of_dystonia = select(func.count()).where(Membership.condition_id == dystonia.id)
    assert session.scalar(of_dystonia) == 659 + COUNTED_FIRST
    with_people = select(func.count()).select_from(Condition).where(Condition.listed > 0)
    assert session.scalar(with_people) == 40
    invented = select(func.count()).where(Member.source == "demo")
    assert session.scalar(invented) == 20_000
    assert facts.fact(session, facts.HAS_DEMO)
    assert wrong_numbers(session) == []
    has_address = or_(Member.address_mark.is_not(None), Member.address_sealed.is_not(None))
    assert session.scalar(select(func.count()).where(has_address)) == 0


@pytest.mark.usefixtures("fewer")
def test_making_it_twice_adds_nobody(session: Session) -> None:
    make_demo(session, SECRET)
    assert make_demo(session, SECRET) == 0
    assert session.scalar(select(func.count()).select_from(Member)) == FEWER


@pytest.mark.both
@pytest.mark.usefixtures("fewer")
def test_removing_it_leaves_real_people_alone(
    session: Session,
    make_condition: Callable,
    make_member: Callable,
    make_membership: Callable,
) -> None:
    robin = make_member(pseudonym="Robin")
    dystonia = make_condition("dystonia")
    make_membership(dystonia, 5, member=robin)
    make_demo(session, SECRET)
    assert session.scalar(select(Condition.listed).where(Condition.id == dystonia.id)) == 660
    stranger = session.scalars(select(Member.id).where(Member.source == "demo").limit(1)).one()
    asked = {"condition_id": dystonia.id, "reason": "meet", "state": "open", "month": "2026-11"}
    asked["expires"] = date(2027, 1, 21)
    session.add(ContactRequest(from_member_id=robin.id, to_member_id=stranger, **asked))
    session.flush()

    assert remove_demo(session) == FEWER
    assert session.scalars(select(Membership.pseudonym)).all() == ["Robin"]
    assert session.scalars(select(Membership.member_id)).all() == [robin.id]
    assert list(numbers_of_areas(session).values()) == [1]
    assert session.scalars(select(ContactRequest.id)).all() == []
    assert wrong_numbers(session) == []
    assert not facts.fact(session, facts.HAS_DEMO)
    assert remove_demo(session) == 0


def _exported(session: Session, slug: str, level: str = "country") -> ExportFile:
    given = {"site": "Test", "today": date(2026, 11, 23)}
    return export_numbers(session, Request((slug,), level, "csv"), By("shell", "a test"), **given)


@pytest.mark.usefixtures("fewer")
def test_exports_with_invented_people_say_so_and_go_with_them(
    session: Session, make_condition: Callable, make_membership: Callable
) -> None:
    for slug in ("als", "dystonia"):
        for _ in range(9):
            make_membership(make_condition(slug), zones_of("DE")[0])
    real = _exported(session, "als")
    make_demo(session, SECRET)
    invented = _exported(session, "dystonia")
    assert f"## Read this first\n{DEMO_NOTE}\n" in invented.codebook
    # Numbers taken before the demo do not change, and nobody in them is invented.
    assert _exported(session, "als") == real
    assert DEMO_NOTE not in _exported(session, "als", "region").codebook

    remove_demo(session)
    with pytest.raises(NotFoundError):
        stored_file(session, invented.key)
    assert stored_file(session, real.key) == real
    after = _exported(session, "dystonia")
    assert DEMO_NOTE not in after.codebook
    assert after.content.decode().splitlines()[1].split(",")[-2:] == ["9", "0.0011"]


def test_invented_people_say_what_they_tried_and_take_it_along(session: Session) -> None:
    make_demo(session, SECRET)
    conditions = session.scalars(select(Treatment.condition_id).distinct()).all()
    assert len(conditions) == 13
    first = _uses(session)
    remove_demo(session)
    assert _uses(session) == []
    listed = session.scalar(select(func.count()).select_from(Treatment))
    make_demo(session, SECRET)
    assert _uses(session) == first
    assert session.scalar(select(func.count()).select_from(Treatment)) == listed


def _uses(session: Session) -> list[tuple[str, str, str, bool]]:
    use = TreatmentUse
    query = (
        select(Member.account_id, Treatment.name, use.outcome, use.side_effects)
        .join(use, use.member_id == Member.id)
        .join(Treatment, Treatment.id == use.treatment_id)
        .order_by(Member.account_id, Treatment.condition_id, Treatment.name)
    )
    return [tuple(row) for row in session.execute(query)]


@pytest.mark.both
def test_a_site_without_the_conditions_is_refused(session: Session) -> None:
    session.delete(session.scalars(select(Condition).where(Condition.slug == "als")).one())
    session.flush()
    with pytest.raises(BadInputError, match="mapapp init"):
        make_demo(session, SECRET)


def test_the_same_people_each_time_and_all_of_them_plausible() -> None:
    people = invent(WEIGHTS)
    assert people == invent(WEIGHTS)
    assert len({person.account_id for person in people}) == DEMO_PEOPLE
    places = [membership for person in people for membership in person.memberships]
    ids = {person.account_id for person in people} | {place.public_id for place in places}
    assert len(ids) == DEMO_PEOPLE + len(places)
    levels: Counter[int] = Counter()
    areas = load_areas()
    for person in people:
        names = [membership.pseudonym for membership in person.memberships]
        assert [clean_pseudonym(name, "Condition Map") for name in names] == names
        assert len(set(names)) == len(names)
        assert person.role in ROLES
        assert 1 <= len(person.languages) <= MOST_LANGUAGES
        assert language_codes().issuperset(person.languages)
        assert len({m.condition for m in person.memberships}) == len(person.memberships)
        for membership in person.memberships:
            assert membership.visibility in VISIBILITIES
            assert "2024-10" < membership.month <= "2026-10"
            levels[int(areas.level[membership.area_id])] += 1
    assert levels[0] == 0
    assert levels[3] > 0.8 * DEMO_PEOPLE
    assert min(levels[1], levels[2]) > 0.02 * DEMO_PEOPLE


def test_people_live_where_people_live() -> None:
    areas = load_areas()
    countries = Counter(
        str(areas.code[areas.ancestors(person.memberships[0].area_id)[0]])
        for person in invent(WEIGHTS)
    )
    assert len(countries) > 120
    assert {"CN", "IN"} <= {code for code, _n in countries.most_common(4)}
