"""What tests of consents, hiding, leaving and caring for others share."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from itertools import chain

import pytest
from sqlalchemy import Column, select, update
from sqlalchemy.orm import Session

from mapapp.actions import cared_for, consents, outbox, sign_in, tell
from mapapp.actions import place as placing
from mapapp.actions.cases import open_case
from mapapp.actions.consents import Receipt
from mapapp.actions.conversations import begin, sides
from mapapp.actions.find import listings
from mapapp.actions.letters import Letter
from mapapp.actions.place import Placement
from mapapp.actions.questions import take_from_set
from mapapp.domain.areas import load_areas
from mapapp.domain.consents import MAIL, PURPOSES, Wording, words_version
from mapapp.domain.locate import latlng_to_zone
from mapapp.settings import Settings
from mapapp.store import live_counts
from mapapp.store.conditions import AreaCount, Condition
from mapapp.store.connections import Block, ContactRequest, ContactWish
from mapapp.store.conversations import Message
from mapapp.store.members import Member, Membership
from mapapp.store.moderation import Report, Ruling
from mapapp.store.posts import Post, PostVersion, PostVote
from mapapp.store.questions import Question
from mapapp.store.service import WebSession
from mapapp.store.tables import Base
from mapapp.store.treatments import TreatmentUse
from mapapp.store.trust import OpenQuestion, Passkey
from tests import factories
from tests.mail import waiting_mail

AREAS = load_areas()
LEEDS, YORK = latlng_to_zone(53.8, -1.55), latlng_to_zone(53.96, -1.08)
NEW_WORDS = "Words that nobody has read before."


def reword(patch: pytest.MonkeyPatch, purpose: str, words: str = NEW_WORDS) -> None:
    """Give a purpose new words, as a new version of the program would."""
    old = PURPOSES[purpose]
    wordings = (*old.wordings, Wording(f"2099-{len(old.wordings):02d}", words))
    patch.setitem(PURPOSES, purpose, replace(old, wordings=wordings))


@dataclass
class World:
    """A site with people on its maps, and what they and others see."""

    session: Session
    settings: Settings

    def condition(self, slug: str = "dystonia") -> Condition:
        """Return the condition ``slug``."""
        return factories.make_condition(self.session, slug)

    def member(self, **values: object) -> Member:
        """Return a new member, on no map."""
        return factories.make_member(self.session, **values)

    def place(
        self, who: Member, visibility: str, slug: str = "dystonia", area_id: int = LEEDS
    ) -> None:
        """Put somebody on a map as they would do it themself."""
        wanted = Placement(area_id, AREAS.version, visibility, "self")
        condition_id = self.condition(slug).id
        placing.place(self.session, self.settings, AREAS, who.id, condition_id, wanted)
        self.session.flush()

    def somebody(self, visibility: str = "members", **values: object) -> Member:
        """Return a new member who is on the map of dystonia."""
        made = self.member(**values)
        self.place(made, visibility)
        return made

    def child_of(self, carer: Member, adult_month: str = "2040-01") -> Member:
        """Return a child whom ``carer`` placed."""
        condition_id = self.condition().id
        who = (carer.id, condition_id, LEEDS, adult_month)
        public_id = cared_for.place_cared_for(self.session, self.settings, AREAS, *who)
        return self.session.scalars(select(Member).where(Member.public_id == public_id)).one()

    def seen(self, slug: str = "dystonia", *, signed_in: bool = True) -> set[str]:
        """Return the pseudonyms that a reader finds on a map."""
        return {
            p.pseudonym
            for p in listings(
                self.session, self.condition(slug).id, 0, 0 if signed_in else None
            ).items
        }

    def counts(self) -> dict[int, int]:
        """Return the live numbers of all maps by area, which must be true."""
        self.session.flush()
        assert live_counts.differences(self.session) == []
        numbers: Counter[int] = Counter()
        for area_id, n in self.session.execute(select(AreaCount.area_id, AreaCount.n)):
            numbers[area_id] += n
        return dict(numbers)

    def stands(self, who: Member) -> dict[str, tuple[str, str]]:
        """Return a member's memberships by slug: the visibility, and the one to go back to."""
        rows = self.session.execute(
            select(Condition.slug, Membership.visibility, Membership.before)
            .join(Condition, Condition.id == Membership.condition_id)
            .where(Membership.member_id == who.id)
            .execution_options(populate_existing=True)
        )
        return {slug: (visibility, before) for slug, visibility, before in rows}

    def receipts(self, who: Member) -> list[Receipt]:
        """Return a member's receipts."""
        return consents.receipts(self.session, who.id)

    def agreed(self, who: Member, slug: str = "") -> set[str]:
        """Return the purposes that stand on one map, or for the account."""
        return {r.purpose for r in self.receipts(who) if r.stands and r.slug == slug}

    def hand_over(self, day: date) -> None:
        """Say of every question that its mail was handed over on ``day``; the queue stays."""
        self.session.flush()
        waiting = OpenQuestion.mail.is_not(None)
        self.session.execute(update(OpenQuestion).where(waiting).values(mail=None, since=day))
        self.session.expire_all()

    def mailed(self) -> list[str]:
        """Return the receivers of all mail that waits."""
        return [mail.to for mail in waiting_mail(self.session, self.settings)]


