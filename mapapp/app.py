"""Wires the site together and decides nothing."""

from flask import Flask
from flask_compress import Compress
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from mapapp.domain.conditions.catalogue import load_catalogue
from mapapp.paths import TEMPLATES
from mapapp.settings import Settings, load_settings
from mapapp.web.blueprints import init_blueprints
from mapapp.web.core.access import init_access
from mapapp.web.core.assets import init_assets
from mapapp.web.core.conditional_get import init_conditional
from mapapp.web.core.failures import init_failures
from mapapp.web.core.headers import init_headers
from mapapp.web.core.last_answer import init_last_answer
from mapapp.web.core.locale import init_languages
from mapapp.web.core.logs import init_logs
from mapapp.web.core.request_session import READING_POSTS, db, init_database
from mapapp.web.core.right_address import init_addresses
from mapapp.web.core.security import init_security
from mapapp.web.core.serving import WholeRequests, end_with_parent, init_bodies, spare_what_is_made
from mapapp.web.core.session_store import init_sessions
from mapapp.web.core.steady_flask import SteadyFlask
from mapapp.web.core.written import init_written
from mapapp.web.knowledge.read_counter import init_reads
from mapapp.web.operations.form_sizes import LARGEST_FORM, init_form_sizes
from mapapp.web.operations.repeats import init_repeats
from mapapp.web.published.finished_answers import at_once, forget_finished, init_finished
from mapapp.web.safety.names_meter import NamesMeter

THREADS = 4  # requests a process of the server answers at the same time

COMPRESSED = (
    "application/atom+xml",
    "application/geo+json",
    "application/javascript",
    "application/json",
    "application/manifest+json",
    "application/problem+json",
    "application/schema+json",
    "application/vnd.oai.openapi+json",
    "application/xml",
    "image/svg+xml",
    "text/css",
    "text/html",
    "text/javascript",
    "text/plain",
    "text/xml",
)
"""The kinds of answers that become smaller by it."""

_made: list[Flask] = []
"""The site that was made before the server's processes fork, if it was."""


def create_app(settings: Settings | None = None) -> Flask:
    """Return the site as a WSGI application for ``settings`` (default: from the environment)."""
    settings = settings or load_settings()
    init_logs()
    app = SteadyFlask(
        "mapapp",
        spec_path=None,  # the document and the page that explains it are our own
        docs_path=None,
        json_errors=False,
        template_folder=str(TEMPLATES),
        static_folder=None,  # type: ignore[arg-type]
    )
    app.config.update(
        SECRET_KEY=settings.secret,
        MAX_CONTENT_LENGTH=LARGEST_FORM,  # of most forms less: see there
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        WTF_CSRF_TIME_LIMIT=None,  # a form left open overnight must still work
        # We ask browsers to send no referrer; over TLS every form would be refused for lack of it.
        WTF_CSRF_SSL_STRICT=False,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_MIMETYPES=COMPRESSED,
        COMPRESS_STREAMS=False,
    )
    app.extensions["mapapp_settings"] = settings
    hops = settings.trusted_proxies
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    init_bodies(app)
    init_form_sizes(app)
    init_database(app, settings)
    init_conditional(app, settings)
    init_sessions(app, settings)
    init_headers(app, settings)
    init_languages(app, settings)
    init_failures(app)
    init_assets(app)
    Compress(app)
    CSRFProtect(app)
    init_security(app)
    init_blueprints(app, settings)
    init_written(app)
    init_addresses(app)
    for endpoint in READING_POSTS & app.view_functions.keys():
        app.extensions["csrf"].exempt(app.view_functions[endpoint])
    init_access(app)
    init_repeats(app)
    init_last_answer(app, settings)
    init_finished(app, settings, NamesMeter(settings))
    init_reads(app)
    return app


def make_for_all_processes() -> None:
    """Make the site, and its commonest pages once, before the processes of the server fork.

    What a first visit makes (templates, statements, the words of the map) is then made once, and
    shared. No connection to the database is kept, because two processes cannot use one.
    """
    app = create_app()
    visitor, address = app.test_client(), app.extensions["mapapp_settings"].base_url
    slug = load_catalogue().starters[0].condition.slug
    for path in ("/", "/readyz", "/conditions", f"/conditions/{slug}", f"/conditions/{slug}/map"):
        visitor.get(path, base_url=address)
    forget_finished(app)
    with app.app_context():
        db.engine.dispose()
    _made[:] = [app]


def create_server_app() -> WholeRequests:
    """Return the site as an ASGI application, for one process of the server."""
    end_with_parent()
    app = _made[0] if _made else create_app()
    spare_what_is_made()
    return WholeRequests(app, THREADS, at_once=at_once(app))
