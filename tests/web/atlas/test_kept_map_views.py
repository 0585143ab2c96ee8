"""The map that is kept as one file: whom it names, what it may run, and how large it is."""

import base64
import gzip
import hashlib
import json
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.actions.core.quotas import MAPS_MADE
from mapapp.domain.areas.shapes import shape_bytes
from mapapp.maps.topology import only_areas
from mapapp.store import facts
from mapapp.web.atlas import map_files
from tests import factories
from tests.places import zones_of
from tests.published import change_numbers
from tests.worlds import embedded, fill

MAP = "/conditions/dystonia/map"


def test_kept_map_has_no_names_and_asks_nobody(client: FlaskClient, session: Session) -> None:
    fill(session)
    response = client.get(f"{MAP}.html")
    page = response.text
    assert response.headers["Content-Disposition"] == "attachment; filename=dystonia-map.html"
    for name in ("Public Person", "Members Person"):
        assert name not in page
    markup = re.sub(r"<script.*?</script>", "", page, flags=re.S)
    assert not re.search(r'src="', markup)
    assert set(re.findall(r'href="([^"]*)"', markup)) == {
        "#",
        "#countries",
        "#main",
        "#map-stage",
        "http://127.0.0.1:8000/conditions/dystonia/map",
    }
    assert not re.search(r"@import|url\((?!data:|#)", markup)
    assert embedded(page, "map-numbers")["total"] == 3


def test_kept_map_says_that_its_people_are_invented(client: FlaskClient, session: Session) -> None:
    fill(session)
    words = "This map shows invented people"
    assert words not in client.get(f"{MAP}.html").text
    facts.state(session, facts.HAS_DEMO, "1")
    session.commit()
    assert words in client.get(f"{MAP}.html").text


def test_kept_map_may_run_what_is_in_it_and_nothing_else(
    client: FlaskClient, session: Session
) -> None:
    fill(session)
    response = client.get(f"{MAP}.html")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for content in re.findall(r"<script>(.*?)</script>", response.text, re.S):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert f'content="{policy}"'.replace("'", "&#39;") in response.text


def test_the_host_of_a_request_is_not_kept_for_others(
    client: FlaskClient, session: Session
) -> None:
    fill(session)
    page = client.get(f"{MAP}.html", headers={"Host": "evil.example"}).text
    assert "evil.example" not in page


def test_a_file_name_is_safe(client: FlaskClient, session: Session) -> None:
    factories.make_condition(session, "evil", name='"; evil/../..\r\n')
    session.commit()
    disposition = client.get("/conditions/evil/map.html").headers["Content-Disposition"]
    assert disposition == "attachment; filename=evil-map.html"


def test_kept_map_of_a_large_condition_stays_small(client: FlaskClient, session: Session) -> None:
    condition = factories.make_condition(session, "dystonia", name="Dystonia")
    zones = [zone for code in ("DE", "FR", "US", "IN", "BR") for zone in zones_of(code)[::4]]
    change_numbers(session, condition, dict.fromkeys(zones, 1))  # no people: the file has none
    session.commit()
    assert len(client.get(f"{MAP}.html").data) < 2_000_000


@pytest.mark.both
def test_a_reader_has_few_kept_maps_made_in_an_hour_and_what_is_kept_is_free(
    client: FlaskClient, session: Session
) -> None:
    for number in range(MAPS_MADE.most + 1):
        factories.make_condition(session, f"kept-{number}", name=f"Kept {number}")
    session.commit()
    asked = [client.get(f"/conditions/kept-{n}/map.html") for n in range(MAPS_MADE.most + 1)]
    assert [answer.status_code for answer in asked] == [200] * MAPS_MADE.most + [429]
    assert client.get("/conditions/kept-0/map.html").data == asked[0].data
    elsewhere = {"REMOTE_ADDR": "192.0.2.77"}
    last = f"/conditions/kept-{MAPS_MADE.most}/map.html"
    assert client.get(last, environ_base=elsewhere).status_code == 200
    assert client.get(last).status_code == 200  # for it is kept now


def test_one_kept_map_is_made_at_a_time(client: FlaskClient, session: Session) -> None:
    fill(session)
    with map_files._making:
        assert client.get(f"{MAP}.html").status_code == 429
    assert client.get(f"{MAP}.html").status_code == 200


def test_a_kept_map_is_the_same_packed_and_not(client: FlaskClient, session: Session) -> None:
    fill(session)
    packed = client.get(f"{MAP}.html", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == client.get(f"{MAP}.html").data


def test_a_kept_map_holds_the_shapes_of_areas_with_people(
    client: FlaskClient, session: Session
) -> None:
    fill(session)
    inside = embedded(client.get(f"{MAP}.html").text, "map-inside")
    shapes = {url: one for url, one in inside.items() if "/zones/" in url or "/regions/" in url}
    assert len(shapes) > 1
    for url, found in shapes.items():
        kind, parent = re.findall(r"(zones|regions)/(\d+)", url)[0]
        whole = json.loads(gzip.decompress(shape_bytes(kind, int(parent))))
        wanted = [one["id"] for one in found["objects"]["areas"]["geometries"]]
        assert found == only_areas(whole, wanted)
