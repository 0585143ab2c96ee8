"""The public face of the site, one blueprint a file."""

from apiflask import APIFlask

from mapapp.settings import Settings
from mapapp.web.account.account_views import account
from mapapp.web.account.address_views import account_address
from mapapp.web.account.cared_for_views import cared_for
from mapapp.web.account.consent_views import consent
from mapapp.web.account.join_views import joining
from mapapp.web.account.passkey_views import passkeys
from mapapp.web.account.placed_views import placed
from mapapp.web.account.places_views import places
from mapapp.web.account.second_proof_views import second_factor
from mapapp.web.account.session_views import account_sessions
from mapapp.web.account.sign_in_views import accounts
from mapapp.web.account.unsent_words import init_unsent_words
from mapapp.web.account.yearly_check_views import checks
from mapapp.web.areas.shape_downloads import geo
from mapapp.web.atlas.compare_views import comparing
from mapapp.web.atlas.map_files import map_files
from mapapp.web.atlas.map_views import maps
from mapapp.web.atlas.share_files import share_files
from mapapp.web.atlas.share_views import sharing
from mapapp.web.contact.advising_views import advising
from mapapp.web.contact.conversation_views import conversations
from mapapp.web.contact.request_views import connect
from mapapp.web.contact.several_views import several
from mapapp.web.contact.wish_views import wishes
from mapapp.web.core.layout import init_layout
from mapapp.web.knowledge.condition_views import conditions
from mapapp.web.knowledge.editorial_views import editorial
from mapapp.web.knowledge.feed_views import feeds
from mapapp.web.knowledge.page_markup import init_markup
from mapapp.web.knowledge.post_views import posts
from mapapp.web.knowledge.question_views import questions
from mapapp.web.knowledge.question_words import init_question_words
from mapapp.web.knowledge.story_views import stories
from mapapp.web.knowledge.treatment_views import treatments
from mapapp.web.knowledge.treatment_words import init_treatment_words
from mapapp.web.members.alert_views import alerts
from mapapp.web.members.area_views import areas
from mapapp.web.members.decade_views import decades
from mapapp.web.members.helpline_views import helplines
from mapapp.web.members.nearby_views import near
from mapapp.web.members.place_views import members
from mapapp.web.members.town_views import towns
from mapapp.web.moderation.adviser_views import advisers
from mapapp.web.moderation.case_presenter import init_case_words
from mapapp.web.moderation.case_views import moderation
from mapapp.web.moderation.report_views import reports
from mapapp.web.moderation.ruling_views import rulings
from mapapp.web.open_data.api_document import init_document
from mapapp.web.open_data.api_index import api_index, api_pages
from mapapp.web.open_data.area_answers import api_areas
from mapapp.web.open_data.condition_answers import api_conditions
from mapapp.web.open_data.number_answers import api_numbers
from mapapp.web.open_data.ogc_views import ogc
from mapapp.web.operations.app_frame import app_frame
from mapapp.web.operations.app_icons import app_icons
from mapapp.web.operations.dev_mail import dev_mail
from mapapp.web.operations.health import health
from mapapp.web.operations.page_views import pages
from mapapp.web.operations.search_engines import search_engines
from mapapp.web.operations.staff_exports import staff_exports
from mapapp.web.operations.staff_views import admin
from mapapp.web.operations.webhook_views import webhooks
from mapapp.web.published.bar_words import init_bar_words
from mapapp.web.published.decade_words import init_decade_words
from mapapp.web.published.presenters import init_presenters
from mapapp.web.published.publication_words import init_publication_words
from mapapp.web.safety.silence import init_silence
from mapapp.web.statistics.site_statistics_views import site_statistics
from mapapp.web.statistics.statistics_views import statistics

BLUEPRINTS: tuple[object, ...] = (
    account,
    account_address,
    account_sessions,
    accounts,
    admin,
    staff_exports,
    alerts,
    advisers,
    advising,
    api_areas,
    api_conditions,
    api_index,
    api_numbers,
    api_pages,
    app_frame,
    app_icons,
    areas,
    cared_for,
    checks,
    comparing,
    conditions,
    connect,
    consent,
    conversations,
    dev_mail,
    editorial,
    feeds,
    geo,
    health,
    decades,
    helplines,
    joining,
    map_files,
    maps,
    members,
    moderation,
    near,
    ogc,
    pages,
    passkeys,
    placed,
    places,
    posts,
    questions,
    reports,
    rulings,
    search_engines,
    second_factor,
    several,
    share_files,
    sharing,
    site_statistics,
    statistics,
    stories,
    towns,
    treatments,
    webhooks,
    wishes,
)


def init_blueprints(app: APIFlask, settings: Settings) -> None:
    """Register every blueprint, and what the frame of their pages needs."""
    init_layout(app)
    init_document(app, settings)
    init_presenters(app)
    init_decade_words(app)
    init_bar_words(app)
    init_publication_words(app)
    init_case_words(app)
    init_question_words(app)
    init_markup(app)
    init_treatment_words(app)
    init_silence(app)
    init_unsent_words(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)  # type: ignore[arg-type]
