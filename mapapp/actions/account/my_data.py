"""Everything held about a member, for the member: one dictionary, shown and downloaded.

``docs/my-data.md`` describes the shape. ``HELD`` says for each column of each table that belongs to
a member where it stands there, or why it does not; a test walks over all tables.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.account.address_change import my_changes
from mapapp.actions.account.cared_for_place import my_cared_for
from mapapp.actions.contact.block_member import my_blocks
from mapapp.actions.contact.conversation_export import my_words
from mapapp.actions.contact.request_inbox import all_requests
from mapapp.actions.contact.wish_edit import wishes_of
from mapapp.actions.core.context import Context
from mapapp.actions.knowledge.post_export import my_posts, my_questions, my_votes
from mapapp.actions.knowledge.treatment_use import my_proposals, my_tried
from mapapp.actions.mail.consent_receipts import receipts
from mapapp.actions.mail.member_addresses import held_address
from mapapp.actions.members.adviser_offer import my_offer
from mapapp.actions.members.my_places import MyPlace, my_places
from mapapp.actions.members.people_alerts import my_alerts
from mapapp.actions.moderation.case_export import my_decisions, my_reports
from mapapp.actions.published.card_lists import Listing, cards_of_member
from mapapp.actions.published.released import my_shares
from mapapp.domain.areas.area_tree import LEVELS, Areas
from mapapp.domain.core.hidden_reasons import HiddenReason
from mapapp.domain.core.visibilities import MAP, NOBODY
from mapapp.domain.mail.consent_wordings import PURPOSES
from mapapp.domain.members.request_states import ACCEPTED, DECLINED, LATER, OPEN, REFUSED, WITHDRAWN
from mapapp.domain.published.wishes import ANYTHING
from mapapp.errors import N_, NotFoundError
from mapapp.store.mail import OpenQuestion
from mapapp.store.members import Member, MemberLanguage, MemberStaffRole, StaffRole
from mapapp.store.records import AuditEntry
from mapapp.store.sign_in import Passkey, WebSession

TOLD_SENDER = {LATER: OPEN, DECLINED: OPEN, REFUSED: WITHDRAWN}
TOLD_RECEIVER = {REFUSED: DECLINED}
"""States that a side of a request must not tell apart from others."""
NAMED = (OPEN, LATER, DECLINED, ACCEPTED)
"""States in which each side knows the other; afterwards one of them hid or left."""
HIDDEN_REASONS = {
    HiddenReason.BY_MEMBER: "hidden",
    HiddenReason.PAUSED: "paused",
    HiddenReason.NO_ANSWER: "no answer",
    HiddenReason.BY_MODERATORS: "moderators",
}
FORMAT = "condition-map-my-data-1"


def my_data(ctx: Context, member_id: int) -> dict[str, Any]:
    """Return all that is held about a member, as plain values; months are ``YYYY-MM``."""
    return {
        "format": FORMAT,
        "account": _account(ctx, member_id),
        "places": _places(ctx, member_id, my_places(ctx.session, member_id)),
        "cared_for": [
            {
                "id": someone.public_id,
                "turns_18": someone.adult_month,
                "question_open": someone.asked,
                "question_since": someone.asked_since,
                "places": _places(ctx, someone.member_id, someone.places),
                "consents": _consents(ctx.session, someone.member_id),
                "estimates": my_shares(ctx.session, someone.member_id),
            }
            for someone in my_cared_for(ctx.session, member_id)
        ],
        "consents": _consents(ctx.session, member_id),
        "contact_requests": _requests(ctx.session, member_id),
        "conversations": my_words(ctx.session, member_id),
        "posts": my_posts(ctx.session, member_id),
        "votes": my_votes(ctx.session, member_id),
        "questions_asked": my_questions(ctx.session, member_id),
        "treatments_tried": my_tried(ctx.session, member_id),
        "treatments_proposed": my_proposals(ctx.session, member_id),
        "estimates": my_shares(ctx.session, member_id),
        "contact_wishes": _contact_wishes(ctx.session, member_id),
        "adviser_offers": _adviser_offers(ctx.session, member_id),
        "blocked": [
            {"pseudonym": who.pseudonym, "condition": who.condition}
            for who in my_blocks(ctx.session, member_id)
        ],
        "reports": my_reports(ctx.session, member_id),
        "decisions": my_decisions(ctx.session, member_id),
        "waiting_for_news": _alerts(ctx.session, ctx.areas, member_id),
        "browsers": _rows(ctx.session, member_id, WebSession, "device"),
        "passkeys": _rows(ctx.session, member_id, Passkey, "name"),
        "address_changes": my_changes(ctx, member_id),
        "open_questions": [
            {
                "kind": q.kind,
                "stage": q.stage,
                "since": q.since.isoformat(),
                "mail_waits": q.mail is not None,
            }
            for q in ctx.session.scalars(
                select(OpenQuestion).where(OpenQuestion.member_id == member_id)
            )
        ],
        "staff_acts": _staff_acts(ctx.session, member_id),
    }


def _account(ctx: Context, member_id: int) -> dict[str, Any]:
    row = ctx.session.scalar(select(Member).where(Member.id == member_id))
    if row is None:
        raise NotFoundError(N_("This account no longer exists."))
    spoken = select(MemberLanguage.language).where(MemberLanguage.member_id == member_id)
    asked = (
        select(StaffRole.name, MemberStaffRole.mailed)
        .join(MemberStaffRole, MemberStaffRole.role_id == StaffRole.id)
        .where(MemberStaffRole.member_id == member_id)
    )
    roles = ctx.session.execute(asked).all()
    return {
        "id": row.account_id,
        "email": held_address(ctx, member_id) or "",
        "name_among_staff": row.staff_name,
        "languages": sorted(ctx.session.scalars(spoken)),
        "paused": row.paused,
        "discreet_mode": row.discreet,
        "suspended": row.suspended,
        "suspended_until": row.suspended_until.isoformat() if row.suspended_until else "",
        "limits_of_an_earlier_account": row.counted_as is not None,
        "silenced_until": row.silenced_until.isoformat() if row.silenced_until else "",
        "last_said_to_be_right": row.confirmed,
        "authenticator_app": row.totp_secret is not None,
        "staff_roles": sorted(role.name for role in roles),
        "emails_about_cases": any(role.mailed for role in roles),
    }


def _places(ctx: Context, member_id: int, places: Iterable[MyPlace]) -> list[dict[str, Any]]:
    cards = cards_of_member(ctx.session, member_id)
    return [_place(ctx.areas, place, cards.get(place.condition_id)) for place in places]


def _place(areas: Areas, place: MyPlace, card: Listing | None) -> dict[str, Any]:
    known = place.area_version == areas.version
    area = areas.get(place.area_id) if known else None
    return {
        "condition": place.condition,
        "condition_slug": place.slug,
        "id": place.public_id,
        "pseudonym": place.pseudonym,
        "area": place.area_id,
        "area_table": place.area_version,
        "area_level": LEVELS[area.level] if area else "",
        "area_code": area.code if area else "",
        "area_name": area.name if area else "",
        "visibility": place.visibility,
        "visibility_before_hiding": place.chosen_visibility,
        "set_aside": [HIDDEN_REASONS[reason] for reason in place.hidden_reasons],
        "role": place.role,
        "born_in_decade": place.birth_decade,
        "birth_seen_by": MAP if place.birth_shown else NOBODY,
        "diagnosed_in_decade": place.diagnosis_decade,
        "diagnosis_seen_by": MAP if place.diagnosis_shown else NOBODY,
        "month": place.month,
        "others_see_from": f"{datetime.fromtimestamp(place.due, UTC):%Y-%m-%dT%H:%MZ}"
        if place.due is not None
        else "",
        "others_read": None if card is None else asdict(card),
    }


def _consents(session: Session, member_id: int) -> list[dict[str, Any]]:
    return [
        {
            "purpose": receipt.purpose,
            "condition": receipt.condition,
            "words": PURPOSES[receipt.purpose].at(receipt.version),
            "version": receipt.version,
            "given": receipt.given,
            "withdrawn": receipt.withdrawn,
        }
        for receipt in receipts(session, member_id)
    ]


def _requests(session: Session, member_id: int) -> list[dict[str, Any]]:
    """Every request, told as its side may know it: a silent no reads like no answer, here too."""
    return [
        {
            "from_me": from_me,
            "condition": request.condition,
            "with": request.pseudonym if request.state in NAMED else "",
            "reason": request.reason,
            "greeting": request.greeting,
            "state": (TOLD_SENDER if from_me else TOLD_RECEIVER).get(request.state, request.state),
            "month": request.month,
        }
        for from_me in (False, True)
        for request in all_requests(session, member_id, sent=from_me)
    ]


def _contact_wishes(session: Session, member_id: int) -> list[dict[str, Any]]:
    """What the member would like to be asked, for each map where it is not simply anything."""
    found = [
        (place.condition, wishes_of(session, member_id, place.condition_id))
        for place in my_places(session, member_id)
    ]
    return [
        {
            "condition": condition,
            "reasons": list(wishes.reasons),
            "not_now": wishes.not_now,
            "carers_only": wishes.carers_only,
            "same_language": wishes.same_language,
            "farthest": wishes.farthest,
        }
        for condition, wishes in found
        if wishes != ANYTHING
    ]


def _adviser_offers(session: Session, member_id: int) -> list[dict[str, Any]]:
    """What the member offered to newcomers on each map, and what the team answered."""
    found = [
        (place.condition, my_offer(session, member_id, place.condition_id))
        for place in my_places(session, member_id)
    ]
    return [{"condition": condition, **asdict(offer)} for condition, offer in found if offer]


def _alerts(session: Session, areas: Areas, member_id: int) -> list[dict[str, Any]]:
    return [
        {
            "condition": alert.condition,
            "kind": alert.kind,
            "area": alert.area_id,
            "area_name": areas.get(alert.area_id).name,
            "people": alert.people,
            "by_mail": alert.by_mail,
            "came_true": alert.came_true,
        }
        for alert in my_alerts(session, areas, member_id)
    ]


def _rows(session: Session, member_id: int, table: type[Any], name: str) -> list[dict[str, Any]]:
    columns = (getattr(table, name), table.month)
    rows = session.execute(select(*columns).where(table.member_id == member_id).order_by(*columns))
    return [{"device": row[0], "month": row[1]} for row in rows]


def _staff_acts(session: Session, member_id: int) -> list[dict[str, Any]]:
    me = select(Member.account_id).where(Member.id == member_id).scalar_subquery()
    rows = session.execute(
        select(AuditEntry.at, AuditEntry.action, AuditEntry.reason)
        .where(AuditEntry.actor == me)
        .order_by(AuditEntry.id)
    )
    return [{"at": f"{at:%Y-%m-%d %H:%M}", "act": act, "reason": why} for at, act, why in rows]
