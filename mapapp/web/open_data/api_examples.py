"""An example of each answer of the public API. The numbers are invented."""

from typing import Any

_DYSTONIA = "/conditions/dystonia"
BERLIN: dict[str, Any] = {
    "id": 8200,
    "level": "region",
    "code": "DE-BE",
    "name": "Berlin",
    "population": 3_700_000,
    "parent": 8000,
    "label": {"lat": 52.517, "lng": 13.389},
    "across_km": 34,
}
AREA_LIST = {
    "items": [BERLIN],
    "total": 16,
    "next": "/api/v1/areas?level=region&under=8000&limit=1&cursor=mF3c",
}
CONDITION_LIST = {
    "items": [
        {
            "slug": "dystonia",
            "code": "MONDO:0003441",
            "name": "Dystonia",
            "people": 659,
            "detail": "659 people",
            "url": _DYSTONIA,
        }
    ],
    "said": "1 suggestion",
    "heading": "",
    "next": None,
}
_ESTIMATE = {"number": 120, "error": 12, "epoch": "2026-Q4"}
CONDITION = {
    "slug": "dystonia",
    "code": "MONDO:0003441",
    "name": "Dystonia",
    "names": ["dystonic disorder"],
    "about": "",
    "group": {"key": "nervous", "name": "Nervous system"},
    "codes": [
        {
            "system": "MONDO",
            "name": "Mondo",
            "code": "MONDO:0003441",
            "edition": "2024-07",
            "url": "https://monarchinitiative.org/MONDO:0003441",
        }
    ],
    "people": 659,
    "only_counted": _ESTIMATE,
    "day": "2026-12-01",
    "url": _DYSTONIA,
}
RELATIVES = {
    "parents": [
        {"slug": "movement-disorder", "name": "Movement disorder", "people": 4210, "maps": 9}
    ],
    "own": {"slug": "dystonia", "name": "Dystonia", "people": 880, "maps": 3},
    "forms": [{"slug": "cervical-dystonia", "name": "Cervical dystonia", "people": 214}],
    "forms_in_all": 21,
    "near": [{"slug": "essential-tremor", "name": "Essential tremor", "people": 301}],
}
TOWN_ASKED = {"town": "Leeds, UK"}
TOWN_LIST = {
    "items": [
        {
            "name": "Leeds",
            "detail": "England, United Kingdom",
            "guess": False,
            "meant": True,
            "area": {
                "id": 12041,
                "level": "zone",
                "code": "GB-LDS-1",
                "name": "Leeds",
                "population": 160_000,
                "parent": 12040,
                "label": {"lat": 53.797, "lng": -1.548},
                "across_km": 8,
            },
        }
    ]
}
COUNTS = {
    "condition": "dystonia",
    "level": "country",
    "total": 659,
    "ids": [8000, 12000],
    "counts": [84, 132],
}
_ROLES = {
    "attribute": "role",
    "level": "world",
    "epoch": "2026",
    "least": 20,
    "error": 12,
    "numbers": [
        {"place": "", "value": "parent", "number": 97},
        {"place": "", "value": "self", "number": 486},
    ],
}
STATISTICS = {
    "condition": "dystonia",
    "day": "2026-12-01",
    "people": 659,
    "countries": 74,
    "months": [{"month": "2026-10", "people": 601}, {"month": "2026-11", "people": 640}],
    "only_counted": _ESTIMATE,
    "released": [_ROLES],
    "treatments": [{"id": "9b2f61de-6c55-4d7e-9d0e-2d6b1c5c6a10", "name": "Botulinum toxin"}],
}
RELEASE_LIST = {"items": [_ROLES], "next": None}
INDEX = {
    "title": "Numbers for programs",
    "version": "1.0.0",
    "document": "/api/v1/openapi.json",
    "page": "/api",
    "operations": [{"method": "GET", "path": "/api/v1/areas", "summary": "List the areas"}],
}
