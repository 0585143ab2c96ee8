"""Wires the site together and decides nothing."""

from flask import Flask
from flask_compress import Compress
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from mapapp.paths import TEMPLATES
from mapapp.settings import Settings, load_settings
from mapapp.web.access import init_access
from mapapp.web.assets import init_assets
from mapapp.web.blueprints import init_blueprints
from mapapp.web.conditional import init_conditional
from mapapp.web.database import init_database
from mapapp.web.failures import init_failures
from mapapp.web.headers import init_headers
from mapapp.web.languages import init_languages
from mapapp.web.logs import QuietFlask
from mapapp.web.security import init_security
from mapapp.web.sessions import init_sessions

LARGEST_FORM = 64 * 1024  # bytes; no form of the site comes near it


def create_app(settings: Settings | None = None) -> Flask:
    """Return the site as a WSGI application for ``settings`` (default: from the environment)."""
    settings = settings or load_settings()
    app = QuietFlask("mapapp", template_folder=str(TEMPLATES), static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret,
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        WTF_CSRF_TIME_LIMIT=None,  # a form left open overnight must still work
        # We ask browsers to send no referrer; over TLS every form would be refused for lack of it.
        WTF_CSRF_SSL_STRICT=False,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_STREAMS=False,
    )
    app.extensions["mapapp_settings"] = settings
    hops = settings.trusted_proxies
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    init_database(app, settings)
    init_conditional(app, settings)
    init_sessions(app, settings)
    init_headers(app, settings)
    init_languages(app, settings)
    init_failures(app)
    init_assets(app)
    Compress(app)
    CSRFProtect(app)
    init_security(app, settings)
    init_blueprints(app)
    init_access(app)
    return app
