"""The shapes of areas, as gzipped TopoJSON that is served as it is in the archive.

``countries`` is one file; ``regions`` are those of one country, ``zones`` those of one region. The
zones are the exact unions of their cells on land, so that a browser finds the zone of a point by
itself and only tells us the area.
"""

import hashlib
from functools import lru_cache
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from mapapp.errors import N_, DataError, NotFoundError
from mapapp.paths import DATA

ARCHIVE = DATA / "geo" / "shapes.zip"
SHAPE_KINDS = ("countries", "regions", "zones")
VERSION_LENGTH = 16


def shape_bytes(kind: str, area: int = 0) -> bytes:
    """Return one file of shapes, gzipped TopoJSON.

    Args:
        kind: ``countries`` (``area`` does not matter), ``regions`` (``area`` is a country) or
            ``zones`` (``area`` is a region).
        area: id of the area whose parts are wanted.

    Raises:
        NotFoundError: when there is no such file.
        DataError: when the archive is missing or damaged.
    """
    name = "countries.json.gz" if kind == "countries" else f"{kind}/{int(area)}.json.gz"
    files = _read_archive(ARCHIVE)
    if kind not in SHAPE_KINDS or name not in files:
        raise NotFoundError(N_("There is no such map. Start from the map of all countries."))
    return files[name]


def shapes_version() -> str:
    """Return a short hash of all shapes for their URLs, so that browsers can cache them."""
    return _version(ARCHIVE)


@lru_cache(maxsize=2)
def _version(path: Path) -> str:
    digest = hashlib.sha256()
    for name, content in sorted(_read_archive(path).items()):
        digest.update(name.encode() + content)
    return digest.hexdigest()[:VERSION_LENGTH]


@lru_cache(maxsize=2)
def _read_archive(path: Path) -> dict[str, bytes]:
    """Return all members of the archive: a few megabytes, served as they are."""
    try:
        with ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except (OSError, BadZipFile) as error:
        raise DataError(
            N_(
                "The archive of shapes %(file)s is missing or damaged. Install the program again, "
                "or run scripts/build_areas.py."
            ),
            file=path.name,
        ) from error
