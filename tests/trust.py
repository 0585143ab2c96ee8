"""What tests of consents, hiding, leaving and caring for others share."""

import json
import uuid
from dataclasses import dataclass, replace
from datetime import date

import pytest
from sqlalchemy import Column, select, update
from sqlalchemy.orm import Session

from mapapp.actions.account import cared_for_place, sign_in_link
from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.account.waiting_place import Afterwards
from mapapp.actions.contact.conversation_list import begin, sides
from mapapp.actions.core.context import Context
from mapapp.actions.knowledge.question_list import take_from_set
from mapapp.actions.mail import consent_receipts, outbox
from mapapp.actions.mail.consent_receipts import Receipt
from mapapp.actions.mail.mail_text import MailText
from mapapp.actions.mail.member_addresses import keys_of
from mapapp.actions.members import place_set as placing
from mapapp.actions.members.place_set import Placement
from mapapp.actions.published.listings import People, listings
from mapapp.actions.safety.case_open import About, open_case
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.locate import latlng_to_zone
from mapapp.domain.mail.consent_wordings import MAIL, PURPOSES, Wording
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.contact import Block, ContactRequest, ContactWish, Message
from mapapp.store.mail import OpenQuestion
from mapapp.store.members import AdviserOffer, ImportedRow, Member, MemberImport, Membership
from mapapp.store.moderation import Report, Ruling
from mapapp.store.posts import Post, PostVersion, PostVote
from mapapp.store.questions import Question
from mapapp.store.records import ReleaseShare
from mapapp.store.sign_in import AddressChange, Passkey, WebSession
from mapapp.store.tables import Base
from mapapp.store.treatments import TreatmentUse
from tests import factories
from tests.alerts import wait_for_people
from tests.mail import waiting_mail
from tests.on_maps import Maps
from tests.published import numbers_of_areas, wrong_numbers

AREAS = load_areas()
LEEDS, YORK = latlng_to_zone(53.8, -1.55), latlng_to_zone(53.96, -1.08)
NEW_WORDS = "Words that nobody has read before."


def reword(patch: pytest.MonkeyPatch, purpose: str, words: str = NEW_WORDS) -> None:
    """Give a purpose new words, as a new version of the program would."""
    old = PURPOSES[purpose]
    wordings = (*old.wordings, Wording(f"2099-{len(old.wordings):02d}", words))
    patch.setitem(PURPOSES, purpose, replace(old, wordings=wordings))


