"""Whose work the site is built on. ``data/SOURCES.md`` has versions and checksums of the data."""

from dataclasses import dataclass

from mapapp.errors import N_

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


DATA_CREDITS = (
    Credit(
        "Natural Earth",
        "https://www.naturalearthdata.com/",
        N_("Borders of countries and regions"),
        "Public domain",
        "https://www.naturalearthdata.com/about/terms-of-use/",
        N_("Simplified, and some regions joined."),
    ),
    Credit(
        "GeoNames",
        "https://www.geonames.org/",
        N_("Towns with their names and populations"),
        CC_BY,
        CC_BY_URL,
        N_("A selection; populations adjusted to match the totals of countries."),
    ),
    Credit(
        "Mondo Disease Ontology",
        "https://mondo.monarchinitiative.org/",
        N_("Conditions with their names and groups"),
        CC_BY,
        CC_BY_URL,
        N_("Human diseases only; most codes from elsewhere left out; names that people use added."),
    ),
    Credit(
        "Orphanet",
        "https://www.orpha.net/",
        N_("ORPHA codes of rare diseases, by way of Mondo"),
        CC_BY,
        CC_BY_URL,
        N_("Only the codes."),
    ),
    Credit(
        "Human Disease Ontology",
        "https://disease-ontology.org/",
        N_("Codes of diseases, by way of Mondo, and what they mean in MeSH and ICD-10-CM"),
        "CC0 1.0",
        "https://creativecommons.org/publicdomain/zero/1.0/",
        N_("Only the codes."),
    ),
    Credit(
        "MeSH",
        "https://www.nlm.nih.gov/mesh/",
        N_("Codes of diseases, by way of Mondo, from the US National Library of Medicine"),
        "Public domain",
        changes=N_("Only the codes."),
    ),
    Credit(
        "ICD-10-CM",
        "https://www.cdc.gov/nchs/icd/icd-10-cm/",
        N_(
            "Codes of diseases in the US, by way of Mondo, from its health statistics office (NCHS)"
        ),
        "Public domain",
        changes=N_("Only the codes."),
    ),
    Credit(
        "OMIM",
        "https://omim.org/",
        N_("Numbers of diseases, by way of Mondo, that link to its pages"),
        "© Johns Hopkins University",
        changes=N_("Only the codes."),
    ),
    Credit(
        "Unicode CLDR",
        "https://cldr.unicode.org/",
        N_("Names of countries and languages, and populations of countries"),
        "Unicode-3.0",
        "https://www.unicode.org/license.txt",
    ),
    Credit(
        "Debian iso-codes",
        "https://salsa.debian.org/iso-codes-team/iso-codes",
        N_("Codes of countries and regions in tables of numbers"),
        "LGPL-2.1-or-later",
        "https://www.gnu.org/licenses/old-licenses/lgpl-2.1.html",
        N_("Only the codes."),
    ),
)

PROGRAMS = (
    Credit("Leaflet", "https://leafletjs.com/", N_("The map you can move"), "BSD-2-Clause"),
    Credit("Folium", "https://python-visualization.github.io/folium/", N_("Makes maps"), "MIT"),
    Credit("H3", "https://h3geo.org/", N_("The grid that areas are made of"), "Apache-2.0"),
    Credit("GeoPandas", "https://geopandas.org/", N_("Works with shapes"), "BSD-3-Clause"),
    Credit("Flask", "https://flask.palletsprojects.com/", N_("Answers requests"), "BSD-3-Clause"),
    Credit("SQLAlchemy", "https://www.sqlalchemy.org/", N_("Talks to databases"), "MIT"),
    Credit("Typst", "https://typst.app/", N_("Sets posters and pictures"), "Apache-2.0"),
    Credit("Noto Sans", "https://fonts.google.com/noto", N_("Their letters"), "OFL-1.1"),
    Credit("Babel", "https://babel.pocoo.org/", N_("Handles languages"), "BSD-3-Clause"),
)
