"""What a request to a condition's OGC service asks for; whatever is odd is refused in words."""

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import request

from mapapp.errors import N_, BadInputError, NotFoundError
from mapapp.maps.boxes import Box
from mapapp.web.core.parsing import one_of, whole_number

LEVEL_OF = {"countries": "country", "regions": "region", "zones": "zone"}
"""The level of the areas of each collection."""
FEATURES_A_PAGE = 250
"""Unless asked otherwise; all countries are on one page."""
MOST_FEATURES = 1000
FORMS_OF_ANSWERS = ("json", "html")
FOR_ITEMS = ("limit", "offset", "bbox", "datetime", "country")
AS_JSON = ("application/json", "application/geo+json", "application/vnd.oai.openapi+json")
LONGEST_FIGURE = 30  # characters

_NO_BOX = N_(
    "“bbox” is four numbers, or six with heights, between commas: west, south, east, north in "
    "degrees. South is not above north."
)
_NO_TIME = N_(
    "“datetime” is a time such as 2026-11-30T00:00:00Z, or two of them with a slash between; one "
    "of the two may be “..”."
)


@dataclass(frozen=True)
class ItemsAsked:
    """Which features are asked for.

    Attributes:
        limit: at most so many.
        offset: so many are left out before.
        box: only areas that meet it; None for all.
        country: only areas of the country with this code, as properties have it; '' for all.
        given: what of this stands in the address, for links to other pages.
    """

    limit: int
    offset: int
    box: Box | None
    country: str
    given: dict[str, str]


def level_of(collection: str) -> str:
    """Return the level of a collection's areas.

    Raises:
        NotFoundError: when there is no such collection.
    """
    if collection not in LEVEL_OF:
        raise NotFoundError(
            N_("There is no such collection. There are countries, regions and zones.")
        )
    return LEVEL_OF[collection]


def only_known(*names: str) -> None:
    """Refuse parameters that nobody explained, and those that are there twice.

    Raises:
        BadInputError: names the first of them.
    """
    for name, values in request.args.lists():
        if name not in {"f", *names}:
            raise BadInputError(N_("There is no parameter “%(name)s”."), name=name)
        if len(values) > 1:
            raise BadInputError(N_("“%(name)s” is there more than once."), name=name)


def wants_page() -> bool:
    """Whether a page for people is asked for, by ``f`` or else by ``Accept``.

    Raises:
        BadInputError: for a format that there is not.
    """
    refusal = N_("“f” can be “json” or “html”.")
    wanted = one_of(request.args.get("f", ""), FORMS_OF_ANSWERS, refusal)
    if wanted:
        return wanted == "html"
    return request.accept_mimetypes.best_match([*AS_JSON, "text/html"]) == "text/html"


def items_asked() -> ItemsAsked:
    """Return which features are asked for.

    Raises:
        BadInputError: for a parameter that is not as the standard wants it.
    """
    _check_time(request.args.get("datetime"))
    given = {name: value for name in FOR_ITEMS if (value := request.args.get(name)) is not None}
    return ItemsAsked(
        _limit(given), _offset(given), _box(given.get("bbox")), given.get("country", ""), given
    )


def _limit(given: dict[str, str]) -> int:
    refusal = N_("“limit” is a whole number, 1 or more.")
    text = given.get("limit", str(FEATURES_A_PAGE))
    # The standard wants more than there is at most to be taken for the most.
    limit = min(whole_number(text, refusal), MOST_FEATURES)
    if limit < 1:
        raise BadInputError(refusal)
    return limit


def _offset(given: dict[str, str]) -> int:
    return whole_number(given.get("offset", "0"), N_("“offset” is a whole number, 0 or more."))


def _box(text: str | None) -> Box | None:
    if text is None:
        return None
    figures = text.split(",")
    if len(figures) not in {4, 6} or any(len(one) > LONGEST_FIGURE for one in figures):
        raise BadInputError(_NO_BOX)
    try:
        numbers = [float(figure) for figure in figures]
    except ValueError:
        raise BadInputError(_NO_BOX) from None
    if not all(map(math.isfinite, numbers)):
        raise BadInputError(_NO_BOX)
    # Areas lie on the ground, so heights leave none out.
    corner = len(numbers) // 2
    west, south, east, north = *numbers[:2], *numbers[corner : corner + 2]
    if south > north:
        raise BadInputError(_NO_BOX)
    return west, south, east, north


def _check_time(text: str | None) -> None:
    """Refuse what is no time. Areas have none, so by the standard each time fits all of them."""
    if text is None:
        return
    start, slash, end = text.partition("/")
    ends = [_moment(one) for one in ((start, end) if slash else (start,))]
    if not any(ends) or (slash and all(ends) and ends[0] > ends[1]):  # type: ignore[operator]
        raise BadInputError(_NO_TIME)
    if not slash and ends == [None]:
        raise BadInputError(_NO_TIME)


_MOMENT = re.compile(r"\d{4}-\d\d-\d\d([Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d))?")


def _moment(text: str) -> datetime | None:
    """Return a moment of RFC 3339 or the beginning of a day; None for an open end."""
    if text in {"", ".."}:
        return None
    if not _MOMENT.fullmatch(text):
        raise BadInputError(_NO_TIME)
    try:
        found = datetime.fromisoformat(text.upper())
    except ValueError:
        raise BadInputError(_NO_TIME) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
