"""What is counted under a release: whom, which cells, and how much of one person."""

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from mapapp.actions.mail import consent_receipts
from mapapp.actions.statistics.release_counts import Counting
from mapapp.actions.statistics.release_shares import Taking, charge
from mapapp.domain.mail.consent_wordings import DECADES, PURPOSES, TREATMENTS
from mapapp.domain.published.release_rules import (
    ALL_QUERIES,
    Attribute,
    Level,
    Query,
    epochs_of,
    last_month,
    query_of,
)
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.mail import Consent
from mapapp.store.members import Member, MemberLanguage, Membership
from mapapp.store.treatments import TreatmentUse
from tests import factories
from tests.places import zones_of
from tests.releases import LATER

LEEDS, PARIS = zones_of("GB-ENG")[0], zones_of("FR-IDF")[0]
QUARTER, YEAR = epochs_of(LATER)
Cells = dict[str, int]


@pytest.fixture
def dystonia(session: Session) -> Condition:
    return factories.make_condition(session, "dystonia")


def _said(
    session: Session, engine: Engine, settings: Settings, condition: Condition,
    attribute: Attribute, level: Level = Level.WORLD,
) -> Cells:  # fmt: skip
    """Return the cells with anybody in them, of those who take part now."""
    session.commit()
    epoch = QUARTER if attribute == Attribute.PEOPLE else YEAR
    charge(engine, settings, Taking(condition.id, epoch, last_month(LATER)))
    counting = Counting(session, condition.id, epoch, settings.secret)
    return {k: n for k, n in counting.count(query_of(attribute, level)).items() if n}


@pytest.mark.both
def test_hidden_people_are_counted_by_country_and_in_the_world(
    session: Session, engine: Engine, settings: Settings, dystonia: Condition
) -> None:
    for area, n in ((LEEDS, 4), (PARIS, 3), (0, 2)):
        factories.make_crowd(session, dystonia, area, n, "counted")
    factories.make_crowd(session, dystonia, LEEDS, 5, "public")
    here = (session, engine, settings, dystonia, Attribute.PEOPLE)
    assert _said(*here) == {"|": 9}
    assert _said(*here, Level.COUNTRY) == {"FR|": 3, "GB|": 4}


@pytest.mark.both
def test_treatments_are_counted_by_how_they_went_and_each_for_itself(
    session: Session, engine: Engine, settings: Settings, dystonia: Condition
) -> None:
    tea, rest = (factories.make_treatment(session, dystonia, name) for name in ("Tea", "Rest"))
    factories.make_uses(session, dystonia, tea, 4, "better")
    factories.make_uses(session, dystonia, tea, 3, "same", True, visibility="public")
    factories.make_uses(session, dystonia, rest, 2, "worse", True)
    for hidden in ("counted", "paused"):
        factories.make_uses(session, dystonia, tea, 6, "worse", True, visibility=hidden)
    asked = factories.make_treatment(session, dystonia, "Not read yet", state="asked")
    factories.make_uses(session, dystonia, asked, 5)
    here = (session, engine, settings, dystonia)
    assert _said(*here, Attribute.OUTCOME) == {
        f"|{tea.public_id}:better": 4,
        f"|{tea.public_id}:same": 3,
        f"|{rest.public_id}:worse": 2,
    }
    assert _said(*here, Attribute.EFFECTS) == {f"|{tea.public_id}": 3, f"|{rest.public_id}": 2}


def test_what_was_tried_for_another_condition_does_not_count(
    session: Session, engine: Engine, settings: Settings, dystonia: Condition
) -> None:
    als = factories.make_condition(session, "als")
    tea = factories.make_treatment(session, als, "Tea")
    for who in factories.make_uses(session, als, tea, 4):
        factories.make_membership(session, dystonia, LEEDS, member=who)
    assert _said(session, engine, settings, dystonia, Attribute.OUTCOME) == {}


