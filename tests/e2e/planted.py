"""A site whose every text is one that would run if it could, or is the harmless twin of one.

The site's own acts take the texts where they accept them. What they refuse is put straight into
the database: a value that an older version stored must not hurt either.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import cycle
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from mapapp.actions.conditions import condition_list
from mapapp.actions.contact import message_hold, message_send
from mapapp.actions.contact.conversation_list import begin, sides
from mapapp.actions.core import audit
from mapapp.actions.core.context import Context
from mapapp.actions.mail import outbox
from mapapp.actions.mail.mail_text import MailText
from mapapp.actions.moderation import appeal
from mapapp.actions.operations import staff_acts
from mapapp.actions.operations.staff_acts import ConditionText, add_condition
from mapapp.actions.safety.case_open import About, open_case
from mapapp.domain.core.dates import this_day
from mapapp.domain.members.pseudonyms import clean_pseudonym
from mapapp.domain.safety.case_rules import UPHELD, checked_words
from mapapp.errors import BadInputError
from mapapp.settings import Settings
from mapapp.store.conditions import Condition, ConditionName
from mapapp.store.contact import Block, ContactRequest, Conversation, ConversationSide, Message
from mapapp.store.limits import Quota
from mapapp.store.mail import Outbox
from mapapp.store.members import Member
from mapapp.store.records import Export
from mapapp.store.sign_in import Passkey, WebSession
from tests import advisers, contact_requests, factories
from tests.e2e.planted_posts import WORD, Say, plant_posts, unheaped
from tests.injections import EVERYTHING, PAYLOADS, packed
from tests.moderation import AREAS, Site
from tests.trust import LEEDS

FORMULAS = (
    "=1+1|cmd '/C calc'!A0",
    "+7*1910191 a",
    "@SUM(1+1)",
    "\uff1d7*1910191 a",
    "-7*1910191 a",
)
NAMES = (*packed(PAYLOADS, 180), *FORMULAS)


@dataclass
class Planted:
    """Where things stand in a site, and what was kept of each text."""

    slugs: list[str] = field(default_factory=list)
    kept: dict[str, list[str]] = field(default_factory=dict)
    conversation: str = ""
    long_message: str = ""
    person: str = ""
    story: str = ""
    cases: dict[str, str] = field(default_factory=dict)
    members: dict[str, tuple[int, str]] = field(default_factory=dict)


def plant(session: Session, settings: Settings, say: Say) -> Planted:
    """Fill a site; ``say`` returns each text to plant."""
    site = Site(session, settings)
    found = Planted()
    with pytest.MonkeyPatch.context() as patch:
        # It would sort texts by their words.
        patch.setattr(message_hold, "why_held", lambda *_given: ())
        conditions = _conditions(session, say, found)
        staff = {
            name: site.member(staff=role, pseudonym=say(f"</bdi>{name}<img src=x onerror=ran()>"))
            for name, role in (("boss", "moderator"), ("other", "moderator"), ("chief", "admin"))
        }
        robin, wren, away = (
            site.member(pseudonym=say(f'{name}"><svg onload=ran()>'))
            for name in ("robin", "wren", "away")
        )
        with factories.published_together(session):
            for one in conditions:
                factories.make_membership(session, one, LEEDS, member=robin, visibility="public")
        factories.make_membership(session, conditions[0], LEEDS, member=wren)
        found.person = contact_requests.id_on(session, robin, found.slugs[0])
        people = _people(session, conditions[0], say, found)
        _conversation(site, conditions[0], (robin, wren), say, found)
        _beside(site, conditions[0], (robin, wren, away), people)
        _reports(site, staff, (robin, wren), people, say, found)
        found.kept["devices"] = [say(payload)[:60] for payload in PAYLOADS]
        _keys(session, robin, found.kept["devices"])
        _papers(session, settings, staff["chief"], say, found)
        found.cases["offer"] = advisers.plant_offer(session, robin, conditions[0], say(EVERYTHING))
        found.story, more = plant_posts(session, conditions[0], robin, say)
        found.kept.update(more)
    everybody = {**staff, "robin": robin, "wren": wren, "away": away}
    found.members = {name: (who.id, who.session_handle) for name, who in everybody.items()}
    found.kept["staff"] = [who.pseudonym for who in staff.values()]
    found.kept["robin"], found.kept["wren"] = [robin.pseudonym], [wren.pseudonym]
    return found


def _conditions(session: Session, say: Say, found: Planted) -> list[Condition]:
    abouts, names = cycle(packed(PAYLOADS, 1900)), cycle(PAYLOADS)
    for number, name in enumerate(NAMES):
        more = tuple(unheaped(f"{say(next(names))} {n}") for n in range(20))
        text = ConditionText(unheaped(f"{say(name)} {number}"), say(next(abouts)), more)
        found.slugs.append(add_condition(session, audit.SHELL, text, "planted"))
    rows = session.scalars(select(Condition).order_by(Condition.id.desc()).limit(len(NAMES)))
    made = list(reversed(rows.all()))
    made[0].about = say(EVERYTHING)
    session.add_all(
        ConditionName(condition_id=made[0].id, name=f"{say(payload)} {n}")
        for n, payload in enumerate(PAYLOADS, 100)
    )
    session.flush()
    session.expire_all()
    found.kept["conditions"] = [one.name for one in made]
    found.kept["abouts"] = [one.about for one in made]
    mine = ConditionName.condition_id == made[0].id
    found.kept["names"] = list(session.scalars(select(ConditionName.name).where(mine)))
    return made


def _pseudonym(text: str) -> str:
    try:
        return clean_pseudonym(text, "Condition Map")
    except BadInputError:
        return text


def _people(session: Session, condition: Condition, say: Say, found: Planted) -> list[Member]:
    names = [_pseudonym(say(payload[:40])) for payload in PAYLOADS]
    made = [factories.make_member(session, pseudonym=name, email=None) for name in names]
    with factories.published_together(session):
        for who in made:
            factories.make_membership(session, condition, LEEDS, member=who, visibility="public")
    found.kept["people"] = names
    return made


def _conversation(
    site: Site, condition: Condition, who: tuple[Member, Member], say: Say, found: Planted
) -> None:
    """Say everything, each text by itself, then all of it at once."""
    session = site.session
    found.conversation = begin(session, condition.id, who[0].id, who[1].id)
    for payload, writer in zip(PAYLOADS, cycle(who), strict=False):
        session.execute(delete(Quota))  # nobody may say so much in so short a time
        ctx = Context(session, site.settings, reader_id=writer.id)
        text = f"{say(payload)}\n\n{WORD}"
        message_send.send_message(ctx, found.conversation, text, str(uuid4()))
    both = sides(session, who[0].id, found.conversation)
    for writer in who:
        last = site.message(both.conversation_id, writer, say(EVERYTHING))
        found.long_message = last.public_id if writer is who[0] else found.long_message
    query = select(Message.text).where(Message.conversation_id == both.conversation_id)
    found.kept["messages"] = list(session.scalars(query))


def _beside(
    site: Site, condition: Condition, who: tuple[Member, Member, Member], people: list[Member]
) -> None:
    """Let everyone talk with Wren and send her a request, and one member block everyone."""
    session, (_robin, wren, away) = site.session, who
    states = cycle(("open", "open", "later"))
    conversations = [Conversation(condition_id=condition.id) for _person in people]
    session.add_all(conversations)
    session.flush()
    for person, conversation in zip(people, conversations, strict=True):
        for one in (person, wren):
            session.add(ConversationSide(conversation_id=conversation.id, member_id=one.id))
        _knock(session, condition, person, wren, next(states))
        pair = {"member_id": away.id, "blocked_id": person.id, "condition_id": condition.id}
        session.add(Block(pseudonym=person.pseudonym, **pair))
    for person in people[:40]:
        _knock(session, condition, wren, person, "open")
    session.flush()


def _knock(session: Session, condition: Condition, one: Member, other: Member, state: str) -> None:
    expires = date(datetime.now(UTC).year + 1, 1, 1)
    given = {"reason": "meet", "greeting": "hello", "state": state, "month": "2026-11"}
    session.add(
        ContactRequest(
            condition_id=condition.id,
            from_member_id=one.id,
            to_member_id=other.id,
            expires=expires,
            **given,
        )
    )


def _reports(
    site: Site,
    staff: dict[str, Member],
    who: tuple[Member, Member],
    people: list[Member],
    say: Say,
    found: Planted,
) -> None:
    """Report a person and a message, decide, appeal and decide again, in these words."""
    session, (robin, wren), slug = site.session, who, found.slugs[0]
    texts = [say(text) for text in packed(PAYLOADS, 1900)]
    for text in texts:
        site.report_piece(wren, "person", found.person, "spam", slug)
        found.cases["decided"] = site.settle(staff["boss"], "warn", text).public_id
        appeal.make_appeal(session, robin.id, site.ruling().public_id, text)
        if text is not texts[-1]:
            ctx = Context(session, site.settings, AREAS, staff["other"].id)
            appeal.close(ctx, site.case().public_id, UPHELD, text)
            found.cases["closed"] = site.case().public_id
    found.cases["appealed"] = site.case().public_id
    site.report_piece(wren, "message", found.long_message, "cure")
    site.take(staff["boss"])
    site.say_more(staff["boss"], say(EVERYTHING))
    found.cases["message"] = site.case().public_id
    evidence = {key: say(EVERYTHING) for key in ("pseudonym", "condition", "area", "role", "text")}
    more = {"reason": say("<b>"), "greeting": say("{{7*1910191}}")}
    _open(site, robin, slug, {**evidence, **more})
    site.take(staff["boss"])
    found.cases["person"] = site.case().public_id
    for person in people:
        _open(site, person, slug, {})
    kept = [checked_words(text) for text in texts]
    found.kept["reasons"], found.kept["last reason"] = kept, kept[-1:]
    found.kept["everything"] = [say(EVERYTHING)]


def _open(site: Site, who: Member, slug: str, evidence: dict[str, str]) -> None:
    about = About("person", site.on_map(who, slug).public_id, who.id, site.condition(slug).id)
    open_case(site.session, about, "other", evidence)


def _keys(session: Session, who: Member, names: list[str]) -> None:
    """Give a member browsers and passkeys with such names."""
    for number, name in enumerate(names):
        mark = f"planted {number}"
        common = {"member_id": who.id, "month": "2026-10"}
        session.add(WebSession(key_hash=mark, device=name, data=b"{}", expires=2**31 - 1, **common))
        key = {"credential": mark.encode(), "public_key": b"key"}
        session.add(Passkey(name=name, **key, **common))
    session.flush()


def _papers(session: Session, settings: Settings, chief: Member, say: Say, found: Planted) -> None:
    """Write such reasons into the log, give mails up, and keep a file with such a name."""
    reasons = [say(text) for text in packed(PAYLOADS, 290)]
    for reason in reasons:
        name = say(PAYLOADS[0])
        audit.record(session, chief.account_id, "condition-edit", reason, condition="a", name=name)
    texts = [say(text) for text in packed(PAYLOADS, 190)]
    for text in texts:
        outbox.queue(Context(session, settings), "nobody@example.org", MailText(text, "Words.\n"))
        newest = select(Outbox.id).order_by(Outbox.id.desc()).limit(1).scalar_subquery()
        dead = update(Outbox).where(Outbox.id == newest)
        session.execute(dead.values(due=outbox.NEVER, attempts=9, error=text))
    session.add(
        Export(
            key="planted",
            day=this_day().isoformat(),
            filename=" ".join(texts[3].split()),
            mimetype="text/csv",
            content=b"",
            codebook=say(EVERYTHING),
        )
    )
    found.kept["log"], found.kept["mail"] = reasons, texts
    found.kept["file"] = [" ".join(texts[3].split()), say(EVERYTHING)]


def more_on_a_page(patch: pytest.MonkeyPatch) -> None:
    """Make pages of lists so long that everything is on one page."""
    for name in (
        "conditions.condition_list.CONDITIONS_A_PAGE",
        "contact.message_send.MESSAGES_A_PAGE",
        "contact.message_search.MOST_MESSAGES_FOUND",
        "knowledge.post_list.ANSWERS_A_PAGE",
        "knowledge.post_list.STORIES_A_PAGE",
        "knowledge.question_search.MOST_QUESTIONS_FOUND",
        "members.nearby_search.PEOPLE_A_PAGE",
        "moderation.case_queue.CASES_A_PAGE",
        "operations.staff_acts.EDITED_A_PAGE",
        "published.listings.PEOPLE_A_PAGE",
    ):
        patch.setattr(f"mapapp.actions.{name}", 1000)
    for module, order in (
        (condition_list, "BY_NAME"),
        (message_send, "NEWEST_FIRST"),
        (staff_acts, "MOST_LISTED"),
    ):
        patch.setattr(module, order, replace(getattr(module, order), size=1000))
    patch.setattr("mapapp.web.knowledge.condition_views.MOST_NEW", 1000)
    # Readers would see no more names after 100 people in a day.
    patch.setattr("mapapp.domain.safety.reading_limits.MOST_PEOPLE", 100_000)
