"""Addresses of the pages of a list: where one begins is veiled, for it would tell who is where.

An order by number tells who came first, and an order by keyed hash would be no secret any more.
"""

import json
from urllib.parse import urlencode

from flask import request, url_for

from mapapp.actions.core.paging import NO_PAGE, Spot
from mapapp.domain.core.keyed_hash import unveil, veil
from mapapp.errors import BadInputError
from mapapp.web.core.security import site_settings

PAGE = "page"


def asked_spot() -> Spot | None:
    """Return where the page that is asked for begins or ends; None for the first.

    Pages once had numbers: such an address leads to the first page.

    Raises:
        BadInputError: for anything that is no page of this list.
    """
    asked = request.args.get(PAGE, "")
    if not asked or (asked.isascii() and asked.isdigit()):
        return None
    return read_spot(asked)


def read_spot(veiled: str) -> Spot:
    """Return the spot of the list that is being shown which ``veiled_spot`` was given.

    Raises:
        BadInputError: for anything else.
    """
    try:
        is_end, *values = json.loads(unveil(site_settings().secret, _purpose(), veiled))
    except BadInputError:
        raise BadInputError(NO_PAGE) from None
    return Spot(tuple(values), is_end)


def veiled_spot(spot: Spot) -> str:
    """Return a spot of the list that is being shown, as letters for an address."""
    text = json.dumps([spot.is_end, *spot.values], separators=(",", ":"))
    return veil(site_settings().secret, _purpose(), text)


def page_url(spot: Spot | None, name: str = PAGE) -> str:
    """Return the address of another page of the list that is being shown; None is the first.

    ``name`` is that of the parameter which says where the page begins.
    """
    path = url_for(request.endpoint or "", **(request.view_args or {}))
    # What was asked goes nowhere near the names that Flask itself takes, such as "_scheme".
    asked = [(key, value) for key, value in request.args.items(multi=True) if key != name]
    if spot is not None:
        asked.append((name, veiled_spot(spot)))
    return f"{path}?{urlencode(asked)}" if asked else path


def _purpose() -> str:
    """Return what tells this list from others, for which its spots mean nothing."""
    return f"{PAGE} {request.endpoint} {sorted((request.view_args or {}).items())}"
