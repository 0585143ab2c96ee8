"""Where the files that come with the program are.

In a wheel, ``templates/`` and ``data/`` lie inside the package; in a checkout they lie beside it.
"""

from gettext import find
from pathlib import Path

PACKAGE = Path(__file__).parent


def shipped(folder: str) -> Path:
    """Return the folder ``folder`` that came with the program, wherever it was installed."""
    inside = PACKAGE / folder
    return inside if inside.is_dir() else PACKAGE.parent / folder


DATA = shipped("data")
TEMPLATES = shipped("templates")
STATIC = PACKAGE / "web" / "static"
TRANSLATIONS = PACKAGE / "translations"


def catalogue_of(tag: str) -> Path | None:
    """Return the compiled catalogue of language ``tag``, such as ``pt_BR``, if there is one."""
    found = find("messages", TRANSLATIONS, [tag])
    return Path(found) if found else None
