"""A mail that says "sign in to see it" leads to a page on which it is seen."""

import re
import uuid
from collections.abc import Callable
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from mapapp.actions.contact.conversation_list import begin
from mapapp.actions.contact.message_send import send_message
from mapapp.actions.core.context import Context
from mapapp.actions.moderation.case_mail import tell_moderators
from mapapp.store.members import Member
from tests import contact_requests
from tests.alerts import tell_news, wait_for_people
from tests.forms import form_to
from tests.mail import links_in, newest_mail
from tests.moderation import Site
from tests.trust import AREAS, LEEDS, World

Happens = Callable[[Site, Member, Member], None]


def _three_join(site: Site, wren: Member, robin: Member) -> None:
    condition_id = site.condition("als").id
    wait_for_people(site.session, wren.id, condition_id, LEEDS)
    for who in (robin, site.member(), site.member()):
        site.place(who, "members", "als")
    tell_news(site.session, site.settings)


def _somebody_asks(site: Site, wren: Member, robin: Member) -> None:
    contact_requests.ask(site.session, site.settings, robin.id, wren.public_id, "dystonia")


def _somebody_writes(site: Site, wren: Member, robin: Member) -> None:
    talk = begin(site.session, site.condition().id, wren.id, robin.id)
    ctx = Context(site.session, site.settings, AREAS, robin.id)
    send_message(ctx, talk, "Hello", str(uuid.uuid4()))


def _a_moderator_decides(site: Site, wren: Member, robin: Member) -> None:
    site.report(robin, wren)
    moderator = site.moderator()
    site.take(moderator)
    site.decide(moderator, "warn")


HAPPENINGS: dict[str, tuple[Happens, str]] = {
    "joined": (_three_join, "3 people or more within 250 km of Leeds"),
    "asked": (_somebody_asks, "People who have asked you"),
    "wrote": (_somebody_writes, "1 new"),
    "decided": (_a_moderator_decides, "A moderator has made a decision about you."),
}


@pytest.mark.parametrize("what", HAPPENINGS)
def test_what_a_mail_tells_of_is_seen_where_it_leads(
    client: FlaskClient, world: World, login: Callable[..., FlaskClient], what: str
) -> None:
    site = Site(world.session, world.settings)
    wren = site.somebody("members", email="wren@example.org", pseudonym="Zebra Plover")
    robin = site.somebody("members", email="robin@example.org", pseudonym="Calm Robin")
    happens, seen = HAPPENINGS[what]
    login(wren)
    happens(site, wren, robin)
    site.session.commit()
    mail = newest_mail(site.session, site.settings)
    site.session.commit()
    assert mail.to == "wren@example.org"
    (link,) = links_in(mail)
    assert seen in unescape(client.get(link, follow_redirects=True).text)
    # What the link says would be read on a lock screen.
    assert urlsplit(link).path == ("/news" if what == "joined" else "/waiting")


def test_news_lead_to_the_people_and_can_be_put_away(
    client: FlaskClient, world: World, login: Callable[..., FlaskClient]
) -> None:
    wren, robin = world.somebody("members"), world.member(pseudonym="Calm Robin")
    login(wren)
    _three_join(Site(world.session, world.settings), wren, robin)
    world.session.commit()
    page = client.get("/news").text
    assert not re.search(rf'href="[^"]*={LEEDS}\b', page)
    (link,) = re.findall(r'href="(/conditions/als/nearby\?at=[^"]*)"', page)
    assert "Calm Robin" in client.get(link).text
    form = form_to(page, "/conditions/als/tell-me/stop")
    client.post(form.action, data=form.fields)
    page = client.get("/news").text
    assert "3 people or more" not in page
    assert ("Removed." in page, "We will not tell you" in page) == (True, False)


def test_a_mail_to_staff_leads_to_the_work_and_names_none(
    client: FlaskClient, engine: Engine, world: World, login: Callable[..., FlaskClient]
) -> None:
    site = Site(world.session, world.settings)
    mod = site.moderator(email="mod@example.org")
    site.report(site.somebody(), site.somebody())
    site.session.commit()
    assert tell_moderators(engine, site.settings, 1_795_000_000) == 1
    (link,) = links_in(newest_mail(site.session, site.settings))
    site.session.commit()
    assert urlsplit(link).path == "/waiting"
    assert client.get(link).location == "/sign-in?next=/waiting"
    login(mod)
    assert client.get(link).location == "/moderation"
    login(site.member())  # who was on the staff when the mail was sent
    assert client.get(link).location == "/account"


def test_where_nothing_else_waits_it_leads_admins_to_their_files(
    client: FlaskClient, make_member: Callable[..., Member], login: Callable[..., FlaskClient]
) -> None:
    login(make_member(staff=True))
    assert client.get("/waiting").location == "/admin/exports"
