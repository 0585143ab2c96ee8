"""Attacks on mail, by somebody who sees the lock screen of a member's phone.

They see the sender, the subject and the first 200 characters of each mail; have accounts of their
own on the same maps, so they know what the same mail looks like there; and know which two
conditions, and which two pseudonyms, it can be about.
"""

import random
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from unittest.mock import patch

from mapapp.actions.account import sign_in_link
from mapapp.actions.account.waiting_place import Afterwards
from mapapp.actions.contact.conversation_list import begin
from mapapp.actions.contact.message_send import send_message
from mapapp.actions.core.context import Context
from mapapp.actions.mail import outbox
from mapapp.actions.mail.mail_text import MailText
from mapapp.actions.mail.notices import notify
from mapapp.actions.safety.case_open import About, open_case
from mapapp.domain.safety.case_rules import MUCH_READ, READING, WARN
from mapapp.schedule import UNDELAYED
from mapapp.store.members import Member
from tests import contact_requests, factories
from tests.alerts import tell_news, wait_for_people
from tests.attacks.duel import Attack, Outcome
from tests.attacks.target import Target
from tests.mail import newest_mail
from tests.moderation import Site
from tests.trust import AREAS, LEEDS

SLUGS = ("hiv-infection", "dystonia")
NAMES = ("Quiet Heron", "Wandering Otter of the Marsh")
SEEN = 200
"""Characters of a mail that a phone shows before anybody unlocks it."""
TOKEN = re.compile(r"[\w.=-]{24,}|\b\d{6}\b")  # new in each mail, whatever it is about
SEED = 9


@dataclass(frozen=True)
class Scene:
    """Whose phone it is, who writes to them, and on which map."""

    site: Site
    wren: Member
    robin: Member
    slug: str

    @property
    def ctx(self) -> Context:
        """What the other one does."""
        return Context(self.site.session, self.site.settings, AREAS, self.robin.id)


def _asks(on: Scene) -> None:
    public_id = on.site.on_map(on.wren, on.slug).public_id
    contact_requests.ask(on.site.session, on.site.settings, on.robin.id, public_id, on.slug)


def _writes(on: Scene) -> None:
    condition_id = on.site.condition(on.slug).id
    talk = begin(on.site.session, condition_id, on.wren.id, on.robin.id)
    send_message(on.ctx, talk, "Hello", str(uuid.uuid4()))


def _three_join(on: Scene) -> None:
    wait_for_people(on.site.session, on.wren.id, on.site.condition(on.slug).id, LEEDS)
    for _ in range(3):
        on.site.place(on.site.member(), "members", on.slug)
    tell_news(on.site.session, on.site.settings)


def _signs_in(on: Scene) -> None:
    after = Afterwards(f"/conditions/{on.slug}/place")
    sign_in_link.request_link(on.ctx, on.wren.email, after)


def _read_much(on: Scene) -> None:
    about = About(READING, str(uuid.uuid4()), on.wren.id, None)
    open_case(on.site.session, about, MUCH_READ, {})
    moderator = on.site.moderator()
    on.site.take(moderator)
    on.site.decide(moderator, WARN)


def _has_work(on: Scene) -> None:
    factories.give_role(on.site.session, on.wren, "moderator")
    on.site.session.flush()
    notify(on.ctx, on.wren.id, "request")


Happens = Callable[[Scene], None]
ON_A_MAP: tuple[Happens, ...] = (_asks, _writes)
ON_NONE: tuple[Happens, ...] = (_read_much, _has_work)
"""Mails of one letter: of those that tell of other things, the letter itself says so."""
Secret = tuple[Happens, str, str]


@dataclass
class Phone:
    """The lock screen of a member, and what its watcher knows of such mails."""

    target: Target
    _known: dict[Secret, str] = field(default_factory=dict)

    def shows(self, happens: Happens, slug: str, name: str) -> str:
        """Return what is read of the mail about something; nothing of it stays on the site."""
        session = self.target.session
        # Whatever is told of can happen at once; all of it is taken back.
        given = {"address_key": factories.ADDRESS_KEY, "publish": UNDELAYED}
        settings = self.target.settings.model_copy(update=given)
        site = Site(session, settings)
        wren = site.member(pseudonym="Zebra Plover", email="wren@example.org")
        robin = site.member(pseudonym=name)
        for who in (wren, robin):
            site.place(who, "members", slug)
        _about[:] = [slug, name, happens.__name__]
        happens(Scene(site, wren, robin, slug))
        session.flush()
        mail = newest_mail(session, settings)
        session.rollback()
        return TOKEN.sub("", f"{settings.sender}\n{mail.subject}\n{mail.body}"[:SEEN])

    def known(self, secret: Secret) -> str:
        """Return the same of a mail to an account of the watcher's own."""
        if secret not in self._known:
            self._known[secret] = self.shows(*secret)
        return self._known[secret]


def _guessed(phone: Phone, sides: tuple[list[Secret], list[Secret]], trials: int) -> Outcome:
    """Let each mail be of one side or the other, and see how often the preview tells which."""
    chance, right = random.Random(SEED), 0
    for _ in range(trials):
        side = chance.randrange(2)
        seen = phone.shows(*chance.choice(sides[side]))
        fits = [seen in {phone.known(one) for one in secrets} for secrets in sides]
        guess = fits.index(True) if sum(fits) == 1 else chance.randrange(2)
        right += guess == side
    return Outcome(trials, right)


def which_condition(target: Target, trials: int) -> Outcome:
    """Attack 9: on which of two maps did it happen?"""
    kinds = (_asks, _writes, _three_join, _signs_in)
    sides = [[(kind, slug, NAMES[0]) for kind in kinds] for slug in SLUGS]
    return _guessed(Phone(target), (sides[0], sides[1]), trials)


def which_pseudonym(target: Target, trials: int) -> Outcome:
    """Attack 9b: which of two people was it?"""
    sides = [[(kind, SLUGS[0], name) for kind in (_asks, _writes)] for name in NAMES]
    return _guessed(Phone(target), (sides[0], sides[1]), trials)


def whether_of_a_condition(target: Target, trials: int) -> Outcome:
    """Attack 9c: is it about somebody on a map, or about none?"""
    sides = [[(kind, SLUGS[0], NAMES[0]) for kind in kinds] for kinds in (ON_A_MAP, ON_NONE)]
    return _guessed(Phone(target), (sides[0], sides[1]), trials)


_about: list[str] = []


@contextmanager
def _telling() -> Iterator[None]:
    queue = outbox.queue

    def _named(ctx: Context, to: str, letter: MailText, *terms: outbox.Terms) -> None:
        told = MailText(f"{letter.subject}: {', '.join(_about)}", letter.body)
        queue(ctx, to, told, *terms)

    with patch.object(outbox, "queue", _named):
        yield


ATTACKS = (
    Attack("9", "which condition a mail is about", which_condition, _telling, 30),
    Attack("9b", "which pseudonym a mail is about", which_pseudonym, _telling, 20),
    Attack("9c", "whether a mail is about a condition", whether_of_a_condition, _telling, 20),
)
