"""What can be asked for as an export."""

from dataclasses import dataclass, replace

from mapapp.actions.statistics.export_kept import key_of
from mapapp.domain.areas.area_tree import WORLD, Area, load_areas
from mapapp.domain.areas.iso_codes import OWN_PREFIX
from mapapp.domain.core.folding import fold
from mapapp.domain.statistics.export_choices import (
    EXPORT_TABLES,
    FORMATS,
    FORMATS_OF,
    GROWTH,
    PICTURES,
    TAGGED_FORMATS,
)
from mapapp.errors import N_, BadInputError


@dataclass(frozen=True)
class Request:
    """What is asked for.

    Attributes:
        slugs: of the conditions.
        level: the table, one of ``EXPORT_TABLES``.
        file_format: one of its ``FORMATS_OF``.
        countries: codes of those it is of; none for all.
        is_tagged: whether a row of HXL tags stands in it.
    """

    slugs: tuple[str, ...]
    level: str
    file_format: str
    countries: tuple[str, ...] = ()
    is_tagged: bool = False

    def checked(self) -> "Request":
        """Return the request in its one form: conditions and countries sorted, each once.

        Raises:
            BadInputError: for what cannot be, or does not go together.
        """
        self._check_table()
        if not self.slugs:
            raise BadInputError(N_("Choose at least one condition."))
        self._check_choices()
        slugs, codes = (
            sorted(set(self.slugs)),
            {country_called(code).code for code in self.countries},
        )
        return replace(self, slugs=tuple(slugs), countries=tuple(sorted(codes)))

    def _check_table(self) -> None:
        if self.level not in EXPORT_TABLES:
            raise BadInputError(
                N_("The levels of an export are %(levels)s."), levels=", ".join(EXPORT_TABLES)
            )
        if self.file_format not in FORMATS:
            raise BadInputError(
                N_("The formats of an export are %(formats)s."), formats=", ".join(FORMATS)
            )
        if self.file_format not in FORMATS_OF[self.level]:
            raise BadInputError(
                N_("“%(level)s” comes as %(formats)s only."),
                level=self.level,
                formats=", ".join(FORMATS_OF[self.level]),
            )

    def _check_choices(self) -> None:
        is_picture = self.file_format in PICTURES
        if is_picture and len(set(self.slugs)) > 1:
            raise BadInputError(N_("A picture shows the map of one condition. Choose one."))
        if self.countries and (is_picture or self.level == GROWTH):
            raise BadInputError(
                N_("Pictures and growth are of the whole world. Choose no country for them.")
            )
        if self.is_tagged and self.file_format not in TAGGED_FORMATS:
            raise BadInputError(
                N_("HXL tags stand in a row of their own, which only %(formats)s can have."),
                formats=", ".join(TAGGED_FORMATS),
            )

    def key(self, day: str) -> str:
        """Return the key under which the file is kept."""
        more = [f"in:{code}" for code in self.countries] + ["hxl:"] * self.is_tagged
        return key_of(day, "file", self.level, self.file_format, *self.slugs, *more)

    def filename(self, day: str) -> str:
        """Return what the file is called."""
        subject = self.slugs[0] if len(self.slugs) == 1 else f"{len(self.slugs)}-conditions"
        few = len(self.countries) <= 3
        where = list(self.countries) if few else [f"{len(self.countries)}-countries"]
        tagged = ["hxl"] if self.is_tagged else []
        return f"{'-'.join([subject, self.level, *where, *tagged, day])}.{self.file_format}"

    def places(self) -> list[Area]:
        """Return the countries that it is of, in the order of the area table."""
        return sorted((country_called(code) for code in self.countries), key=lambda area: area.id)


def country_called(words: str) -> Area:
    """Return a country by its code, with or without the mark of our own codes, or by its name.

    Raises:
        BadInputError: when there is none.
    """
    areas, folded = load_areas(), fold(words)
    wanted = words.strip().upper().removeprefix(OWN_PREFIX)
    for one in areas.children(WORLD).tolist():
        code = str(areas.code[one])
        if code == wanted or fold(str(areas.name[one])) == folded:
            return areas.get(one)
    raise BadInputError(
        N_("There is no country “%(code)s”. Use its name or two letters, such as DE."), code=words
    )
