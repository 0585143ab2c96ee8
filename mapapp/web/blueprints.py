"""The public face of the site, one blueprint a file."""

from flask import Flask

BLUEPRINTS: tuple[object, ...] = ()


def init_blueprints(app: Flask) -> None:
    """Register every blueprint."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)  # type: ignore[arg-type]