@dataclass
class World(Maps):
    """A site with people on its maps, and what they and others see."""

    session: Session
    settings: Settings

    @property
    def ctx(self) -> Context:
        """Where acts happen: on this site."""
        return Context(self.session, self.settings, AREAS)

    def member(self, **values: object) -> Member:
        """Return a new member, on no map."""
        return factories.make_member(self.session, **values)

    def place(
        self, who: Member, visibility: str, slug: str = "dystonia", area_id: int = LEEDS
    ) -> None:
        """Put a member on a map as they would themselves."""
        name = getattr(who, "pseudonym", "") or "Quiet Heron"
        wanted = Placement(area_id, AREAS.version, visibility, "self", name)
        condition_id = self.condition(slug).id
        placing.place(Context(self.session, self.settings, AREAS, who.id), condition_id, wanted)
        self.session.flush()
        who.pseudonym, who.public_id = name, self.on_map(who, slug).public_id

    def somebody(self, visibility: str = "members", **values: object) -> Member:
        """Return a new member who is on the map of dystonia."""
        made = self.member(**values)
        self.place(made, visibility)
        return made

    def child_of(self, carer: Member, adult_month: str = "2040-01") -> Member:
        """Return a child that ``carer`` placed."""
        ctx = Context(self.session, self.settings, AREAS)
        who = cared_for_place.NewPerson(self.condition().id, LEEDS, adult_month)
        public_id = cared_for_place.place_cared_for(ctx, carer.id, who, str(uuid.uuid4()))
        return self.session.scalars(select(Member).where(Member.account_id == public_id)).one()

    def erase(self, who: Member) -> None:
        """Erase a member, who may have been read before."""
        self.session.flush()
        erase_member(self.ctx, who.id)
        self.session.flush()
        self.session.expire_all()

    def seen(self, slug: str = "dystonia", *, signed_in: bool = True) -> set[str]:
        """Return the pseudonyms that a reader finds on a map."""
        return {
            p.pseudonym
            for p in listings(
                self.session, People(self.condition(slug).id, 0 if signed_in else None), 0
            ).items
        }

    def counts(self) -> dict[int, int]:
        """Return the live numbers of all maps by area, which must be true."""
        self.session.flush()
        assert wrong_numbers(self.session) == []
        return numbers_of_areas(self.session)

    def stands(self, who: Member) -> dict[str, tuple[str, str]]:
        """Return a member's memberships by slug: the visibility, and the one to go back to."""
        rows = self.session.execute(
            select(Condition.slug, Membership.visibility, Membership.chosen_visibility)
            .join(Condition, Condition.id == Membership.condition_id)
            .where(Membership.member_id == who.id)
            .execution_options(populate_existing=True)
        )
        return {slug: (visibility, before) for slug, visibility, before in rows}

    def memberships(self) -> list[Membership]:
        """Return the memberships of everybody on all maps."""
        return list(self.session.scalars(select(Membership)))

    def afresh(self) -> "World":
        """Return this world as pages have left it, whatever was read of it before."""
        self.session.rollback()
        return self

    def receipts(self, who: Member) -> list[Receipt]:
        """Return a member's receipts."""
        return consent_receipts.receipts(self.session, who.id)

    def agreed(self, who: Member, slug: str = "") -> set[str]:
        """Return the purposes that stand on one map, or for the account."""
        return {r.purpose for r in self.receipts(who) if r.stands and r.slug == slug}

    def agreed_anywhere(self, who: Member) -> set[str]:
        """Return the purposes that stand on any map, or for the account."""
        return {r.purpose for r in self.receipts(who) if r.stands}

    def standing(self, who: Member) -> tuple[dict[str, tuple[str, str]], list[Receipt]]:
        """Return a member's memberships and receipts."""
        return self.stands(who), self.receipts(who)

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
    """Give a member a row, with ``tag``, in every table that can have one."""
    session, settings = world.session, world.settings
    world.place(who, "public")
    world.place(who, "counted", "als")
    world.child_of(who, "2031-05")
    for state in ("open", "accepted", "declined", "withdrawn"):
        make_request(world, who, world.somebody(), state)
        make_request(world, world.somebody(), who, state)
    wait_for_people(session, who.id, world.condition("als").id, YORK)
    for purpose in (MAIL,):
        consent_receipts.take_back(session, who.id, purpose)
        consent_receipts.agree(session, who.id, purpose)
    outbox.queue(Context(session, settings), who.email, MailText("News", f"For {tag}.\n"))
    sign_in_link.request_link(Context(session, settings), who.email, Afterwards(f"/places?{tag}"))
    both = keys_of(settings).seal(json.dumps([who.email, f"new@{tag}.example"]))
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
            ReleaseShare(condition_id=1, member_id=who.id, year=2026, spent=750, epoch="2026-Q4"),
            OpenQuestion(member_id=who.id, kind="right", stage="asked", since=date(2026, 11, 2)),
            AddressChange(link_hash=tag, member_id=who.id, sealed=both, expires=2**31 - 1),
        )
    )
    factories.make_admin(session, who)
    dystonia = world.condition()
    tried = factories.make_treatment(session, dystonia, f"Tea of {tag}")
    session.add(TreatmentUse(treatment_id=tried.id, member_id=who.id, outcome="same"))
    factories.make_treatment(session, dystonia, f"Bath of {tag}", "asked", proposed_by=who.id)
    brought = MemberImport(condition_id=dystonia.id, name=tag, has_ids=False)
    session.add(brought)
    session.flush()
    session.add(ImportedRow(member_id=who.id, import_id=brought.id, key=tag, content=tag))
    _write_fully(world, who, world.somebody())
    _converse_fully(world, who, world.somebody())
    session.flush()


def _write_fully(world: World, who: Member, other: Member) -> None:
    """An answer by each, changed, with a vote by the other, and a question that waits."""
    session, condition_id = world.session, world.condition().id
    question_id = take_from_set(session, condition_id, "sleep")
    waits = {"slug": f"by-{who.id}", "title": "Does anybody else wake early?", "state": "asked"}
    session.add(Question(condition_id=condition_id, proposed_by=who.id, **waits))
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
    offer = {"words": "My own offer to help", "state": "offered"}
    session.add(AdviserOffer(condition_id=condition_id, member_id=who.id, **offer))
    for pair in ((who, other), (other, who)):
        session.add(Block(member_id=pair[0].id, blocked_id=pair[1].id, condition_id=condition_id))
        about = About("person", pair[1].public_id, pair[1].id, condition_id)
        case = open_case(session, about, "spam", {})
        session.add(Report(case_id=case.id, reporter_id=pair[0].id, category="spam", weighs=True))
        session.add(
            Ruling(
                case_id=case.id,
                member_id=pair[1].id,
                act="warn",
                reason="Please do not.",
                by=pair[0].account_id,
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
        expires=date(2027, 1, 21),
    )
    world.session.add(made)
    world.session.flush()
    return made
