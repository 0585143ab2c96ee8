"""Mondo as the condition list needs it: the terms for what a person can have, and their names."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

HUMAN, INJURY, ANIMAL = "MONDO:0700096", "MONDO:0021178", "MONDO:0005583"

# Risks, modifiers and forms of inheritance are not conditions that a person has.
_NOT_A_CONDITION = re.compile(
    r"susceptib|proneness to|predisposition to|protection against|^modifier|modifier of|, modifier"
    r"|^obsolete |^(autosomal|x-linked|y-linked)( genetic| dominant| recessive)* disease$"
    r"|^(syndromic|idiopathic|acute|hereditary|inflammatory|rare) disease$|non-human",
    re.IGNORECASE,
)
LONGEST_NAME = 200


@dataclass(frozen=True)
class Term:
    """One term.

    Attributes:
        code: "MONDO:nnnnnnn".
        parents: codes of the terms of which it is a kind.
    """

    code: str
    name: str
    synonyms: tuple[str, ...]
    parents: tuple[str, ...]


class Mondo:
    """All terms and the is_a tree between them.

    Attributes:
        terms: by code.
    """

    def __init__(self, entries: Iterable[dict[str, Any]]) -> None:
        self.terms = {term.code: term for term in map(_term, entries)}
        self._children: dict[str, list[str]] = defaultdict(list)
        for term in self.terms.values():
            for parent in term.parents:
                self._children[parent].append(term.code)

    def below(self, root: str) -> set[str]:
        """Return the codes of all kinds of ``root``, without ``root`` itself."""
        found: set[str] = set()
        waiting = [root]
        while waiting:
            new = [code for code in self._children[waiting.pop()] if code not in found]
            found.update(new)
            waiting += new
        return found

    def size(self, code: str) -> int:
        """Return how many kinds of ``code`` there are."""
        return len(self.below(code))

    def joinable(self, wanted: Iterable[str]) -> set[str]:
        """Return the codes of conditions that people could join, and always those in ``wanted``.

        Animal diseases, risks and the ontology's top level, which only classifies, are left out.
        """
        human = self.below(HUMAN) | self.below(INJURY)
        sorting = {code for code in self._children[HUMAN] if self._children[code]}
        kept = human - self.below(ANIMAL) - sorting
        named = {code for code in kept if not _NOT_A_CONDITION.search(self.terms[code].name)}
        return named | set(wanted)


def _term(entry: dict[str, Any]) -> Term:
    name = entry["name"]
    synonyms = sorted(entry.get("synonyms", []), key=lambda other: other != name)
    useful = (other for other in synonyms if len(other) <= LONGEST_NAME)
    return Term(
        code=f"MONDO:{entry['id']}",
        name=name,
        synonyms=tuple(other for other in useful if not _NOT_A_CONDITION.search(other)),
        parents=tuple(f"MONDO:{parent}" for parent in entry.get("relations", {}).get("is_a", [])),
    )
