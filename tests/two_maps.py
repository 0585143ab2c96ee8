"""Two people who share two maps under different names, and what everybody reads of the second."""

import json
import re
import uuid
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient

from mapapp.actions.contact import message_send
from mapapp.actions.core.context import Context
from mapapp.domain.areas.area_tree import load_areas
from mapapp.store.members import Member
from tests import contact_requests
from tests.mail import waiting_mail
from tests.moderation import Site
from tests.signed_in import sign_in
from tests.trust import LEEDS

AREAS = load_areas()
FIRST, SECOND = "als", "gout"
NAMES = {
    "wren": ("Amber Wren", "Quiet Otter"),
    "robin": ("Early Robin", "Calm Heron"),
    "third": ("Golden Crane", "Misty Lark"),
}
"""What each is called on the first and on the second map."""
CHANGES = re.compile(r'<input[^>]*name="(?:csrf_token|key|seen)"[^>]*>')
"""Fields of forms that differ each time a page is made."""
CASES = re.compile(
    r'<a href="/moderation"><span>Staff</span>.*?</a>|<summary>Menu.*?</summary>', re.DOTALL
)
"""Where the staff read how many cases wait on the whole site."""


@dataclass
class TwoMaps:
    """Wren and Robin, who talk on the second map, a third member, and a moderator."""

    site: Site
    app: Flask
    people: dict[str, Member] = field(default_factory=dict)
    browsers: dict[str, FlaskClient] = field(default_factory=dict)
    talk: str = ""
    case: str = ""

    def __post_init__(self) -> None:
        for who, names in NAMES.items():
            self.people[who] = self.site.member(email=f"{who}@example.org")
            for slug, name in zip((FIRST, SECOND), names, strict=True):
                self.people[who].pseudonym = name
                self.site.place(self.people[who], "public", slug)
        self.people["mod"] = self.site.moderator(pseudonym="Mod")
        self.talk = self.connect("robin", "wren", SECOND)
        self.write("wren", "Good morning from the hills")
        self.write("robin", "Good morning from the sea")
        self.report("third", "wren", SECOND)
        self.case = self.site.case().public_id
        self.site.session.commit()
        for who in NAMES:  # so that nothing is unread, and no later look marks it as read
            self.browser(who).get(f"/conversations/{self.talk}")

    @property
    def wren(self) -> Member:
        return self.people["wren"]

    @property
    def robin(self) -> Member:
        return self.people["robin"]

    def id_on(self, who: str, slug: str = SECOND) -> str:
        """Return a member's public id on a map."""
        return self.site.on_map(self.people[who], slug).public_id

    def connect(self, asker: str, asked: str, slug: str) -> str:
        """Begin a conversation on a map; return its address."""
        both = (self.people[asker], self.people[asked])
        return contact_requests.connected(self.site.session, self.site.settings, *both, slug)

    def ask(self, asker: str, asked: str, slug: str = SECOND) -> None:
        """Send a request on a map."""
        given = (self.people[asker].id, self.id_on(asked, slug), slug)
        contact_requests.ask(self.site.session, self.site.settings, *given)
        self.site.session.commit()

    def write(self, who: str, text: str, talk: str = "") -> str:
        """Write a message; return its state as the writer is told."""
        self.site.session.commit()
        ctx = Context(self.site.session, self.site.settings, reader_id=self.people[who].id)
        told = message_send.send_message(ctx, talk or self.talk, text, str(uuid.uuid4()))
        self.site.session.commit()
        return told

    def report(self, who: str, whom: str, slug: str) -> None:
        """Report a person on a map."""
        piece = self.id_on(whom, slug)
        self.site.report_piece(self.people[who], "person", piece, "spam", slug)
        self.site.session.commit()

    def block(self, who: str = "wren", whom: str = "robin", slug: str = FIRST) -> None:
        """Block somebody on a map."""
        self.site.session.commit()
        self.site.block(self.people[who], self.people[whom], slug)
        self.site.session.commit()

    def browser(self, who: str) -> FlaskClient:
        """Return the browser of a member or of a ``visitor``."""
        if who in self.browsers:
            return self.browsers[who]
        made = self.browsers[who] = self.app.test_client()
        if who in self.people:
            found = self.site.now(self.people[who])
            self.site.session.commit()
            sign_in(made, found.id, found.session_handle)
        made.get("/places")  # the first page with a form is given the cookie of its token
        return made

    def mails(self) -> list[str]:
        """Return the receivers of all mail that waits."""
        return [mail.to for mail in waiting_mail(self.site.session, self.site.settings)]

    def area(self, slug: str = SECOND) -> str:
        """Return the address of the area page that names all three."""
        return f"/conditions/{slug}/areas/{AREAS.get(LEEDS).code}"

    def pages(self, slug: str = SECOND) -> list[str]:
        """Return the addresses at which a map's people, and what they do there, are read."""
        area = self.area(slug)
        people = [f"/members/{self.id_on(who, slug)}/connect" for who in NAMES]
        return [
            *people,
            *(f"{path}?condition={slug}" for path in people),
            *(path.replace("/members/", "/report/person/")[: -len("/connect")] for path in people),
            f"/conditions/{slug}",
            f"/conditions/{slug}/map",
            f"/conditions/{slug}/nearby",
            f"/conditions/{slug}/nearby/ask",
            f"/conditions/{slug}/nearby?area={LEEDS}",
            area,
            f"{area}/people.json",
            f"/conditions/{slug}/areas/WORLD",
            f"/api/v1/conditions/{slug}/counts",
        ]

    def of_second(self) -> list[str]:
        """Return those of the second map, with its conversation and its case."""
        return [*self.pages(), f"/conversations/{self.talk}", f"/moderation/{self.case}"]

    def own(self) -> list[str]:
        """Return the pages of a member's own that span all maps."""
        return ["/inbox", "/inbox/search?q=good", "/account/data", "/account/data.json"]

    def read(self, who: str, pages: list[str]) -> dict[str, tuple[int, str]]:
        """Return what somebody reads there: status and text, without what differs each time."""
        self.site.session.commit()
        browser = self.browser(who)
        self.site.session.commit()
        answers = {page: browser.get(page) for page in pages}
        read = {p: (a.status_code, CHANGES.sub("", a.text)) for p, a in answers.items()}
        if who == "mod":
            read = {p: (status, CASES.sub("", text)) for p, (status, text) in read.items()}
        return read

    def data(self, who: str) -> dict[str, object]:
        """Return what a member may download about themselves."""
        found: dict[str, object] = json.loads(self.browser(who).get("/account/data.json").text)
        return found
