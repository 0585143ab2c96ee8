"""What an export can be of and as; apart from what makes it, which takes long to import."""

EXPORT_LEVELS = ("country", "region", "zone")
"""Tables of areas, by the level of these."""
GROWTH, RELEASED = "growth", "released"
"""Tables of whole maps: totals by month, and released estimates."""
EXPORT_TABLES = (*EXPORT_LEVELS, GROWTH, RELEASED)
DATA_PACKAGE = "zip"
PICTURES = ("png", "svg", "pdf")
MIMETYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "parquet": "application/vnd.apache.parquet",
    DATA_PACKAGE: "application/zip",
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
}
FORMATS = tuple(MIMETYPES)
OUTLINED = ("geojson", "gpkg", "parquet")
OF_AREAS = ("csv", "xlsx", *OUTLINED, DATA_PACKAGE)
OF_MAPS = ("csv", "xlsx", DATA_PACKAGE)
FORMATS_OF = {
    **dict.fromkeys(EXPORT_LEVELS, OF_AREAS),
    "country": FORMATS,  # pictures show countries
    GROWTH: OF_MAPS,
    RELEASED: OF_MAPS,
}
"""By table; outlines need areas."""
TAGGED_FORMATS = ("csv", "xlsx")
"""Those that can carry a row of HXL tags."""
