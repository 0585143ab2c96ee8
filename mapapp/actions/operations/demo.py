"""Invented people in real towns, for trying out the site; always the same ones."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from mapapp.actions.knowledge.post_vote import leave_posts
from mapapp.actions.operations.demo_people import DEMO_PEOPLE, DemoMembership, DemoPerson, invent
from mapapp.actions.operations.demo_posts import make_demo_posts
from mapapp.actions.operations.demo_treatments import make_demo_treatments
from mapapp.actions.operations.site_setup import check_site
from mapapp.actions.published.card_rows import cards_held, withdraw_cards
from mapapp.actions.published.publishing import WITH_THE_NEXT, publish_at_once
from mapapp.actions.statistics.export_kept import forget_demo_exports
from mapapp.actions.statistics.release_make import forget_releases
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.conditions.catalogue import load_catalogue
from mapapp.domain.core.dates import this_month
from mapapp.domain.core.visibilities import is_listed
from mapapp.domain.published.listing_order import order_key
from mapapp.errors import N_, BadInputError
from mapapp.store import facts
from mapapp.store.bulk import insert_rows, reserve_ids
from mapapp.store.conditions import Condition
from mapapp.store.contact import ContactRequest
from mapapp.store.members import DEMO, Member, MemberLanguage, Membership, new_public_id
from mapapp.store.posts import Post
from mapapp.store.published import MonthEnd, SiteMonthEnd

MEMBERS_A_PART = 2_000  # people written at once
CONDITIONS = 40
FIRST_CONDITION = "dystonia"


def make_demo(
    session: Session, secret: str, advance: Callable[[int], None] = lambda done: None
) -> int:
    """Add the invented people and return how many; 0 when they are there already.

    Raises:
        BadInputError: when the site is not ready, or lacks a condition of the demo.
    """
    check_site(session)
    if facts.fact(session, facts.HAS_DEMO):
        return 0
    chosen = _chosen(session)
    conditions = [condition_id for condition_id, _weight in chosen]
    people = invent([weight for _condition_id, weight in chosen])
    for start in range(0, len(people), MEMBERS_A_PART):
        part = people[start : start + MEMBERS_A_PART]
        _insert(session, secret, conditions, part)
        advance(len(part))
    make_demo_posts(session)
    make_demo_treatments(session)
    facts.state(session, facts.HAS_DEMO, this_month())
    publish_at_once(session)
    return DEMO_PEOPLE


def remove_demo(session: Session) -> int:
    """Remove exactly the invented people and return how many there were.

    Exports in which they were counted go too: until the day ends others would be made from them.
    So do releases in which they took part, and what these cost stays spent; and the totals of
    months that ended while they were there.
    """
    demo = select(Member.id).where(Member.source == DEMO)
    gone = session.scalar(select(func.count()).select_from(demo.subquery())) or 0
    for member_id in session.scalars(select(Post.member_id).where(Post.member_id.in_(demo))).all():
        leave_posts(session, member_id)
    withdraw_cards(session, cards_held(session, Membership.member_id.in_(demo)))
    session.execute(delete(Membership).where(Membership.member_id.in_(demo)))
    session.execute(delete(MemberLanguage).where(MemberLanguage.member_id.in_(demo)))
    forget_releases(session, demo)
    asked = or_(ContactRequest.from_member_id.in_(demo), ContactRequest.to_member_id.in_(demo))
    session.execute(delete(ContactRequest).where(asked))
    # The rest goes with the member, by foreign keys.
    session.execute(delete(Member).where(Member.source == DEMO))
    forget_demo_exports(session)
    since = facts.fact(session, facts.HAS_DEMO)  # the month in which they came; "1" if unknown
    for ends in (MonthEnd, SiteMonthEnd):
        session.execute(delete(ends).where(ends.month >= (since if since > "1" else "")))
    facts.state(session, facts.HAS_DEMO, "")
    publish_at_once(session)
    return gone


def _chosen(session: Session) -> list[tuple[int, int]]:
    """Return (id, weight) of the demo's conditions, dystonia first."""
    starters = {s.condition.code: s for s in load_catalogue().starters}
    rows = session.execute(select(Condition.code, Condition.id).where(Condition.code.in_(starters)))
    ids = {code: condition_id for code, condition_id in rows}
    ordered = sorted(starters.values(), key=lambda s: s.condition.slug != FIRST_CONDITION)
    found = [(ids[s.condition.code], s.demo_weight) for s in ordered if s.condition.code in ids]
    if len(found) < CONDITIONS or ordered[0].condition.slug != FIRST_CONDITION:
        raise BadInputError(
            N_("Some of the demo’s conditions are missing. Bring them back with: mapapp init")
        )
    return found[:CONDITIONS]


def _insert(
    session: Session, secret: str, conditions: Sequence[int], people: Sequence[DemoPerson]
) -> None:
    ids = reserve_ids(session, Member, len(people))
    members = [_member(i, person) for i, person in zip(ids, people, strict=True)]
    version = load_areas().version
    memberships = [
        {
            **_membership(person, membership),
            "condition_id": conditions[membership.condition],
            "member_id": member_id,
            "area_version": version,
            "public_id": membership.public_id,
            "pseudonym": membership.pseudonym,
            "listing_order": order_key(
                secret, conditions[membership.condition], membership.public_id
            ),
        }
        for member_id, person in zip(ids, people, strict=True)
        for membership in person.memberships
    ]
    spoken = [
        {"member_id": member_id, "language": tag}
        for member_id, person in zip(ids, people, strict=True)
        for tag in person.languages
    ]
    insert_rows(session, Member, members)
    insert_rows(session, MemberLanguage, spoken)
    insert_rows(session, Membership, memberships)


def _member(member_id: int, person: DemoPerson) -> dict[str, Any]:
    return {
        "id": member_id,
        "account_id": person.account_id,
        "session_handle": new_public_id(),  # a secret of each site, so not invented with the rest
        "active": True,
        "source": DEMO,
    }


def _membership(person: DemoPerson, membership: DemoMembership) -> dict[str, Any]:
    return {
        "area_id": membership.area_id,
        "visibility": membership.visibility,
        "due": WITH_THE_NEXT if is_listed(membership.visibility) else None,
        "role": person.role,
        "month": membership.month,
    }
