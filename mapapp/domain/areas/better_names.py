"""Names of areas that tell them apart where those of the sources do not.

They are put in when the file is read and not in the file, whose version is stored with every place.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

BETTER = {
    "AR-B": "Buenos Aires Province",
    "BG-23": "Sofia Province",
    "BY-MI": "Minsk Region",
    "MX-DIF": "Mexico City",
    "RU-ALT": "Altai Krai",
    "TW-CYI": "Chiayi City",
    "TW-CYQ": "Chiayi County",
    "TW-HSQ": "Hsinchu County",
    "TW-HSZ": "Hsinchu City",
    "UA-32": "Kyiv Region",
    "US-DC": "Washington, D.C.",
    "US-DC-1": "Washington, D.C.",
    "UZ-TO": "Tashkent Region",
    "YE-SN": "Sanaa Governorate",
}
"""By code. The sources give a city and the region around it, or two regions, one name."""


def better_names(columns: Mapping[str, NDArray[Any]]) -> NDArray[np.str_]:
    """Return the names of all areas of a table, those of ``BETTER`` put in."""
    codes, names = columns["code"], columns["name"].tolist()
    for code, name in BETTER.items():
        for at in np.flatnonzero(codes == code):
            names[int(at)] = name
    return np.array(names)
