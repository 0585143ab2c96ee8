"""A site where everything has happened once, and all that people wrote is in Cyrillic letters."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import String, cast, delete, literal, update
from sqlalchemy.orm import Session

from mapapp.actions.account.yearly_check import run_yearly_check
from mapapp.actions.core.audit import By
from mapapp.actions.core.context import Context
from mapapp.actions.moderation import appeal
from mapapp.actions.operations.webhook_acts import Wanted, add_webhook, send_test
from mapapp.domain.operations.webhook_rules import EVENT_WORDS
from mapapp.settings import Settings
from mapapp.store.conditions import Condition, ConditionName
from mapapp.store.contact import Conversation, ConversationSide, Message
from mapapp.store.members import AdviserOffer, Member, Membership
from mapapp.store.moderation import Ruling
from mapapp.store.posts import Post, PostVersion
from mapapp.store.published import ListingRow
from mapapp.store.questions import Question
from mapapp.store.records import Webhook
from mapapp.store.sign_in import Passkey, WebSession
from mapapp.store.treatments import Treatment
from tests.decades import BOTH, give
from tests.mail import links_in, waiting_mail
from tests.moments import midnight
from tests.posts import Board
from tests.trust import AREAS, LEEDS, live_fully

WORDS = "Слова, которые написал кто-то."
LINK = "https://192.0.2.7/адрес"  # a host without words
WRITTEN = (
    *(Condition.name, Condition.about, Ruling.reason),
    *(
        Membership.pseudonym,
        ListingRow.pseudonym,
        Member.staff_name,
        ConversationSide.left_as,
        Message.text,
        Passkey.name,
        Webhook.name,
        WebSession.device,
    ),
    *(AdviserOffer.words, AdviserOffer.reason),
    *(Post.title, Post.text, PostVersion.title, PostVersion.text, Question.title, Treatment.name),
)
"""What people write, or the site knows by name: data, which nobody translates."""


@dataclass
class Lived:
    """The people on the site, and URLs that no link leads to."""

    members: dict[str, Member]
    paths: tuple[str, ...]


def live(session: Session, settings: Settings) -> Lived:
    """Fill a site."""
    board = Board(session, settings)
    robin, wren = (board.somebody("public") for _name in ("robin", "wren"))
    mod, other = (board.moderator() for _name in ("mod", "other"))
    live_fully(board, robin, "x")
    _reports(board, robin, wren, mod, other)
    for who in (robin, wren):
        board.write(who, WORDS * 3)
        board.tell(who)
    told = board.post_of(wren)
    told.state = "sent"
    give(board, wren, BOTH)
    board.somebody(confirmed="2025-10")
    run_yearly_check(Context(session, settings, AREAS, now=midnight(date(2026, 11, 2))))
    _webhook(Context(session, settings), By(robin.account_id))
    _write_everything_anew(session)
    linked = _message_with_link(board, robin, wren)
    mails = {link for mail in waiting_mail(session, settings) for link in links_in(mail)}
    session.commit()
    paths = (
        *sorted(mails),
        linked,
        f"/conditions/dystonia/stories/{told.public_id}",
        "/conditions/dystonia/areas/GB/people.json",
        "/conditions/dystonia/questions/treatments/answers?order=newest",
        f"/conditions/dystonia/nearby?area={LEEDS}",
        "/conditions/dystonia/nearby?language=en&role=self",
        "/conditions/dystonia/nearby/ask",
        f"/report/person/{wren.public_id}/thanks?condition=dystonia",
        *(f"/moderation/content{rest}" for rest in ("", "/dystonia", "/dystonia/treatments")),
        "/moderation/content/dystonia/treatments/versions",
        f"/api/v1/areas/{LEEDS}/preview",
        "/api/v1/towns?q=ж",
        "/api/v1/conditions?q=ж",
        *("/account/second-step", "/sign-in/code", "/erased", "/sitemap.xml", "/robots.txt"),
    )
    return Lived({"robin": robin, "wren": wren, "mod": mod}, paths)


def _reports(board: Board, robin: Member, wren: Member, mod: Member, other: Member) -> None:
    """Report a person and messages, decide, and appeal."""
    for category in ("spam", "money", "outing"):
        board.report(wren, robin, category)
        board.settle(mod, "warn", WORDS)
        appeal.make_appeal(board.session, robin.id, board.ruling().public_id, WORDS)
    conversation = board.conversation(robin, wren)
    board.held(conversation, wren, WORDS)
    board.take(other)
    board.report_piece(robin, "message", board.message(conversation, wren, WORDS).public_id)


def _webhook(ctx: Context, by: By) -> None:
    hook, _ = add_webhook(ctx, by, Wanted(WORDS, "https://8.8.8.8/", tuple(EVENT_WORDS)))
    send_test(ctx, by, hook.public_id)


def _message_with_link(board: Board, robin: Member, wren: Member) -> str:
    row = board.session.get_one(Conversation, board.conversation(robin, wren))
    message = board.message(row.id, wren, f"{WORDS} {LINK}")
    return f"/conversations/{row.public_id}/messages/{message.public_id}/links/0"


def _write_everything_anew(session: Session) -> None:
    session.flush()
    session.execute(delete(ConditionName))
    # By its code a condition's names and description would be found in the catalogue.
    session.execute(update(Condition).values(code="LOCAL:" + cast(Condition.id, String)))
    for column in WRITTEN:
        number = getattr(column.class_, "id", literal(1))
        words = "Слово " + cast(number, String)
        session.execute(update(column.class_).where(column != "").values({column.key: words}))
