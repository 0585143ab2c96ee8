"""A member with a unique value in every column that can be read."""

from datetime import date

import pytest
from sqlalchemy import update

from mapapp.actions.contact.block_member import block
from mapapp.actions.contact.conversation_list import begin, sides
from mapapp.actions.contact.wish_edit import keep_wishes
from mapapp.actions.core.context import Context
from mapapp.actions.mail.member_addresses import keys_of
from mapapp.actions.safety.case_open import About, open_case
from mapapp.domain.core.hidden_reasons import HiddenReason
from mapapp.domain.published.wishes import Wishes
from mapapp.store.contact import ConversationSide, Message
from mapapp.store.mail import Consent, OpenQuestion
from mapapp.store.members import SHOWN, AdviserOffer, Member, MemberStaffRole, PeopleAlert
from mapapp.store.moderation import Report, Ruling
from mapapp.store.posts import Post, PostVersion, PostVote
from mapapp.store.published import ListingRow
from mapapp.store.questions import Question
from mapapp.store.records import ReleaseShare
from mapapp.store.sign_in import AddressChange, Passkey, WebSession
from mapapp.store.treatments import TreatmentUse
from tests import factories
from tests.alerts import wait_for_people
from tests.trust import LEEDS, YORK, World, make_request, reword


def make_full_member(world: World, monkeypatch: pytest.MonkeyPatch) -> Member:
    """Return the member, Zebra Plover, and make the people beside them."""
    session = world.session
    wren = world.member(
        email="wren@example.org",
        pseudonym="Zebra Plover",
        totp_secret="sealed",
        confirmed="2025-01",
        paused=True,
        discreet=True,
        suspended=True,
        silenced_until=date(2024, 9, 10),
        suspended_until=date(2024, 9, 13),
        counted_as=7_777_777,
        languages=["eo"],
        staff=True,
    )
    session.execute(update(MemberStaffRole).values(mailed=False))
    reword(monkeypatch, "public")
    factories.make_membership(
        session,
        world.condition("gout"),
        YORK,
        member=wren,
        public_id="3f1c9a52-8a0e-4b57-9d55-0c6d1f2a7b11",
        pseudonym="Zebra Warbler",
        visibility="paused",
        chosen_visibility="counted",
        hidden_reasons=HiddenReason.BY_MEMBER | HiddenReason.PAUSED,
        role="researcher",
        area_version="older",
        birth_decade=1940,
        birth_shown=True,
        diagnosis_decade=1980,
        diagnosis_shown=True,
        month="2024-02",
    )
    _plant_card(world, wren)
    asker, asked = world.member(pseudonym="Asking Heron"), world.member(pseudonym="Asked Robin")
    for other in (asker, asked):
        factories.make_membership(session, world.condition("mumps"), 1, member=other)
    for pair in ((asker, wren), (wren, asked)):
        request = make_request(world, *pair, "accepted")
        request.condition_id = world.condition("mumps").id
        request.reason, request.month = "language", "2024-03"
        request.greeting = "no-rush"
    _plant_conversation(world, wren)
    _plant_cases(world, wren)
    _plant_treatments(world, wren)
    _plant_posts(world, wren)
    wait_for_people(session, wren.id, world.condition("ague").id, LEEDS)
    session.execute(update(PeopleAlert).values(news=SHOWN))
    session.add_all(
        (
            Consent(
                member_id=wren.id,
                condition_id=world.condition("gout").id,
                purpose="public",
                version="2099-01",
                given="2024-04",
                withdrawn="2024-05",
            ),
            AdviserOffer(
                member_id=wren.id,
                condition_id=world.condition("gout").id,
                words="I know the trains to the clinic.",
                state="ended",
                reason="There are no trains.",
            ),
            Passkey(
                member_id=wren.id,
                credential=b"credential",
                public_key=b"key",
                name="A silver telephone",
                month="2024-06",
            ),
            AddressChange(
                link_hash="hash",
                member_id=wren.id,
                sealed=keys_of(world.settings).seal('["wren@example.org", "thrush@example.org"]'),
                confirmed=True,
                expires=2**31 - 1,
            ),
            WebSession(
                key_hash="hash",
                member_id=wren.id,
                device="A browser of brass",
                month="2024-07",
                data=b"data",
                expires=2**31 - 1,
            ),
            OpenQuestion(
                member_id=wren.id,
                kind="right",
                stage="warned",
                since=date(2024, 8, 9),
                mail="a random name",
            ),
        )
    )
    session.flush()
    return wren


