"""What is new about a condition as an Atom feed (RFC 4287), for those who would rather not sign in.

A feed names nobody but the site, and reads the same for members and visitors.
"""

from datetime import date
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mapapp.actions.knowledge.feed_entries import News, news_of
from mapapp.actions.published.listings import FoundCondition, condition_by_slug
from mapapp.domain.knowledge.post_rules import NEWEST
from mapapp.web.core.conditional_get import conditional
from mapapp.web.core.layout import absolute_url
from mapapp.web.core.locale import page_language
from mapapp.web.core.request_session import db
from mapapp.web.core.security import site_settings
from mapapp.web.knowledge.question_words import question_title
from mapapp.web.published.xml_files import add, xml_answer

feeds = Blueprint("feeds", __name__)

ATOM = "http://www.w3.org/2005/Atom"
TYPE = "application/atom+xml"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
BEFORE_ALL = date(2026, 1, 1)
"""When a feed without entries last changed: it must say some day, and always the same one."""


@feeds.get("/conditions/<slug>/feed.atom")
@conditional
def condition_feed(slug: str) -> ResponseReturnValue:
    """The newest answers and stories about a condition."""
    found = condition_by_slug(db.session, slug)
    news = news_of(db.session, found.id)
    root = ET.Element("feed", {"xmlns": ATOM, LANGUAGE: page_language()})
    add(root, "id", f"tag:{urlsplit(site_settings().base_url).hostname},2026:{found.code}")
    add(root, "title", _("%(condition)s: answers and stories", condition=found.name))
    add(root, "updated", _moment(max((one.changed for one in news), default=BEFORE_ALL)))
    add(add(root, "author"), "name", site_settings().site_name)
    here = absolute_url("feeds.condition_feed", slug=slug)
    add(root, "link", rel="self", type=TYPE, href=here)
    page = absolute_url("conditions.show_condition", slug=slug)
    add(root, "link", rel="alternate", type="text/html", href=page)
    for one in news:
        _add_entry(root, found, one)
    return xml_answer(root, TYPE)


def _add_entry(root: ET.Element, found: FoundCondition, news: News) -> None:
    entry = add(root, "entry")
    # A UUID stays the same when the site changes its name, and the editors their answer.
    add(entry, "id", f"urn:uuid:{news.public_id}")
    add(entry, "title", _title(found, news))
    add(entry, "published", _moment(news.first))
    add(entry, "updated", _moment(news.changed))
    add(entry, "link", rel="alternate", type="text/html", href=_address(found, news))
    if news.by_editors:
        # Their answer is read on its page, beside its sources.
        add(entry, "summary", _("The editors answered this question."), type="text")
    else:
        add(entry, "content", news.text, type="text")


def _title(found: FoundCondition, news: News) -> str:
    if news.question is None:
        return news.title
    asked = question_title(news.question, found.name)
    return asked if news.by_editors else str(_("Answer: %(question)s", question=asked))


def _address(found: FoundCondition, news: News) -> str:
    if news.question is None:
        return absolute_url("stories.show_story", slug=found.slug, public_id=news.public_id)
    where = {"slug": found.slug, "question": news.question.slug}
    if news.by_editors:
        return absolute_url("questions.show_question", **where)
    # Of the pages with answers, this is the one that is sure to have a new one.
    newest = absolute_url("questions.answers", **where, order=NEWEST)
    return f"{newest}#post-{news.public_id}"


def _moment(day: date) -> str:
    """Return the start of a day: nothing finer is kept."""
    return f"{day.isoformat()}T00:00:00Z"
