"""Everything that is held about a member, for themself: one dictionary, shown and downloaded.

``docs/my-data.md`` describes the shape. ``HELD`` says for each column of each table that belongs to
a member where it stands there, or why it does not; a test walks over all tables.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.addresses import held_address
from mapapp.actions.block import my_blocks
from mapapp.actions.cared_for import my_cared_for
from mapapp.actions.consents import receipts
from mapapp.actions.contact_wishes import wishes_of
from mapapp.actions.inbox import all_requests
from mapapp.actions.my_cases import my_decisions, my_reports
from mapapp.actions.my_places import MyPlace, my_places
from mapapp.actions.my_posts import my_posts, my_questions, my_votes
from mapapp.actions.my_treatments import my_proposals, my_tried
from mapapp.actions.my_words import my_words
from mapapp.actions.tell import my_wishes
from mapapp.domain.areas import LEVELS, Areas
from mapapp.domain.aside import HIDDEN, MODERATED, RESTING, SILENT
from mapapp.domain.consents import PURPOSES
from mapapp.domain.contact_wishes import ANYTHING
from mapapp.domain.requests import ACCEPTED, DECLINED, LATER, OPEN, REFUSED, WITHDRAWN
from mapapp.errors import NotFoundError
from mapapp.settings import Settings
from mapapp.store.members import Member, MemberLanguage, MemberStaffRole, StaffRole
from mapapp.store.service import AuditEntry, WebSession
from mapapp.store.trust import OpenQuestion, Passkey

TOLD_SENDER = {LATER: OPEN, DECLINED: OPEN, REFUSED: WITHDRAWN}
TOLD_RECEIVER = {REFUSED: DECLINED}
"""States that a side of a request must not tell apart from others."""
NAMED = (OPEN, LATER, DECLINED, ACCEPTED)
"""States in which each side knows the other; afterwards somebody hid, or left."""
ASIDE = {HIDDEN: "hidden", RESTING: "paused", SILENT: "no answer", MODERATED: "moderators"}
FORMAT = "condition-map-my-data-1"


def my_data(session: Session, settings: Settings, areas: Areas, member_id: int) -> dict[str, Any]:
    """Return all that is held about a member, as plain values; months are ``YYYY-MM``."""
    return {
        "format": FORMAT,
        "account": _account(session, settings, member_id),
        "places": [_place(areas, p) for p in my_places(session, member_id)],
        "cared_for": [
            {
                "id": someone.public_id,
                "turns_18": someone.adult_month,
                "question_open": someone.asked,
                "question_since": someone.asked_since,
                "places": [_place(areas, p) for p in someone.places],
                "consents": _consents(session, someone.member_id),
            }
            for someone in my_cared_for(session, member_id)
        ],
        "consents": _consents(session, member_id),
        "contact_requests": _requests(session, member_id),
        "conversations": my_words(session, member_id),
        "posts": my_posts(session, member_id),
        "votes": my_votes(session, member_id),
        "questions_asked": my_questions(session, member_id),
        "treatments_tried": my_tried(session, member_id),
        "treatments_proposed": my_proposals(session, member_id),
        "contact_wishes": _contact_wishes(session, member_id),
        "blocked": [{"pseudonym": who.pseudonym} for who in my_blocks(session, member_id)],
        "reports": my_reports(session, member_id),
        "decisions": my_decisions(session, member_id),
        "waiting_for_news": _wishes(session, areas, member_id),
        "browsers": _rows(session, member_id, WebSession, "device", "month"),
        "passkeys": _rows(session, member_id, Passkey, "name", "month"),
        "open_questions": [
            {
                "kind": q.kind,
                "stage": q.stage,
                "since": q.since.isoformat(),
                "mail_waits": q.mail is not None,
            }
            for q in session.scalars(
                select(OpenQuestion).where(OpenQuestion.member_id == member_id)
            )
        ],
        "staff_acts": _staff_acts(session, member_id),
    }


def _account(session: Session, settings: Settings, member_id: int) -> dict[str, Any]:
    row = session.scalar(select(Member).where(Member.id == member_id))
    if row is None:
        raise NotFoundError("This account is gone.")
    spoken = select(MemberLanguage.language).where(MemberLanguage.member_id == member_id)
    roles = (
        select(StaffRole.name)
        .join(MemberStaffRole, MemberStaffRole.role_id == StaffRole.id)
        .where(MemberStaffRole.member_id == member_id)
    )
    return {
        "id": row.public_id,
        "email": held_address(session, settings, member_id) or "",
        "pseudonym": row.pseudonym,
        "languages": sorted(session.scalars(spoken)),
        "born_in_decade": row.birth_decade,
        "paused": row.paused,
        "suspended": row.suspended,
        "silenced_until": row.silenced_until.isoformat() if row.silenced_until else "",
        "last_said_to_be_right": row.confirmed,
        "authenticator_app": row.totp_secret is not None,
        "staff_roles": sorted(session.scalars(roles)),
    }


def _place(areas: Areas, place: MyPlace) -> dict[str, Any]:
    known = place.area_version == areas.version
    area = areas.get(place.area_id) if known else None
    return {
        "condition": place.condition,
        "condition_slug": place.slug,
        "area": place.area_id,
        "area_table": place.area_version,
        "area_level": LEVELS[area.level] if area else "",
        "area_code": area.code if area else "",
        "area_name": area.name if area else "",
        "visibility": place.visibility,
        "visibility_before_hiding": place.before,
        "set_aside": [ASIDE[reason] for reason in place.aside],
        "role": place.role,
        "diagnosed_in_decade": place.diagnosis_decade,
        "month": place.month,
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


def _wishes(session: Session, areas: Areas, member_id: int) -> list[dict[str, Any]]:
    return [
        {"condition": w.condition, "area": w.area_id, "area_name": areas.get(w.area_id).name}
        for w in my_wishes(session, areas, member_id)
    ]


def _rows(
    session: Session, member_id: int, table: type[Any], name: str, month: str
) -> list[dict[str, Any]]:
    columns = (getattr(table, name), getattr(table, month))
    rows = session.execute(select(*columns).where(table.member_id == member_id).order_by(*columns))
    return [{"device": row[0], "month": row[1]} for row in rows]


def _staff_acts(session: Session, member_id: int) -> list[dict[str, Any]]:
    me = select(Member.public_id).where(Member.id == member_id).scalar_subquery()
    rows = session.execute(
        select(AuditEntry.at, AuditEntry.action, AuditEntry.reason)
        .where(AuditEntry.actor == me)
        .order_by(AuditEntry.id)
    )
    return [{"at": f"{at:%Y-%m-%d %H:%M}", "act": act, "reason": why} for at, act, why in rows]
