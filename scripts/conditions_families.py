"""Which condition is a form of which others, as positions in the list of conditions."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from conditions_mondo import Mondo
from numpy.typing import NDArray

from mapapp.domain.core.folding import fold


def family_arrays(rows: Sequence[dict[str, Any]], mondo: Mondo) -> dict[str, NDArray[Any]]:
    """Return what each condition is a form of, and how sentences write its name.

    Args:
        rows: the conditions, in the order of the catalogue.
        mondo: whose is_a tree it comes from; its terms that are no conditions are left out.

    Returns:
        ``counts``, for each condition how many others it is a form of; ``parents``, the positions
        of these, one condition's after the other's; ``lowered``, for each condition whether its
        name begins with a capital only where a line begins with it.
    """
    place = {row["code"]: number for number, row in enumerate(rows)}
    parents = [
        sorted(place[code] for code in mondo.terms[row["code"]].parents if code in place)
        if row["code"] in mondo.terms
        else []
        for row in rows
    ]
    is_common = _common_words(mondo)
    return {
        "counts": np.array([len(those) for those in parents], np.uint8),
        "parents": np.array([parent for those in parents for parent in those], np.uint16),
        "lowered": np.array(
            [_is_our_name(row, mondo) and is_common(row["name"].split()[0]) for row in rows],
            np.bool_,
        ),
    }


def _is_our_name(row: dict[str, Any], mondo: Mondo) -> bool:
    term = mondo.terms.get(row["code"])
    return term is None or term.name != row["name"]


def _common_words(mondo: Mondo) -> Callable[[str], bool]:
    """Return a function that tells whether a word with a capital is nobody's name.

    The ontology writes names of people and places with a capital, and nothing else; a word that it
    does not have is spelt in another way there ("leukaemia"), which no such name is.
    """
    words = Counter(word for term in mondo.terms.values() for word in term.name.split())
    names = {fold(word): n for word, n in words.items() if word[0].isupper()}

    def _is_common(word: str) -> bool:
        begins = word[0].isupper() and word[1:].islower()
        return begins and names.get(fold(word.removesuffix("'s")), 0) <= words[word.lower()]

    return _is_common
