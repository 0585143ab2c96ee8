"""The shapes of the public API's answers; the document is made from them."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from mapapp.errors import N_

_ID = N_("The number of the area in the tree.")
_CODE = N_("Its code: of ISO 3166 where there is one.")
_PEOPLE = N_("People who are listed on the map, counted exactly as last published.")
_ERROR = N_("95 of 100 numbers are nearer to the truth than this.")
_LEAST = N_("What is not shown is fewer than this.")
_EPOCH = N_("The quarter or year for which the number was drawn; it stands until the next.")
_NEXT = N_("The address of the next page; null on the last.")


def plain(schema: dict[str, Any]) -> None:
    """Leave titles out of a schema, which only repeat its names; what may be absent is not null."""
    schema.pop("title", None)
    for part in schema["properties"].values():
        part.pop("title", None)
        if part.get("default", 0) is None:
            del part["default"]
            part.update(next(kind for kind in part.pop("anyOf") if kind != {"type": "null"}))


class Shape(BaseModel):
    """Part of an answer."""

    model_config = ConfigDict(json_schema_extra=plain)


class ConditionItem(Shape):
    """A condition in a list."""

    slug: str = Field(description=N_("Its short name, as in addresses."), examples=["dystonia"])
    code: str = Field(description=N_("Its code in Mondo, or of this site."))
    name: str = Field(description=N_("Its name."), examples=["Dystonia"])
    people: int = Field(description=_PEOPLE, ge=0, examples=[659])
    detail: str = Field(description=N_("Why it was found, or its people, in words."))
    url: str = Field(description=N_("The address of its page."))


class ConditionList(Shape):
    """Conditions, a page at a time."""

    items: list[ConditionItem]
    said: str = Field(description=N_("How many there are, in words, for people who hear them."))
    heading: str = Field(description=N_("What stands over guesses; here always empty."))
    next: str | None = Field(description=_NEXT)


class GroupShape(Shape):
    """A group of conditions."""

    key: str
    name: str


class CodeShape(Shape):
    """The condition's code in another list."""

    system: str = Field(description=N_("The short name of the list."), examples=["ORPHA"])
    name: str = Field(description=N_("The list’s name."), examples=["Orphanet"])
    code: str = Field(examples=["ORPHA:68363"])
    edition: str = Field(description=N_("The month of the copy of Mondo that says so."))
    url: str = Field(description=N_("A page of that list about it."))


class EstimateShape(Shape):
    """About how many people are only counted, and not listed."""

    number: int = Field(description=N_("The estimate, a multiple of 5."), ge=0, examples=[120])
    error: int = Field(description=_ERROR, ge=0, examples=[12])
    epoch: str = Field(description=_EPOCH, examples=["2026-Q4"])


class ConditionAnswer(Shape):
    """What is known of a condition, and the numbers of its map."""

    slug: str = Field(examples=["dystonia"])
    code: str
    name: str
    names: list[str] = Field(description=N_("Other names."))
    about: str = Field(description=N_("What it is, in a sentence or two; often empty."))
    group: GroupShape | None
    codes: list[CodeShape]
    people: int = Field(description=_PEOPLE, ge=0)
    only_counted: EstimateShape | None = Field(
        description=N_("People who are only counted; null where no estimate is shown.")
    )
    day: str = Field(description=N_("The day whose numbers stand."), examples=["2026-12-01"])
    url: str


class RelatedShape(Shape):
    """A condition of the family."""

    slug: str
    name: str
    people: int = Field(description=_PEOPLE, ge=0)


class FamilyShape(Shape):
    """A family: the condition that it is named for, and the people on all of its maps."""

    slug: str
    name: str
    people: int = Field(
        description=N_("People on these maps together. Who is on two of them counts twice."), ge=0
    )
    maps: int = Field(description=N_("How many of its maps have people."), ge=0)


class RelativesAnswer(Shape):
    """The family of a condition."""

    parents: list[FamilyShape] = Field(description=N_("What it is a form of, narrowest first."))
    own: FamilyShape | None = Field(description=N_("Itself with its forms, if there are any."))
    forms: list[RelatedShape] = Field(description=N_("Forms of it, those with most people first."))
    forms_in_all: int = Field(description=N_("How many forms there are."), ge=0)
    near: list[RelatedShape] = Field(description=N_("The nearest others that have people."))


class PointShape(Shape):
    """The label point of an area, in degrees. It is the same for everybody there."""

    lat: float = Field(ge=-90, le=90)
    lng: float = Field(ge=-180, le=180)