@pytest.mark.both
def test_decades_are_counted_of_who_agreed_whoever_sees_them(
    session: Session, engine: Engine, settings: Settings, dystonia: Condition
) -> None:
    for born, diagnosed, agrees in (
        (1970, 2010, True),
        (1970, None, True),
        (None, 2010, True),
        (1980, 2000, False),
    ):
        given = {"birth_decade": born, "diagnosis_decade": diagnosed}
        who = factories.make_membership(session, dystonia, LEEDS, **given)
        if agrees:
            consent_receipts.agree(session, who.member_id, DECADES, dystonia.id)
    here = (session, engine, settings, dystonia)
    assert _said(*here, Attribute.BIRTH) == {"|1970": 2}
    assert _said(*here, Attribute.DIAGNOSIS) == {"|2010": 2}


def test_whoever_agreed_to_other_words_about_treatments_is_not_counted(
    session: Session, engine: Engine, settings: Settings, dystonia: Condition
) -> None:
    tea = factories.make_treatment(session, dystonia, "Tea")
    people = factories.make_uses(session, dystonia, tea, 4)
    older = PURPOSES[TREATMENTS].wordings[0].version
    first = (Consent.member_id == people[0].id, Consent.purpose == TREATMENTS)
    session.execute(update(Consent).where(*first).values(version=older))
    consent_receipts.take_back(session, people[1].id, TREATMENTS, dystonia.id)
    here = (session, engine, settings, dystonia)
    assert _said(*here, Attribute.OUTCOME) == {f"|{tea.public_id}:better": 2}


def test_more_than_counts_of_one_person_is_dropped_by_lot(
    session: Session, engine: Engine, settings: Settings, dystonia: Condition
) -> None:
    people = [row.member_id for row in factories.make_crowd(session, dystonia, LEEDS, 40)]
    session.add_all(
        MemberLanguage(member_id=i, language=tag) for i in people for tag in ("de", "fr", "it")
    )
    treatments = [factories.make_treatment(session, dystonia, f"Tea {n}") for n in range(8)]
    for i in people:
        consent_receipts.agree(session, i, TREATMENTS, dystonia.id)
    session.add_all(
        TreatmentUse(treatment_id=t.id, member_id=i, outcome="same", side_effects=True)
        for t in treatments
        for i in people
    )
    here = (session, engine, settings, dystonia)
    for attribute, bound, kinds in (
        (Attribute.LANGUAGE, 3, 4),
        (Attribute.OUTCOME, 5, 8),
        (Attribute.EFFECTS, 5, 8),
    ):
        found = _said(*here, attribute)
        assert sum(found.values()) == bound * len(people)
        assert len(found) == kinds
        assert max(found.values()) < len(people)
        assert _said(*here, attribute) == found


@pytest.mark.parametrize("query", ALL_QUERIES, ids=lambda query: query.key)
def test_which_cells_there_are_does_not_tell_who_is_there(
    session: Session, engine: Engine, settings: Settings, dystonia: Condition, query: Query
) -> None:
    factories.make_treatment(session, dystonia, "Tea")
    factories.make_crowd(session, dystonia, LEEDS, 3, "counted")
    factories.make_crowd(session, dystonia, PARIS, 3, "members")
    session.commit()
    epoch = QUARTER if query in QUARTER.queries else YEAR
    counting = Counting(session, dystonia.id, epoch, settings.secret)
    nobody = list(counting.count(query))
    charge(engine, settings, Taking(dystonia.id, epoch, last_month(LATER)))
    session.rollback()
    assert list(counting.count(query)) == nobody
    session.execute(delete(Member).where(Member.id.in_(select(Membership.member_id))))
    session.commit()
    assert list(counting.count(query)) == nobody
    in_countries = query.level == Level.COUNTRY
    # Of people who say something, no country has enough here; hidden ones have a cell in each.
    has_cells = not in_countries or query.attribute == Attribute.PEOPLE
    assert bool(nobody) == has_cells
