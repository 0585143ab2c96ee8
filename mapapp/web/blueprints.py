"""The public face of the site, one blueprint a file."""

from flask import Flask

from mapapp.web.account import account
from mapapp.web.account_sessions import account_sessions
from mapapp.web.accounts import accounts
from mapapp.web.admin import admin
from mapapp.web.api import api
from mapapp.web.areas import areas
from mapapp.web.cared_for import cared_for
from mapapp.web.case_words import init_case_words
from mapapp.web.conditions import conditions
from mapapp.web.connect import connect
from mapapp.web.consent import consent
from mapapp.web.conversations import conversations
from mapapp.web.dev_mail import dev_mail
from mapapp.web.editorial import editorial
from mapapp.web.feeds import feeds
from mapapp.web.geo import geo
from mapapp.web.health import health
from mapapp.web.helplines import helplines
from mapapp.web.layout import init_layout
from mapapp.web.map_files import map_files
from mapapp.web.maps import maps
from mapapp.web.markup import init_markup
from mapapp.web.members import members
from mapapp.web.moderation import moderation
from mapapp.web.nearby import near
from mapapp.web.pages import pages
from mapapp.web.passkeys import passkeys
from mapapp.web.posts import posts
from mapapp.web.presenters import init_presenters
from mapapp.web.question_words import init_question_words
from mapapp.web.questions import questions
from mapapp.web.reports import reports
from mapapp.web.rulings import rulings
from mapapp.web.search_engines import search_engines
from mapapp.web.second_factor import second_factor
from mapapp.web.still_right import still_right
from mapapp.web.stories import stories
from mapapp.web.suggest import suggest
from mapapp.web.treatment_words import init_treatment_words
from mapapp.web.treatments import treatments
from mapapp.web.wishes import wishes

BLUEPRINTS: tuple[object, ...] = (
    account,
    account_sessions,
    accounts,
    admin,
    api,
    areas,
    cared_for,
    conditions,
    connect,
    consent,
    conversations,
    dev_mail,
    editorial,
    feeds,
    geo,
    health,
    helplines,
    map_files,
    maps,
    members,
    moderation,
    near,
    pages,
    passkeys,
    posts,
    questions,
    reports,
    rulings,
    search_engines,
    second_factor,
    still_right,
    stories,
    suggest,
    treatments,
    wishes,
)


def init_blueprints(app: Flask) -> None:
    """Register every blueprint, and what the frame of their pages needs."""
    init_layout(app)
    init_presenters(app)
    init_case_words(app)
    init_question_words(app)
    init_markup(app)
    init_treatment_words(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)  # type: ignore[arg-type]
