"""Which codes the build takes for a condition's own, and which only for the search."""

import sys

from mapapp.paths import DATA

sys.path.insert(0, str(DATA.parent / "scripts"))
from conditions_codes import codes_by_condition


def term(number: str, *links: str) -> dict:
    pairs = (link.split(":") for link in links)
    return {"id": number, "xrefs": [{"namespace": space, "id": code} for space, code in pairs]}


MONDO = [
    term("1", "OMIM:128100", "Orphanet:58", "DOID:0060730", "SCTID:15802004", "MedDRA:10013983"),
    term("2", "ICD10CM:H35.5", "MESH:D020821", "MESH:C538005", "MESH:1622152", "DOID:7"),
    term("3", "ICD10CM:H35.5"),
    term("4", "OMIM:607507"),
    term("5", "OMIM:607507"),
    {"id": "6"},
]
DOID = [term("DOID:0060730", "ICD10CM:G24.1", "MESH:D004421", "OMIM:1", "NCI:C1"), term("DOID:7")]


def test_only_what_is_one_to_one_is_a_condition_s_own() -> None:
    codes = codes_by_condition(MONDO, DOID, ["MONDO:1", "MONDO:2", "MONDO:4", "MONDO:6", "LOCAL:1"])
    assert codes == {
        "MONDO:1": "DOID:0060730 OMIM:128100 ORPHA:58 ~ICD10CM:G24.1 ~MESH:D004421",
        "MONDO:2": "DOID:7 ~ICD10CM:H35.5 ~MESH:C538005 ~MESH:D020821",
        # What Mondo gives to a term that is left out, too, may be what the code stands for.
        "MONDO:4": "~OMIM:607507",
    }
