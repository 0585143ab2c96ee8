"""Health checks for monitoring."""

from flask.testing import FlaskClient
from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session

from mapapp.store import facts
from mapapp.store.facts import SiteFact


def test_up_and_ready(client: FlaskClient) -> None:
    for path in ("/healthz", "/readyz"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers


def test_not_ready_with_another_area_table(client: FlaskClient, session: Session) -> None:
    old = update(SiteFact).where(SiteFact.key == facts.AREA_VERSION).values(value="another")
    session.execute(old)
    session.commit()
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    session.execute(delete(SiteFact))
    session.commit()
    assert client.get("/readyz").status_code == 503


def test_not_ready_before_an_upgrade(client: FlaskClient, session: Session) -> None:
    session.execute(text("DROP TABLE alembic_version"))
    session.commit()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert b"mapapp init" in answer.data


def test_not_ready_with_a_database_from_before_the_first_release(
    client: FlaskClient, session: Session
) -> None:
    session.execute(text("UPDATE alembic_version SET version_num = '0006'"))
    session.commit()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert b"before the first release" in answer.data
