"""Hostile texts: what Unicode, browsers, databases and spreadsheets find hardest to bear."""

import random

WORST = (
    "\ufdfa",  # one letter that NFKD turns into eighteen
    "a\u0300\u0301\u0302",  # combining marks
    "\u3164\u115f\u2800",  # letters that nobody sees
    "\u202e\u2066\u200f",  # the direction turned round
    "\u200d\u200c\ufeff",  # joiners, and a mark of byte order
    "\ud7b0\u1160\u11a8",  # parts of Hangul syllables
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "ﬃ½㍿Ⅷ",  # letters that fold into several
    "ıİßẞς",  # letters that change their number with their case
    "Сᴏndіtіоn",  # look-alikes
    "=+-@\t;",
    "'\"<>&%{}[]()\\/#*_`|~",
    "\r\n",
    "\x01\x1b\x7f",
    "0",
    "a",
    " ",
)
"""Pieces that long texts are made of."""

WHOLE = (
    "",
    " ",
    "0",
    "-1",
    "1e309",
    "NaN",
    "99999999999999999999",
    "9223372036854775808",
    "true",
    "null",
    "{{7*1910191}}",
    "${7*1910191}",
    "<script>ran()</script>",
    "' OR 1=1 --",
    "../../../../etc/passwd",
    "//example.org/",
    "javascript:ran()",
    "=cmd|' /C calc'!A0",
    "a@b.example",
    "=?utf-8?q?a=0D=0ABcc?=@b.example",
    "mailto:a@b.example",
    "anna@example",
    "%00",
    "%ff",
    "\u0131",
    "李",
    "Moderator",
    "call me: 0049 30 123 45 67",
    "I do not want to live any more.",
    "2026-02-30",
    "00000000-0000-4000-8000-000000000000",
)
"""Texts that mean something else somewhere."""

LONGEST = 6_000  # letters; the longest text that a form of the site takes has 5,000


def hostile(chance: random.Random) -> str:
    """Return a text of up to ``LONGEST`` letters."""
    return _any_length(chance)[:LONGEST]


def _any_length(chance: random.Random) -> str:
    kind = chance.randrange(6)
    if kind < 2:
        return chance.choice(WHOLE)
    pieces = chance.sample(WORST, chance.randint(1, 3))
    if kind == 2:
        return "".join(chance.choice(pieces) for _ in range(chance.randint(1, 20)))
    length = chance.choice((30, 100, 400, 2_000, LONGEST))
    if kind == 3:  # one word, repeated
        return (chance.choice(pieces) * length)[:length]
    if kind == 4:  # many words
        return (" ".join(pieces) + " ") * (length // 8)
    lines = ("# " + pieces[0], "- [a](", "**" * 20, "> " * 30, "https://" + pieces[-1], "`")
    return ("\n".join(chance.choice(lines) for _ in range(length // 10)) + "\n")[:length]
