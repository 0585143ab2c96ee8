"""A wrong code is told beside its field, although the try was answered by a redirect.

Only good answers are committed, and each try must count, so a try is answered by a redirect. The
page that comes after it shows once what was typed and what is wrong with it.
"""

from collections.abc import Iterable

from flask import request, session
from wtforms import BooleanField, StringField

from mapapp.errors import MapappError
from mapapp.web.core.locale import translated

TYPED_CODE = "wrong_code"
"""The entry of a session with the page of the field, what was typed, what is wrong with it, and
what was ticked beside it."""
LONGEST = 12  # characters, as the field allows


def remember_wrong(
    field: StringField, error: MapappError, beside: Iterable[BooleanField] = ()
) -> None:
    """Keep a wrong code, and what was ticked ``beside`` it, for the page that comes next."""
    ticked = [one.name for one in beside if one.data]
    session[TYPED_CODE] = [request.endpoint, field.data[:LONGEST], translated(error), ticked]


def show_wrong(field: StringField, beside: Iterable[BooleanField] = ()) -> None:
    """Put back what was typed into the field, with the error, where it was wrong just now."""
    if request.method == "GET" and session.get(TYPED_CODE, [""])[0] == request.endpoint:
        _page, field.data, error, *more = session.pop(TYPED_CODE)
        field.errors = [error]
        for one in beside:
            one.data = one.name in (more[0] if more else ())
