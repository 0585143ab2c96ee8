"""The id of an account would link its maps: few files read it, each for a reason."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW, STAFF = "makes or holds the row", "is about people on the staff"
ERASED = "knows by it who was erased, in a list outside of the database"
MAY_READ = {
    "mapapp/store/members.py": ROW,
    "mapapp/store/migrations/versions/r0008_identity_of_a_map.py": ROW,
    "mapapp/actions/operations/bench_rows.py": ROW,
    "mapapp/actions/operations/demo.py": ROW,
    "mapapp/actions/operations/demo_people.py": ROW,
    "mapapp/actions/operations/import_insert.py": ROW,
    "mapapp/actions/operations/demo_posts.py": "orders invented people, the same each time",
    "mapapp/actions/operations/demo_treatments.py": "draws what invented people tried",
    "mapapp/actions/core/audit.py": STAFF,
    "mapapp/actions/account/staff_roles.py": STAFF,
    "mapapp/actions/knowledge/editorial_read.py": STAFF,
    "mapapp/actions/moderation/case_note.py": STAFF,
    "mapapp/actions/moderation/case_queue.py": STAFF,
    "mapapp/actions/moderation/case_read.py": STAFF,
    "mapapp/actions/statistics/export_asked.py": STAFF,
    "mapapp/actions/statistics/export_kept.py": STAFF,
    "mapapp/web/operations/staff_views.py": STAFF,
    "templates/operations/staff_list.html": STAFF,
    "templates/operations/staff_role.html": STAFF,
    "mapapp/actions/account/erasure_list.py": ERASED,
    "mapapp/actions/account/member_erase.py": ERASED,
    "mapapp/actions/account/member_erase_many.py": ERASED,
    "mapapp/actions/account/kept_restrictions.py": ERASED,
    "mapapp/actions/account/my_data.py": "shows it to the member, whose own it is",
    "mapapp/actions/account/cared_for_place.py": "shows it to the carer, on pages of their own",
    "mapapp/actions/account/passkey_register.py": "gives the device a keyed hash of it",
    "mapapp/actions/account/yearly_check.py": "seals it in a link that the member alone gets",
}
"""Each file that reads the id of an account, and why it may."""


def _that_read_it() -> set[str]:
    files = [*(ROOT / "mapapp").rglob("*.py"), *(ROOT / "templates").rglob("*.html")]
    word = re.compile(r"\baccount_id\b")
    return {
        path.relative_to(ROOT).as_posix() for path in files if word.search(path.read_text("utf-8"))
    }


def test_the_id_of_an_account_is_read_where_it_may_be() -> None:
    assert _that_read_it() == MAY_READ.keys()


@pytest.mark.parametrize("room", ["published", "members", "contact", "conditions"])
def test_pages_for_everybody_know_no_account(room: str) -> None:
    assert not any(f"/{room}/" in path for path in MAY_READ)
