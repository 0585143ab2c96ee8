"""What the script under a search field reads. What is typed is neither kept nor logged."""

from flask import Response, jsonify

NOT_KEPT = {"Cache-Control": "no-store"}
"""On a shared computer, the browser must not keep what was typed."""


def suggested(said: str, items: list[dict[str, object]], heading: str = "") -> Response:
    """Return suggestions as the script under a field reads them.

    Args:
        said: how many there are, for people who hear the page.
        items: each with a ``name``, a ``detail``, and what choosing it does; a ``guess`` says so.
        heading: what stands over the guesses.
    """
    response = jsonify({"items": items, "said": said, "heading": heading})
    response.headers.update(NOT_KEPT)
    return response