def _plant_conversation(world: World, wren: Member) -> None:
    swan, quail = world.member(pseudonym="Talking Swan"), world.member(pseudonym="Rude Quail")
    factories.make_membership(world.session, world.condition("ague"), 1, member=swan)
    conversation = begin(world.session, world.condition("ague").id, wren.id, swan.id)
    mine = sides(world.session, wren.id, conversation)
    conversation_id = mine.conversation_id
    world.session.add(
        Message(
            conversation_id=conversation_id,
            sender_id=wren.id,
            day=date(2024, 9, 10),
            text="What a fine morning.",
            state="held",
            fingerprint="hash",
        )
    )
    factories.make_membership(world.session, world.condition("ague"), 1, member=quail)
    block(world.session, wren.id, quail.id, world.condition("ague").id)
    mine = update(ConversationSide).where(ConversationSide.member_id == wren.id)
    world.session.execute(mine.values(left_as="Sleepy Zebra"))
    everything = Wishes(("carers",), True, True, True, 4)
    ctx = Context(world.session, world.settings, reader_id=wren.id)
    keep_wishes(ctx, world.condition("gout").id, everything)


def _plant_cases(world: World, wren: Member) -> None:
    """A report by and a decision about them."""
    session, other = world.session, world.member(pseudonym="Asked Robin")
    reported = open_case(
        session, About("knock", "piece", other.id, None), "outing", {"secret": "of another"}
    )
    reported.state = "taken"
    session.add(
        Report(
            case_id=reported.id,
            reporter_id=wren.id,
            category="outing",
            weighs=True,
            words="They told my name.",
        )
    )
    piece = About("message", "piece", wren.id, world.condition("ague").id)
    about = open_case(session, piece, "cure", {"text": "snake oil"})
    about.state = "resolved"
    session.add(
        Ruling(
            case_id=about.id,
            member_id=wren.id,
            act="silence",
            reason="You sold snake oil.",
            until=date(2024, 9, 12),
            by=other.account_id,
            day=date(2024, 9, 11),
            read=True,
            appeal="It was only butter.",
            outcome="upheld",
            outcome_reason="Butter too.",
        )
    )
    session.flush()


def _plant_posts(world: World, wren: Member) -> None:
    """A story with an earlier version, a vote on another member's, and a pending question."""
    session, scurvy = world.session, world.condition("ague-of-sailors")
    robin = world.member(pseudonym="Asked Robin")
    asked = Question(condition_id=scurvy.id, slug="limes", title="Do limes help?", state="open")
    waits = Question(condition_id=scurvy.id, slug="o", title="Do oranges help as well?")
    waits.state, waits.proposed_by = "asked", wren.id
    session.add_all((asked, waits))
    session.flush()
    said = {"condition_id": scurvy.id, "question_id": asked.id, "day": date(2024, 10, 1)}
    mine = Post(
        member_id=wren.id,
        title="A long voyage",
        text="We ate limes every day.",
        role="parent",
        years=77,
        named_to="nobody",
        indexed=True,
        state="removed",
        hidden_reasons=HiddenReason.BY_MEMBER,
        speaks_of_cure=True,
        edited=date(2024, 10, 3),
        helpful=31,
        votes=43,
        **said,
    )
    theirs = Post(
        member_id=robin.id,
        text="I did not.",
        role="self",
        named_to="public",
        state="sent",
        **said,
    )
    session.add_all((mine, theirs))
    session.flush()
    before = {"title": "A voyage", "text": "We ate lemons every day.", "day": date(2024, 10, 2)}
    session.add(PostVersion(post_id=mine.id, number=1, **before))
    session.add(PostVote(post_id=theirs.id, member_id=wren.id, helpful=False))


def _plant_treatments(world: World, wren: Member) -> None:
    """One that they tried, one that they proposed, and a release that they were in."""
    session, gout = world.session, world.condition("gout")
    tried = factories.make_treatment(session, gout, "Tea of willow bark")
    said = {"outcome": "worse", "side_effects": True}
    session.add(TreatmentUse(treatment_id=tried.id, member_id=wren.id, **said))
    factories.make_treatment(session, gout, "Baths in moor water", "asked", proposed_by=wren.id)
    spent = {"year": 2031, "spent": 2250, "epoch": "2031-Q3"}
    session.add(ReleaseShare(condition_id=gout.id, member_id=wren.id, **spent))


def _plant_card(world: World, wren: Member) -> None:
    """What others read on one more map, other than what is true there and waits."""
    map_of_cramp, session = world.condition("cramp"), world.session
    values = {"role": "family", "pseudonym": "Brassy Wren", "visibility": "map"}
    values |= {"public_id": "5d1c9a52-8a0e-4b57-9d55-0c6d1f2a7b22"}
    placed = factories.make_membership(session, map_of_cramp, 1, member=wren, **values)
    mine = ListingRow.member_id == wren.id
    wishes = {"not_now": True, "carers_only": True, "same_language": True, "farthest": 5}
    said = {"languages": "vo", "reasons": "doctors", "adviser": True, **wishes}
    said |= {"birth_decade": 1950, "diagnosis_decade": 1960}
    session.execute(update(ListingRow).where(mine).values(**said))
    placed.due = 4_102_459_200  # 2100-01-01 04:00 UTC
    session.flush()
