"""Measure how long the server takes for the page of a question with 2,000 answers."""

import statistics
import tempfile
import time
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.knowledge.post_display import recount
from mapapp.actions.knowledge.question_list import take_from_set
from mapapp.actions.operations.site_setup import fill_site
from mapapp.app import create_app
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.core.dates import today
from mapapp.domain.core.hidden_reasons import NOT_HIDDEN
from mapapp.domain.knowledge.post_rules import wilson_lower
from mapapp.settings import load_settings
from mapapp.store.bulk import insert_rows, reserve_ids
from mapapp.store.conditions import Condition
from mapapp.store.database import make_engine, transaction
from mapapp.store.members import Member, Membership, new_public_id
from mapapp.store.migrate import upgrade
from mapapp.store.posts import Post

ANSWERS = 2_000
TIMES = 60
TEXT = "I walk every morning, and plan one thing a day.\n\n- slowly\n- with a friend\n\n" * 6


def main() -> None:
    """Print medians for the first, the last and a role's page, for visitors and members."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(instance=Path(folder), secret_key="only for measuring" * 3)
        engine = make_engine(settings.sqlalchemy_url)
        upgrade(engine)
        with transaction(engine) as session:
            fill_site(session)
            reader = _fill(session)
        app = create_app(settings)
        visitor, member = app.test_client(), app.test_client()
        with member.session_transaction() as held:
            held.update(_user_id=reader[1], member_id=reader[0])
        page = "/conditions/dystonia/questions/treatments"
        for path in (
            page,
            f"{page}/answers",
            f"{page}/answers?role=parent",
        ):
            taken = (_median(visitor, path), _median(member, path))
            print("{}: visitor {:.1f} ms, member {:.1f} ms".format(path, *taken))


def _fill(session: Session) -> tuple[int, str]:
    condition_id = session.scalars(select(Condition.id).where(Condition.slug == "dystonia")).one()
    question_id = take_from_set(session, condition_id, "treatments")
    ids = reserve_ids(session, Member, ANSWERS)
    handles = [new_public_id() for _ in ids]
    insert_rows(
        session,
        Member,
        [
            {"id": i, "account_id": new_public_id(), "session_handle": handle}
            | {"active": True, "source": ""}
            for i, handle in zip(ids, handles, strict=True)
        ],
    )
    insert_rows(session, Membership, [_place(condition_id, i) for i in ids])
    insert_rows(session, Post, [_post(condition_id, question_id, i) for i in ids])
    recount(session, [question_id])
    return ids[0], handles[0]


def _place(condition_id: int, member_id: int) -> dict[str, object]:
    return {
        "condition_id": condition_id,
        "member_id": member_id,
        "public_id": new_public_id(),
        "pseudonym": f"Person {member_id}",
        "area_id": 1,
        "area_version": load_areas().version,
        "visibility": "members",
        "role": "self",
        "month": "2026-11",
        "listing_order": member_id,
    }


def _post(condition_id: int, question_id: int, member_id: int) -> dict[str, object]:
    helpful, votes = member_id % 40, member_id % 40 + member_id % 7
    return {
        "public_id": new_public_id(),
        "condition_id": condition_id,
        "question_id": question_id,
        "member_id": member_id,
        "title": "",
        "text": TEXT,
        "role": "parent" if member_id % 5 == 0 else "self",
        "named_to": "public" if member_id % 3 == 0 else "members",
        "indexed": member_id % 2 == 0,
        "state": "sent",
        "hidden_reasons": NOT_HIDDEN,
        "speaks_of_cure": False,
        "day": today(),
        "helpful": helpful,
        "votes": votes,
        "rank": wilson_lower(helpful, votes),
        "words": TEXT,
    }


def _median(client: FlaskClient, path: str) -> float:
    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        answer = client.get(path)
        taken.append(1000 * (time.perf_counter() - begun))
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
    return statistics.median(taken)


main()
