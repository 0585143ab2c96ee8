import pytest

from mapapp.domain.account.relying_party import RelyingParty, relying_party


@pytest.mark.parametrize(
    ("url", "name", "origin"),
    [
        ("http://127.0.0.1:8000", "localhost", "http://localhost:8000"),
        ("http://127.8.0.1", "localhost", "http://localhost"),
        ("http://[::1]:8000", "localhost", "http://localhost:8000"),
        ("http://localhost:5000", "localhost", "http://localhost:5000"),
        ("https://map.example.org", "map.example.org", "https://map.example.org"),
        ("https://Map.Example.org:443/here", "map.example.org", "https://map.example.org"),
        ("https://map.example.org:8443", "map.example.org", "https://map.example.org:8443"),
        ("https://kärtchen.example", "xn--krtchen-5wa.example", "https://xn--krtchen-5wa.example"),
        ("https://192.0.2.7", "", ""),
        ("https://[2001:db8::1]:444", "", ""),
    ],
)
def test_names_of_sites(url: str, name: str, origin: str) -> None:
    assert relying_party(url) == RelyingParty(name, origin)
