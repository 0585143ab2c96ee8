"""Pictures and pages for printing, set by Typst from the files in ``templates/print``.

Typst shapes the text of every script and writes from right to left. Fonts come with packages: Noto
Sans, and whatever other family of ``fontpkg`` is installed; then with the machine.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from mapapp.first_use import OnFirstUse
from mapapp.paths import TEMPLATES

if TYPE_CHECKING:
    import fontpkg
    import typst
else:
    fontpkg = OnFirstUse("fontpkg")  # both only to make a picture
    typst = OnFirstUse("typst")

PRINT = TEMPLATES / "print"
PIXELS_PER_INCH = 72
"""One pixel for each point of the page."""


Kind = Literal["png", "svg", "pdf"]


def typeset(
    name: str, values: Mapping[str, str], kind: Kind, pixels_per_inch: int = PIXELS_PER_INCH
) -> bytes:
    """Return the page ``name`` as a file; the same values give the same bytes.

    Args:
        name: of a file in ``templates/print``, without its ending.
        values: what the page shows. They are texts to it, never markup; pictures are SVG.
        kind: of the file.
        pixels_per_inch: of a PNG.
    """
    made = typst.compile(
        PRINT / f"{name}.typ",
        root=PRINT,
        font_paths=_fonts(),
        format=kind,
        ppi=pixels_per_inch,
        sys_inputs=dict(values),
        timestamp=0,
    )
    assert isinstance(made, bytes)  # it has one page
    return made


@lru_cache(maxsize=1)
def _fonts() -> "typst.Fonts":
    files = [font.path for family in fontpkg.families().values() for font in family.files]
    folders = sorted({str(path.parent) for path in files})
    return typst.Fonts(include_embedded_fonts=False, font_paths=folders)
