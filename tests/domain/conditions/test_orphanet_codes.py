"""The codes of Orphanet, read without the rest of the catalogue."""

from mapapp.domain.conditions.catalogue import load_catalogue, orphanet_codes


def test_the_codes_of_orphanet_are_those_of_the_catalogue() -> None:
    found = {one.code: one.orpha for one in load_catalogue().conditions if one.orpha}
    assert orphanet_codes() == {code: f"ORPHA:{number}" for code, number in found.items()}
