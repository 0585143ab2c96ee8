"""Whose work the site stands on. ``data/SOURCES.md`` has versions and checksums of the data."""

from dataclasses import dataclass

from mapapp.domain.wording import _

CC_BY = "CC BY 4.0"
CC_BY_URL = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True)
class Credit:
    """One source or program: whose it is, what it gives us, and on which terms."""

    name: str
    url: str
    gives: str
    licence: str
    licence_url: str = ""
    changes: str = ""


DATA = (
    Credit(
        "Natural Earth",
        "https://www.naturalearthdata.com/",
        _("Borders of countries and regions"),
        "Public domain",
        "https://www.naturalearthdata.com/about/terms-of-use/",
        _("Simplified, and some regions joined."),
    ),
    Credit(
        "GeoNames",
        "https://www.geonames.org/",
        _("Towns with their names and populations"),
        CC_BY,
        CC_BY_URL,
        _("A selection; populations fitted to the totals of countries."),
    ),
    Credit(
        "Mondo Disease Ontology",
        "https://mondo.monarchinitiative.org/",
        _("Conditions with their names and groups"),
        CC_BY,
        CC_BY_URL,
        _("Human diseases only; most outside codes left out; names that people use added."),
    ),
    Credit(
        "Unicode CLDR",
        "https://cldr.unicode.org/",
        _("Names of countries and languages, and populations of countries"),
        "Unicode-3.0",
        "https://www.unicode.org/license.txt",
    ),
)

PROGRAMS = (
    Credit("Leaflet", "https://leafletjs.com/", _("The map that moves"), "BSD-2-Clause"),
    Credit("Folium", "https://python-visualization.github.io/folium/", _("Makes maps"), "MIT"),
    Credit("H3", "https://h3geo.org/", _("The grid that areas are made of"), "Apache-2.0"),
    Credit("GeoPandas", "https://geopandas.org/", _("Works with shapes"), "BSD-3-Clause"),
    Credit("Flask", "https://flask.palletsprojects.com/", _("Answers requests"), "BSD-3-Clause"),
    Credit("SQLAlchemy", "https://www.sqlalchemy.org/", _("Talks to databases"), "MIT"),
    Credit("Babel", "https://babel.pocoo.org/", _("Speaks languages"), "BSD-3-Clause"),
)
