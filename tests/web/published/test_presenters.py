"""The last check before a name is written into a page: a presenter for each kind of reader."""

import pytest

from mapapp.actions.published.listings import Listing
from mapapp.errors import NotAllowedError
from mapapp.web.published.presenters import presenter

SEEN = {
    "visitor": {"public"},
    "member": {"public", "members"},
    "listed": {"public", "members", "map"},
}


@pytest.mark.parametrize("visibility", ["public", "members", "map", "counted", "paused", ""])
@pytest.mark.parametrize("reader", list(SEEN))
def test_a_query_that_let_through_too_much_is_stopped(reader: str, visibility: str) -> None:
    listing = Listing("id", "Wren", "self", (), 1, visibility)
    if visibility in SEEN[reader]:
        assert presenter(reader)(listing).pseudonym == "Wren"
    else:
        with pytest.raises(NotAllowedError):
            presenter(reader)(listing)
