"""The public face of the site, one blueprint a file."""

from flask import Flask

from mapapp.web.accounts import accounts
from mapapp.web.api import api
from mapapp.web.connect import connect
from mapapp.web.dev_mail import dev_mail
from mapapp.web.geo import geo
from mapapp.web.layout import init_layout
from mapapp.web.map_files import map_files
from mapapp.web.maps import maps
from mapapp.web.members import members

BLUEPRINTS: tuple[object, ...] = (
    accounts,
    api,
    connect,
    dev_mail,
    geo,
    map_files,
    maps,
    members,
)


def init_blueprints(app: Flask) -> None:
    """Register every blueprint, and what the frame of their pages needs."""
    init_layout(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)  # type: ignore[arg-type]
