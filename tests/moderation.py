"""What tests of reports, cases and decisions share."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mapapp.actions.contact import conversation_list
from mapapp.actions.core.context import Context
from mapapp.actions.moderation import case_decide, report_send
from mapapp.actions.moderation.case_decide import Decision
from mapapp.actions.safety.case_open import About, open_case
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.core.free_text import HELD, SENT
from mapapp.domain.safety.case_rules import HELD_CATEGORY as HELD_CATEGORY
from mapapp.domain.safety.case_rules import MESSAGE
from mapapp.settings import Settings
from mapapp.store.contact import ContactRequest, Conversation, Message
from mapapp.store.members import Member
from mapapp.store.moderation import Case, CaseNote, Report, Ruling
from tests.moments import midnight
from tests.trust import World

AREAS = load_areas()
DAY = date(2026, 11, 24)
REASON = "You asked people for money, which nobody may do here."
APPEAL = "I did not ask anybody for money at all."


@dataclass
class Site(World):
    """A site with people who report, and moderators."""

    session: Session
    settings: Settings

    def moderator(self, **values: object) -> Member:
        """Return a new moderator, on no map."""
        return self.member(staff="moderator", **values)

    def report(self, who: Member, whom: Member, category: str = "spam") -> None:
        """Report a person on the map of dystonia."""
        self.report_piece(who, "person", self.on_map(whom).public_id, category, "dystonia")

    def report_piece(
        self, who: Member, kind: str, piece: str, category: str = "spam", slug: str = ""
    ) -> None:
        """Report anything."""
        ctx = Context(self.session, self.settings, AREAS, who.id)
        report_send.report(ctx, kind, piece, report_send.Said(category), slug)
        self.session.flush()

    def say_more(self, who: Member, words: str) -> None:
        """Add a note to the newest case, and words to its reports, as an older site kept them."""
        case = self.case()
        self.session.add(CaseNote(case_id=case.id, by=who.account_id, day=DAY, text=words))
        self.session.execute(update(Report).where(Report.case_id == case.id).values(words=words))
        self.session.flush()

    def case(self) -> Case:
        """Return the newest case as it is in the database."""
        query = select(Case).order_by(Case.id.desc()).limit(1)
        return self.session.scalars(query.execution_options(populate_existing=True)).one()

    def take(self, who: Member, case: Case | None = None) -> None:
        """Take a case."""
        case_decide.take(self.session, who.id, (case or self.case()).public_id)

    def decide(
        self, who: Member, act: str, reason: str = REASON, days: int = 7, today: date | None = None
    ) -> None:
        """Decide the newest case, which ``who`` has taken."""
        when = {} if today is None else {"now": midnight(today)}
        ctx = Context(self.session, self.settings, AREAS, who.id, **when)
        case_decide.decide(ctx, self.case().public_id, Decision(act, reason, days))
        self.session.flush()

    def settle(self, who: Member, act: str, reason: str = REASON, days: int = 7) -> Case:
        """Take and decide the newest case."""
        self.take(who)
        self.decide(who, act, reason, days)
        return self.case()

    def ruling(self) -> Ruling:
        """Return the newest decision."""
        query = select(Ruling).order_by(Ruling.id.desc()).limit(1)
        return self.session.scalars(query.execution_options(populate_existing=True)).one()

    def conversation(self, one: Member, other: Member) -> int:
        """Begin a conversation; return the number of its row."""
        address = conversation_list.begin(self.session, self.condition().id, one.id, other.id)
        query = select(Conversation.id).where(Conversation.public_id == address)
        return self.session.scalars(query).one()

    def message(
        self, conversation_id: int, sender: Member, text: str, state: str = SENT
    ) -> Message:
        """Write a message, as it stands when it was sent or held."""
        made = Message(
            conversation_id=conversation_id,
            sender_id=sender.id,
            day=DAY,
            text=text,
            state=state,
            fingerprint="",
        )
        self.session.add(made)
        self.session.flush()
        return made

    def held(self, conversation_id: int, sender: Member, text: str) -> Message:
        """Write a message that waits for a moderator."""
        made = self.message(conversation_id, sender, text, HELD)
        evidence = {"text": text, "day": DAY.isoformat(), "held": ["money"]}
        about = About(MESSAGE, made.public_id, sender.id, self.condition().id)
        open_case(self.session, about, HELD_CATEGORY, evidence)
        return made

    def knock(self, asker: Member, asked: Member, state: str = "open") -> ContactRequest:
        """Return a request from one to the other."""
        made = ContactRequest(
            condition_id=self.condition().id,
            from_member_id=asker.id,
            to_member_id=asked.id,
            reason="meet",
            greeting="hello",
            state=state,
            month="2026-11",
            expires=DAY + timedelta(days=60),
        )
        self.session.add(made)
        self.session.flush()
        return made

    def now(self, who: Member) -> Member:
        """Return a member as they stand in the database."""
        return self.session.get_one(Member, who.id, populate_existing=True)