def member_columns() -> list[Column[int]]:
    """Return every column of every table that names a member."""
    keys = (column for table in Base.metadata.sorted_tables for column in table.columns)
    return [c for c in keys if any(k.references(Member.__table__) for k in c.foreign_keys)]


def live_fully(world: World, who: Member, tag: str) -> None:
    """Give somebody a row in every table in which a member can have one, each with ``tag``."""
    session, settings = world.session, world.settings
    world.place(who, "public")
    world.place(who, "counted", "als")
    world.child_of(who, "2031-05")
    for state in ("open", "accepted", "declined", "withdrawn"):
        make_request(world, who, world.somebody(), state)
        make_request(world, world.somebody(), who, state)
    tell.wish(session, AREAS, who.id, world.condition("als").id, YORK)
    for purpose in (MAIL,):
        consents.take_back(session, who.id, purpose)
        consents.agree(session, who.id, purpose)
    outbox.queue(session, settings, who.email, Letter("News", f"For {tag}.\n"))
    sign_in.ask(session, settings, who.email, f"/places?{tag}")
    session.add_all(
        (
            Passkey(
                member_id=who.id,
                credential=f"credential {tag}".encode(),
                public_key=f"key {tag}".encode(),
                name=f"Phone {tag}",
                month="2026-10",
            ),
            WebSession(
                key_hash=f"hash {tag}",
                member_id=who.id,
                device=f"Browser {tag}",
                month="2026-09",
                data=f"session {tag}".encode(),
                expires=2**31 - 1,
            ),
            OpenQuestion(member_id=who.id, kind="right", stage="asked", since=date(2026, 11, 2)),
        )
    )
    factories.make_admin(session, who)
    dystonia = world.condition()
    tried = factories.make_treatment(session, dystonia, f"Tea of {tag}")
    session.add(TreatmentUse(treatment_id=tried.id, member_id=who.id, outcome="same"))
    factories.make_treatment(session, dystonia, f"Bath of {tag}", "asked", asked_by=who.id)
    _write_fully(world, who, world.somebody())
    _converse_fully(world, who, world.somebody())
    session.flush()


def _write_fully(world: World, who: Member, other: Member) -> None:
    """An answer by each, changed, with a vote by the other, and a question that waits."""
    session, condition_id = world.session, world.condition().id
    question_id = take_from_set(session, condition_id, "sleep")
    waits = {"slug": f"by-{who.id}", "title": "Does anybody else wake early?", "state": "asked"}
    session.add(Question(condition_id=condition_id, asked_by=who.id, **waits))
    for writer, voter in ((who, other), (other, who)):
        post = Post(
            condition_id=condition_id,
            question_id=question_id,
            member_id=writer.id,
            text="I sleep in the afternoon.",
            role="self",
            named_to="members",
            state="sent",
            day=date(2026, 11, 2),
            helpful=1,
            votes=1,
        )
        session.add(post)
        session.flush()
        before = {"text": "I sleep at night.", "day": date(2026, 11, 1)}
        session.add(PostVersion(post_id=post.id, number=1, **before))
        session.add(PostVote(post_id=post.id, member_id=voter.id, helpful=True))
    session.flush()


