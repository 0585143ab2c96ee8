"""What a process imports: each module costs all of them time at the start, and memory for good."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import click
import pytest
from sqlalchemy import Engine

from mapapp.cli.commands import mapapp as group
from mapapp.settings import Settings

TOP = Path(__file__).parents[1]
LANGUAGE = "Flask's pages and forms in the reader's language"
CHECKED = "settings that are checked"
DESCRIBED = "the API, described and checked"
TEXTS = "what people and editors write, as safe HTML"

IN_A_WEB_PROCESS = {
    "annotated_types": CHECKED,
    "apiflask": DESCRIBED,
    "apispec": DESCRIBED,
    "babel": LANGUAGE,
    "backports": "zstd for Flask-Compress",
    "blinker": "Flask's signals",
    "brotli": "answers compressed",
    "click": "Flask brings it along",
    "cryptography": "cookies, codes and addresses, sealed",
    "cython_runtime": "of modules in C",
    "dotenv": CHECKED,
    "email_validator": "addresses, at the door and on their way",
    "flask": "pages",
    "flask_babel": LANGUAGE,
    "flask_compress": "answers compressed",
    "flask_httpauth": "APIFlask brings it along",
    "flask_marshmallow": "APIFlask brings it along",
    "flask_sqlalchemy_lite": "a session for each request",
    "flask_wtf": "forms, and their protection",
    "greenlet": "SQLAlchemy brings it along",
    "idna": "hosts of addresses",
    "itsdangerous": "signed cookies and links",
    "jinja2": "pages",
    "mapapp": "the program",
    "markdown_it": TEXTS,
    "markupsafe": "pages",
    "marshmallow": "APIFlask brings it along",
    "mdurl": TEXTS,
    "nh3": TEXTS,
    "numpy": "areas, numbers and the search",
    "packaging": "APIFlask brings it along",
    "psycopg": "PostgreSQL, where it is the database",
    "psycopg_binary": "PostgreSQL, where it is the database",
    "pydantic": CHECKED,
    "pydantic_core": CHECKED,
    "pydantic_settings": CHECKED,
    "pyotp": "codes of authenticator apps; small",
    "pytz": LANGUAGE,
    "rapidfuzz": "names that were misspelt",
    "rcssmin": "styles, joined and small",
    "rjsmin": "scripts, joined and small",
    "sqlalchemy": "the database",
    "tomli_w": "editorial files; small",
    "typing_extensions": CHECKED,
    "typing_inspection": CHECKED,
    "webargs": "APIFlask brings it along",
    "werkzeug": "Flask brings it along",
    "wtforms": "forms, and their protection",
    "xstatic": "where Leaflet lies",
}
"""The libraries that a web process may hold, and what for. Before you add one: who needs it?

What few visits need is imported by them (``mapapp/first_use.py``); what is the same for everybody
is made by a script and kept in ``data``; and what takes long is done by a process of its own.
"""

MOST_MODULES = 1480  # of a web process, the standard library included
MOST_FOR_HELP = 300
COMMON = (
    "/",
    "/healthz",
    "/readyz",
    "/conditions",
    "/conditions?q=dystonia",
    "/conditions?q=distonia",
    "/api/v1/conditions?q=dyst",
    "/conditions/dystonia",
    "/conditions/dystonia/map",
    "/conditions/dystonia/map.svg",
    "/conditions/dystonia/map.html",
    "/conditions/dystonia/share",
    "/conditions/dystonia/statistics",
    "/embed/conditions/dystonia",
    "/conditions/dystonia/areas/DE",
    "/conditions/dystonia/areas/DE/people.json",
    "/conditions/dystonia/questions",
    "/api/v1/conditions/dystonia/counts?level=country",
    "/credits",
    "/sign-in",
)

VISIT = """
import json, sys
from mapapp.app import create_app
visitor = create_app().test_client()
for path in sys.argv[1:]:
    assert visitor.get(path).status_code == 200, path
print(json.dumps(sorted(sys.modules)))
"""
SERVE = """
import json, sys
import mapapp.app, mapapp.cli.server
mapapp.cli.server._load_tables()
print(json.dumps(sorted(sys.modules)))
"""
HELP = """
import json, sys
from mapapp.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code
print(json.dumps(sorted(sys.modules)))
"""


def _modules(code: str, *arguments: str, **variables: str) -> set[str]:
    """The modules that a fresh interpreter holds after it has run ``code``."""
    bare = {k: v for k, v in os.environ.items() if not k.startswith(("MAPAPP_", "COV"))}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**bare, "PYTHONPATH": str(TOP), **variables},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def _libraries(modules: Iterable[str]) -> set[str]:
    tops = {name.partition(".")[0] for name in modules}
    return {
        name for name in tops - sys.stdlib_module_names if not name.startswith(("_", "sitecustom"))
    }


def test_a_web_process_holds_what_it_needs(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    site = {
        "MAPAPP_INSTANCE": str(tmp_path),
        "MAPAPP_DATABASE_URL": settings.database_url,
        "MAPAPP_SECRET_KEY": settings.secret_key,
        "MAPAPP_ADDRESS_KEY": settings.address_key,
    }
    modules = _modules(VISIT, *COMMON, **site)
    assert _libraries(modules) - IN_A_WEB_PROCESS.keys() == set()
    assert len(modules) <= MOST_MODULES


def test_the_process_that_starts_them_holds_no_more_but_the_server() -> None:
    modules = _modules(SERVE)
    # The server loads anyio where it is installed, as among the tools of the tests.
    assert _libraries(modules) - IN_A_WEB_PROCESS.keys() - {"anyio"} == {"granian"}
    assert len(modules) <= MOST_MODULES + 100


def _paths(of: click.Group = group) -> list[list[str]]:
    """The words of each command, and of each group."""
    paths: list[list[str]] = [[]]
    for name, command in of.commands.items():
        inside = _paths(command) if isinstance(command, click.Group) else [[]]
        paths += [[name, *more] for more in inside]
    return paths


def test_every_command_is_asked_for_help() -> None:
    assert ["serve"] in _paths()
    assert ["counts", "verify"] in _paths()


@pytest.mark.parametrize("path", _paths(), ids=lambda path: " ".join(["mapapp", *path]))
def test_help_imports_nothing_that_a_command_does(path: list[str]) -> None:
    modules = _modules(HELP, *path, "--help")
    # xstatic is in every interpreter: its packages share a name, by a file that Python reads first.
    assert _libraries(modules) - {"xstatic"} == {"click", "mapapp"}
    assert len(modules) <= MOST_FOR_HELP
