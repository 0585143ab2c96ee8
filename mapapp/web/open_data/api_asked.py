"""What the public API is asked, parameter by parameter, and what is said of those that are wrong.

No answer repeats a value that was sent.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from mapapp.actions.core.paging import Spot
from mapapp.errors import N_, BadInputError, Words
from mapapp.web.core.list_pages import read_spot
from mapapp.web.core.locale import translated
from mapapp.web.core.parsing import LONGEST_TYPED, whole_number
from mapapp.web.open_data.api_shapes import plain

CURSOR = "cursor"
MOST_ITEMS = 500
LARGEST_ASKED = 999_999_999
NOT_WHOLE = N_("Give a whole number, in digits alone.")
TOLD = {
    "missing": N_("This is needed."),
    "extra_forbidden": N_("There is no such parameter here."),
    "literal_error": N_("Choose one of these: %(expected)s."),
    "value_error": NOT_WHOLE,
    "greater_than_equal": N_("Give at least %(ge)s."),
    "less_than_equal": N_("Give at most %(le)s."),
    "string_too_short": N_("Give some text."),
    "string_too_long": N_("Give at most %(max_length)s characters."),
    "string_type": N_("Give some text."),
}
"""What is wrong with a parameter, by what the library calls it."""
OTHERWISE = N_("This is not as its description says.")
REPEATED = N_("Give this only once.")
NO_JSON = N_("Send JSON.")
NO_CURSOR = N_("There is no such page. Leave this out, and follow the links from the first.")


class ParameterError(BadInputError):
    """One parameter cannot be used, which only the act that reads it can tell."""

    def __init__(self, name: str, message: Words, where: str = "query") -> None:
        super().__init__(message)
        self.name, self.where = name, where

    def told(self) -> dict[str, str]:
        """Return what a problem document says of it."""
        return {"name": self.name, "in": self.where, "detail": translated(self)}


def told_parameters(error: ValidationError, where: str) -> list[dict[str, str]]:
    """Return for each parameter that is wrong its name, where it stands, and what is wrong."""
    place = "body" if where == "json" else where
    return [
        {"name": ".".join(map(str, one["loc"])) or place, "in": place, "detail": _told(one)}
        for one in error.errors()
    ]


def _told(one: Mapping[str, Any]) -> str:
    values = one.get("ctx", {})
    if "expected" in values:
        values = {"expected": ", ".join(re.findall("'(.*?)'", values["expected"]))}
    return translated(TOLD.get(one["type"], OTHERWISE), **values)


def _digits(given: Any) -> int:
    try:
        return whole_number(str(given), NOT_WHOLE)
    except BadInputError as error:
        raise ValueError(NOT_WHOLE) from error


WholeNumber = Annotated[int, Field(ge=0, le=LARGEST_ASKED), BeforeValidator(_digits)]
Limit = Annotated[int, Field(ge=1, le=MOST_ITEMS), BeforeValidator(_digits)]
AREA_LEVELS = Literal["country", "region", "zone"]


class Asked(BaseModel):
    """The parameters of an operation. What none of them is called is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra=plain)


class PageAsked(Asked):
    """Which page of a list is asked for."""

    limit: Limit = Field(100, description=N_("How many items a page has at most."), examples=[20])
    cursor: str = Field(
        "",
        max_length=400,
        description=N_("Where the page begins: part of the link to the next page."),
    )

    def spot(self) -> Spot | None:
        """Return where the page begins; None for the first.

        Raises:
            ParameterError: for what is no page of this list.
        """
        try:
            return read_spot(self.cursor) if self.cursor else None
        except BadInputError:
            raise ParameterError(CURSOR, NO_CURSOR) from None


class ConditionsAsked(PageAsked):
    """Which conditions."""

    q: str = Field(
        "",
        max_length=LONGEST_TYPED,
        description=N_(
            "Part of a name or a code, also one that is misspelt. The best come first, on one page."
        ),
        examples=["dystonia"],
    )


class AreasAsked(PageAsked):
    """Which areas of the tree."""

    under: WholeNumber = Field(
        0,
        description=N_("The number of the area around them. 0 is the world."),
        examples=[0],
    )
    level: AREA_LEVELS | None = Field(
        None,
        description=N_("Their level. Without it come the areas right below."),
        examples=["country"],
    )
    code: str = Field(
        "",
        max_length=20,
        description=N_("The code of one area: of ISO 3166 where there is one."),
        examples=["DE-BE"],
    )


class CountsAsked(Asked):
    """Which numbers of a map."""

    level: AREA_LEVELS = Field(description=N_("The level of the areas."), examples=["country"])
    under: WholeNumber = Field(
        0, description=N_("Only areas inside of this one. 0 is the world."), examples=[0]
    )
    include: Literal["points"] | None = Field(
        None,
        description=N_("Adds the name, code, label point, size and residents of each area."),
        examples=["points"],
    )


class TownAsked(Asked):
    """A town that is looked for."""

    town: str = Field(
        min_length=1,
        max_length=LONGEST_TYPED,
        description=N_("The name of a town in any script, or its beginning, and where it is."),
        examples=["Leeds, UK"],
    )
