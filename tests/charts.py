"""What the charts and tables of a page say."""

import re
from html import unescape


def words(part: str) -> str:
    """Return the text of a part of a page, without what is drawn."""
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", "", part)).split()))


def bars(part: str) -> list[tuple[str, str, str]]:
    """Return the words, the length and the number of each bar."""
    row = r'<dt>(.*?)</dt>.*?<rect [^>]*?width="(.*?)".*?class="bar-number">(.*?)<'
    found = re.findall(row, part, re.DOTALL)
    return [(words(said), length, unescape(number)) for said, length, number in found]


def table(part: str) -> list[list[str]]:
    """Return the rows of a table, each with the name of its row first."""
    rows = re.findall(r"<tr><th scope=\"row\".*?</tr>", part, re.DOTALL)
    return [[words(c) for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]


def section(page: str, key: str) -> str:
    """Return the section of a page that a heading names."""
    return re.split(rf'aria-labelledby="{key}"', page)[1].split("</section>")[0]


def shades(part: str) -> dict[str, str]:
    """Return the shade of each area of a shaded map that has people, '' for too few for a rate."""
    shape = r'<path(?: data-shade="(\d)"| fill="url\(#too-few\)") d="[^"]+"><title>(.*?)</title>'
    return {unescape(said): shade for shade, said in re.findall(shape, part)}
