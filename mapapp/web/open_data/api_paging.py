"""The link to the next page of a list, in the answer and as RFC 8288 wants it."""

from mapapp.actions.core.paging import Spot
from mapapp.web.core.list_pages import page_url
from mapapp.web.open_data.api_asked import CURSOR


def next_page(spot: Spot | None) -> str | None:
    """Return the address of the page that begins at ``spot``, None where there is none."""
    return None if spot is None else page_url(spot, CURSOR)


def link_header(further: str | None) -> dict[str, str]:
    """Return the header that leads to the next page, nothing on the last."""
    return {} if further is None else {"Link": f'<{further}>; rel="next"'}