class AreaShape(Shape):
    """An area of the tree: the world, a country, a region or a zone."""

    id: int = Field(description=_ID, ge=0)
    level: str = Field(description=N_("World, country, region or zone."), examples=["region"])
    code: str = Field(description=_CODE, examples=["DE-BE"])
    name: str = Field(examples=["Berlin"])
    population: int = Field(description=N_("Residents, in two digits."), ge=0)
    parent: int | None = Field(description=N_("The area around it; null for the world."))
    label: PointShape
    across_km: int = Field(description=N_("How far across it is, in km, in two digits."), ge=0)


class AreaList(Shape):
    """Areas, a page at a time."""

    items: list[AreaShape]
    total: int = Field(description=N_("How many there are on all pages."), ge=0)
    next: str | None = Field(description=_NEXT)


class TownShape(Shape):
    """A town, and the zone that stands for it."""

    name: str
    detail: str = Field(description=N_("What tells it from others of its name."))
    guess: bool = Field(description=N_("Whether its name only looks like what was asked."))
    meant: bool = Field(description=N_("Whether what was asked clearly means this town."))
    area: AreaShape


class TownList(Shape):
    """Towns that a name may mean, the likelier first."""

    items: list[TownShape]


class CountsAnswer(Shape):
    """The listed people in each area of a level, in columns; areas without people are left out."""

    condition: str = Field(examples=["dystonia"])
    level: str = Field(examples=["country"])
    total: int = Field(description=N_("People in all, also those placed more coarsely."), ge=0)
    ids: list[int] = Field(description=N_("The areas, ascending."))
    counts: list[int] = Field(description=N_("How many people are listed in each."))
    parents: list[int] | None = Field(None, description=N_("With points: the areas around them."))
    codes: list[str] | None = Field(None, description=N_("With points: their codes."))
    names: list[str] | None = Field(None, description=N_("With points: their names."))
    lat: list[float] | None = Field(None, description=N_("With points: degrees."))
    lng: list[float] | None = Field(None, description=N_("With points: degrees."))
    population: list[int] | None = Field(None, description=N_("With points: residents."))
    across: list[int] | None = Field(None, description=N_("With points: how far across, in km."))


class MonthShape(Shape):
    """The people who were listed when a month ended."""

    month: str = Field(examples=["2026-11"])
    people: int = Field(ge=0)


class NumberShape(Shape):
    """One number of a release."""

    place: str = Field(description=N_("The code of a country; empty for the world."))
    value: str = Field(description=N_("A role, language, decade or treatment; empty for people."))
    number: int = Field(ge=0)


class ReleaseShape(Shape):
    """The answer to one question, with noise, frozen for its epoch."""

    attribute: str = Field(description=N_("What was asked."), examples=["role"])
    level: str = Field(description=N_("World or country."), examples=["world"])
    epoch: str = Field(description=_EPOCH, examples=["2026"])
    least: int = Field(description=_LEAST, ge=0)
    error: int = Field(description=_ERROR, ge=0)
    numbers: list[NumberShape]


class ReleaseList(Shape):
    """All releases of a map, a page at a time."""

    items: list[ReleaseShape]
    next: str | None = Field(description=_NEXT)


class TreatmentShape(Shape):
    """A treatment that numbers of a release speak of."""

    id: str
    name: str


class StatisticsAnswer(Shape):
    """The published numbers of a map, and the newest release of each question."""

    condition: str
    day: str = Field(description=N_("The day whose numbers stand."), examples=["2026-12-01"])
    people: int = Field(description=_PEOPLE, ge=0)
    countries: int = Field(description=N_("Countries that have anyone in them."), ge=0)
    months: list[MonthShape] = Field(description=N_("Month by month, oldest first."))
    only_counted: EstimateShape | None
    released: list[ReleaseShape]
    treatments: list[TreatmentShape] = Field(
        description=N_("The names of the treatments in released numbers.")
    )


class OperationShape(Shape):
    """Something that can be asked."""

    method: str = Field(examples=["GET"])
    path: str
    summary: str


class IndexAnswer(Shape):
    """What there is."""

    title: str
    version: str
    document: str = Field(description=N_("The address of the OpenAPI document."))
    page: str = Field(description=N_("The address of the page that explains it."))
    operations: list[OperationShape]


class ParameterShape(Shape):
    """What is wrong with a parameter."""

    name: str
    where: str = Field(alias="in", description=N_("Query or body."))
    detail: str


class Problem(Shape):
    """What went wrong, as RFC 9457 describes it."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Bad Request"])
    status: int = Field(examples=[400])
    detail: str = Field(description=N_("What is wrong and what to do, in your language."))
    parameters: list[ParameterShape] | None = Field(
        None, description=N_("The parameters that are wrong.")
    )
