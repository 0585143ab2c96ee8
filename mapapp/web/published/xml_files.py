"""XML files whose text stays text, whatever people wrote."""

import re
from xml.etree import ElementTree as ET

from flask import Response

DECLARATION = b"<?xml version='1.0' encoding='utf-8'?>\n"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML file may hold, not even as a reference (XML 1.0, "Char")."""


def add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    """Add an element with its text to ``parent``, and return it."""
    given = {key: _NOT_XML.sub("", value) for key, value in attributes.items()}
    made = ET.SubElement(parent, name, given)
    made.text = _NOT_XML.sub("", text) or None
    return made


def xml_answer(root: ET.Element, mimetype: str) -> Response:
    """Return an XML document as an answer."""
    body = DECLARATION + ET.tostring(root, encoding="utf-8", xml_declaration=False)
    return Response(body, mimetype=mimetype)