def _converse_fully(world: World, who: Member, other: Member) -> None:
    """Conversations, wishes, blocks, reports and rulings, on every side of each."""
    session, condition_id = world.session, world.condition().id
    conversation = sides(
        session, who.id, begin(session, condition_id, who.id, other.id)
    ).conversation_id
    given = {
        "conversation_id": conversation,
        "day": date(2026, 11, 2),
        "state": "sent",
        "fingerprint": "",
    }
    session.add(Message(sender_id=who.id, text="My own words", **given))
    session.add(ContactWish(condition_id=condition_id, member_id=who.id, reasons="meet"))
    for pair in ((who, other), (other, who)):
        session.add(Block(member_id=pair[0].id, blocked_id=pair[1].id))
        case = open_case(session, "person", pair[1].public_id, pair[1].id, "spam", {})
        session.add(Report(case_id=case.id, reporter_id=pair[0].id, category="spam", weighs=True))
        session.add(
            Ruling(
                case_id=case.id,
                member_id=pair[1].id,
                act="warn",
                reason="Please do not.",
                by=pair[0].public_id,
                day=date(2026, 11, 2),
            )
        )


def make_request(world: World, asker: Member, asked: Member, state: str) -> ContactRequest:
    """Return a contact request between two people, in any state."""
    made = ContactRequest(
        condition_id=world.condition().id,
        from_member_id=asker.id,
        to_member_id=asked.id,
        reason="meet",
        state=state,
        month="2026-11",
        lapses=date(2027, 1, 21),
    )
    world.session.add(made)
    world.session.flush()
    return made


def place_form(**changes: object) -> dict[str, object]:
    """Return what the form for placing oneself sends."""
    return {
        "area_id": str(LEEDS),
        "area_version": AREAS.version,
        "precision": "zone",
        "visibility": "members",
        "role": "self",
        "pseudonym": "Quiet Heron",
        "languages": ["en"],
        "birth_decade": "",
        "diagnosis_decade": "",
        "words": words_version(),
        **changes,
    }


def care_form(**changes: object) -> dict[str, object]:
    """Return what the form for placing a child sends."""
    return {
        "area_id": str(LEEDS),
        "area_version": AREAS.version,
        "precision": "zone",
        "who": "child",
        "month": "05",
        "year": str(datetime.now(UTC).year + 8),
        "may": "y",
        "words": words_version(),
        **changes,
    }


@dataclass
class Form:
    """A form of a page, with what a browser would send as it stands."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(given.get("action", "")))
        elif tag == "select":
            self.select = given.get("name", "")
        elif tag == "input" and self.found and given.get("name"):
            self._input(given)
        elif tag == "option" and self.found and self.select:
            self._option(given)

    def _input(self, given: dict[str, str]) -> None:
        if given.get("type") not in {"radio", "checkbox"} or "checked" in given:
            self.found[-1].fields[given["name"]] = given.get("value", "y")

    def _option(self, given: dict[str, str]) -> None:
        known = self.select in self.found[-1].fields
        if "selected" in given or not known:
            self.found[-1].fields[self.select] = given.get("value", "")


def forms(page: str) -> list[Form]:
    """Return the forms of a page."""
    reader = _Forms()
    reader.feed(page)
    return reader.found


def form_to(page: str, action: str) -> Form:
    """Return the only form of a page that leads to ``action``, or the first of several."""
    found = [form for form in forms(page) if form.action == action]
    assert found, f"no form leads to {action}"
    return found[0]


def actions(page: str) -> list[str]:
    """Return where the forms of a page lead."""
    return list(chain.from_iterable([form.action] for form in forms(page)))
