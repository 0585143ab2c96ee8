"""What somebody wrote is never lost because the site did not take it.

A page that refuses a form shows its texts again, in fields to change or copy, with a button that
sends them once more. Whoever is no longer signed in takes them along: the form travels sealed in
the page, is put into the session of the same browser when they ask for it, and waits there for at
most a day. It is shown to nobody else, and nothing is sent before they press the button.
"""

from dataclasses import dataclass, replace

from flask import (
    Blueprint,
    Flask,
    Response,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.routing import Rule

from mapapp.actions.core import quotas
from mapapp.errors import N_, BadInputError, NotAllowedError
from mapapp.web.core.permissions import EVERYONE, PERMISSIONS
from mapapp.web.core.security import (
    is_of_another,
    is_of_member,
    is_suspended,
    owner_id,
    sent_token,
    site_settings,
    this_context,
)
from mapapp.web.core.session_store import KEPT, TOKEN

written = Blueprint("written", __name__)

NAMES = frozenset(
    {"about", "body", "name", "names", "note", "person", "pseudonym", "question"}
    | {"reason", "reviewer", "sources", "text", "title", "why", "words"}
)
"""The fields of the site's forms that people write into."""
ALSO_CHOICES = frozenset({"reason", "words"})
"""Those that are a choice in other forms; there they hold no space."""
ONE_DAY = 86_400  # seconds
LARGEST = 120_000
"""Letters of a sealed form: 20,000 characters of any script, four bytes each, in base64."""
SEALED_FIELD = "sealed"
KEEP = "written.keep"
AGAIN = frozenset({400, 408, 429, 500, 502, 503})
"""Statuses after which sending the same once more can succeed."""

Fields = list[tuple[str, str]]
"""The entries of a form, as they were sent."""


@dataclass(frozen=True)
class Unsent:
    """A form that was not taken.

    Attributes:
        path: where it was to go.
        fields: all of its entries but the token, as they were sent.
        token: its token, which tells whose it is; '' if that is not known.
        sealed: the same, for a page that takes it along through signing in; else ''.
        again: whether it can be sent again from here.
    """

    path: str
    fields: Fields
    token: str = ""
    sealed: str = ""
    again: bool = False

    @property
    def texts(self) -> Fields:
        """The entries that somebody wrote."""
        return [entry for entry in self.fields if _is_text(*entry)]

    @property
    def rest(self) -> Fields:
        """All other entries."""
        return [entry for entry in self.fields if not _is_text(*entry)]

    @property
    def is_of_another(self) -> bool:
        """Whether it was written in another account than the one that is signed in."""
        return is_of_another(self.token)


def init_written(app: Flask) -> None:
    """Give the page for errors what was written, and forget a kept form that has been taken."""
    app.register_blueprint(written)
    app.jinja_env.globals["unsent"] = unsent

    @app.after_request
    def _finish(response: Response) -> Response:
        if "unsent" in g:
            response.headers["Cache-Control"] = "private, no-store"
        elif has_text() and response.status_code < 400 and KEPT in session:
            kept = _kept()
            if kept is None or kept.path == request.path:
                session.pop(KEPT, None)
        return response


def has_text() -> bool:
    """Whether the request is a form into which somebody wrote something."""
    return request.method == "POST" and any(_is_text(*entry) for entry in _sent())


def unsent(code: int) -> Unsent | None:
    """Return the form that this answer, with the status ``code``, refuses; None without a text."""
    if request.method != "POST":
        return None
    if request.endpoint == KEEP:
        found = _opened(dict(_sent()).get(SEALED_FIELD, ""))
    else:
        found = Unsent(request.path, _sent(), sent_token()) if has_text() else None
    if found is None:
        return None
    g.unsent = True
    if code < 500 and _must_sign_in():
        sealed = _seal(found)
        return replace(found, sealed=sealed if len(sealed) <= LARGEST else "", again=False)
    return replace(found, again=code in AGAIN)


def refused_form() -> str:
    """Say why a form was refused whose token is missing or not the right one."""
    token = sent_token()
    if owner_id() is None and (is_of_member(token) or (request.cookies and _must_sign_in())):
        return _signed_out_meanwhile()
    if not request.cookies:
        return _without_cookie()
    if is_of_another(token):
        words = _(
            "You opened this form in another account than the one that is signed in now, so it "
            "was not sent."
        )
    elif has_text():
        words = _(
            "You opened this form too long ago, so it was not sent. Check it and send it again."
        )
    else:
        words = _("You opened this page too long ago. Go back, load it again, and try once more.")
    return str(words)


def _signed_out_meanwhile() -> str:
    if has_text() or request.endpoint == KEEP:
        words = _("You are no longer signed in, so this was not sent. Sign in, then send it again.")
    else:
        words = _("You are no longer signed in, so nothing was done. Sign in, then try again.")
    return str(words)


def _without_cookie() -> str:
    mine = unsent(400)
    if mine is None:
        next_step = _(
            "Allow cookies for this site, go back, load the page again, and try once more."
        )
    elif mine.again or mine.sealed:
        next_step = _(
            "Allow cookies for this site, then press the button below, a second time if this page "
            "comes back. Your text stays on this page."
        )
    else:
        next_step = _(
            "Copy your text and allow cookies for this site. Then load the page on which you wrote "
            "it, and paste your text there."
        )
    why = _(
        "Your browser sent no cookie with this form, so it was not sent. This site needs one "
        "cookie, to know that the form comes from you."
    )
    return f"{why} {next_step}"


def turn_away() -> None:
    """Refuse a text of somebody who may not send it now, on a page that shows it again.

    Raises:
        NotAllowedError: where the request has a text; nothing happens without one.
    """
    if has_text():
        if is_suspended():
            raise NotAllowedError(
                N_("A moderator has suspended this account, so this was not sent.")
            )
        raise NotAllowedError(
            N_("You are no longer signed in, so this was not sent. Sign in, then send it again.")
        )


def keep_for_later() -> str | None:
    """Keep the text of this request in the session of a member; return where it waits."""
    if not has_text():
        return None
    g.unsent = True
    session[KEPT] = _seal(Unsent(request.path, _sent(), sent_token()))
    return url_for("written.show")


def text_of_another() -> str:
    """Return the form that waits for another member than the one who is here, sealed; else ''."""
    kept = _kept()
    return str(session[KEPT]) if kept and kept.is_of_another else ""


@written.post("/unsent")
def keep() -> ResponseReturnValue:
    """Keep a form for after signing in, in the session of this browser.

    Raises:
        BadInputError: for what this site did not seal, or more than a day ago.
    """
    sealed = request.form.get(SEALED_FIELD, "")
    if _opened(sealed) is None:
        raise BadInputError(N_("This page is too old. Write your text again."))
    subject = quotas.visitor_subject(request.remote_addr or "")
    quotas.use(this_context(), quotas.KEPT_TEXTS, subject)
    session[KEPT] = sealed
    return redirect(url_for("written.show"), 303)


@written.get("/unsent")
def show() -> ResponseReturnValue:
    """Show the form that waits, ready to be sent."""
    kept = _kept()
    if kept is None:
        return redirect(url_for("pages.show_home"), 303)
    if kept.is_of_another:
        return render_template("unsent_other.html")
    return render_template("unsent.html", mine=kept)


@written.post("/unsent/forget")
def forget() -> ResponseReturnValue:
    """Throw the form away that waits."""
    session.pop(KEPT, None)
    return redirect(url_for("pages.show_home"), 303)


def _sent() -> Fields:
    try:
        return [(name, text) for name, text in request.form.items(multi=True) if name != TOKEN]
    except RequestEntityTooLarge:  # it was not read
        return []


def _is_text(name: str, text: str) -> bool:
    is_choice = name in ALSO_CHOICES and len(text.split()) < 2
    return name in NAMES and bool(text.strip()) and not is_choice


def _must_sign_in() -> bool:
    rule: Rule | None = request.url_rule
    for_all = rule is None or PERMISSIONS.get(rule.endpoint, EVERYONE) == EVERYONE
    return (not for_all or request.endpoint == KEEP) and owner_id() is None


def _serializer() -> URLSafeTimedSerializer:
    # Letters as they are: escaped, a Chinese one would take twice the bytes.
    plain = {"ensure_ascii": False}
    secret = site_settings().secret
    return URLSafeTimedSerializer(secret, salt="unsent-form", serializer_kwargs=plain)


def _seal(form: Unsent) -> str:
    return str(_serializer().dumps([form.path, form.fields, form.token]))


def _opened(sealed: str) -> Unsent | None:
    try:
        path, fields, *more = _serializer().loads(sealed, max_age=ONE_DAY)
    except BadData:
        return None
    token = more[0] if more else ""  # an earlier version of the site sealed none
    return Unsent(path, [(name, text) for name, text in fields], token, again=True)


def _kept() -> Unsent | None:
    return _opened(session.get(KEPT, ""))
