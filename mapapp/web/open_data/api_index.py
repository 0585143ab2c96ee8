"""What the public API has: as a list, as a document, and as a page for people."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from mapapp import __version__
from mapapp.errors import N_
from mapapp.web.core.conditional_get import conditional
from mapapp.web.core.locale import translated
from mapapp.web.open_data import api_examples
from mapapp.web.open_data.api_blueprint import answered, api_part
from mapapp.web.open_data.api_document import ABOUT, TITLE, api_document
from mapapp.web.open_data.api_shapes import IndexAnswer, OperationShape
from mapapp.web.open_data.api_words import told_parts

api_index = api_part("api_index")
api_pages = Blueprint("api_pages", __name__)


@api_index.get("/", strict_slashes=False)
@answered(
    IndexAnswer,
    api_examples.INDEX,
    "This interface",
    N_("What there is"),
    N_("Every operation, and where its description is."),
)
def list_operations() -> IndexAnswer:
    """What the API has."""
    document = api_document()
    return IndexAnswer(
        title=document["info"]["title"],
        version=__version__,
        document=url_for("api_index.show_document"),
        page=url_for("api_pages.show_api"),
        operations=[
            OperationShape(method=method.upper(), path=path, summary=operation["summary"])
            for path, part in document["paths"].items()
            for method, operation in part.items()
        ],
    )


@api_index.get("/openapi.json")
@conditional
@api_index.doc(hide=True)
def show_document() -> ResponseReturnValue:
    """The OpenAPI document."""
    return api_document()


@api_pages.get("/api")
@conditional
def show_api() -> ResponseReturnValue:
    """The document as a page."""
    document = api_document()
    return render_template(
        "open_data/api.html",
        title=translated(TITLE),
        about=translated(ABOUT),
        parts=told_parts(document),
        licence=document["info"]["license"],
    )
