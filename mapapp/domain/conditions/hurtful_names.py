"""Names that hurt the people they were given to: search knows them, pages do not repeat them."""

import re

# The sources keep every name that a paper ever used. A reader may hold an old letter with such a
# name in it and must find the condition by it, but is not to read it here. What is slow to grow
# ("growth retardation") is no insult.
_HURTFUL = re.compile(
    r"\bmental\w*\b(?:(?!\bmental).)*retard|(?<!growth[ -])retard"
    r"|\bmental (defici|handicap|subnorm)|subnormal"
    r"|idioc|idiot|imbecil|\bcretin|mongol|feeble.?mind"
    r"|hermaphrod|hysteri(a|cal)"
    r"|puppet|bird.head|whistling.face|leprechaun|gargoyl|mermaid"
    r"|hare.?lip|lobster.claw|elephant man|bulldog|\balligator|fish (scale|odou?r)|punch.drunk"
    r"|harlequin f|\bgypsy|\bpygmy|oriental|kinky",
    re.IGNORECASE,
)


def is_hurtful(name: str) -> bool:
    """Whether pages leave this name out of those a condition is also called by."""
    return _HURTFUL.search(name) is not None
