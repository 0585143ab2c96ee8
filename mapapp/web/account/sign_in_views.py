"""Sign in by a mailed link or code, and sign out."""

from flask import (
    Blueprint,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError

from mapapp.actions.account import sign_in_link
from mapapp.actions.account.waiting_place import TO_THE_START, Afterwards
from mapapp.actions.core import quotas
from mapapp.actions.mail import consent_receipts
from mapapp.actions.mail.member_addresses import held_address
from mapapp.domain.core.keyed_hash import plain_hash
from mapapp.web.account.asked_link import (
    HANDLE,
    count_wrong,
    forget_asking,
    kept_for,
    wait_for_code,
)
from mapapp.web.account.join_confirm import (
    Confirmed,
    ConfirmForm,
    Waits,
    confirmed,
    put_on_map,
    signs_in_only,
    ticks,
    what_waits,
)
from mapapp.web.account.sign_in_forms import AddressForm, CodeForm, CodeToJoinForm
from mapapp.web.account.wrong_codes import remember_wrong, show_wrong
from mapapp.web.core.failures import http_error
from mapapp.web.core.locale import this_language, translated
from mapapp.web.core.request_session import begin_to_write, db
from mapapp.web.core.security import (
    is_of_member,
    is_suspended,
    local_path,
    owner_id,
    sent_token,
    sign_in_browser,
    sign_out_browser,
    site_settings,
    this_context,
)
from mapapp.web.core.session_store import KEPT
from mapapp.web.core.written import has_text, text_of_another

accounts = Blueprint("accounts", __name__)


@accounts.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Ask for an address and send a link to it."""
    next_path = local_path(request.values.get("next"))
    if owner_id() is not None:
        return redirect(next_path, 303)
    form = AddressForm(next=next_path)
    if not form.validate_on_submit():
        return _address_page(form), 400 if form.errors else 200
    # Counted before anything is known of the address, so that this limit tells nothing of it.
    quotas.use(this_context(), quotas.SIGN_IN_ASKS, this_network())
    after = Afterwards(next_path)
    handle = sign_in_link.request_link(this_context(), form.email.data, after, this_language())
    return wait_for_code(handle, after)


def enter(
    member_id: int, next_path: str, *, strong: bool = False, place: Confirmed | None = None
) -> ResponseReturnValue:
    """Sign this browser in and lead on; first to the words that changed since the last time.

    Args:
        place: where the member agreed, just now, to be put.

    Raises:
        NotAllowedError: when the account is closed.
    """
    sign_in_browser(member_id, strong=strong)
    answer = redirect(_first_page(member_id, next_path, place), 303)
    forget_asking(answer)
    return answer


def _first_page(member_id: int, next_path: str, place: Confirmed | None) -> str:
    if is_suspended():
        return url_for("rulings.show_rulings")
    page = local_path(next_path if place is None else put_on_map(place))
    asks = consent_receipts.to_ask(db.session, member_id)
    return url_for("consent.overview", next=page) if asks else page


def sign_in_page(next_path: str, error: str) -> str:
    """Return the page for signing in with what went wrong with a passkey."""
    return _address_page(AddressForm(formdata=None, next=next_path), error)


def _address_page(form: AddressForm, error: str = "") -> str:
    path = form.next.data or ""
    return render_template(
        "account/sign_in.html",
        form=form,
        error=error,
        has_kept=path == url_for("written.show") and KEPT in session,
        confirms=path.startswith(url_for("account_address.show_confirm", token="")),
    )


@accounts.route("/sign-in/code", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """Say that a mail is on its way, and take the code in it, with an agreement to what waits."""
    handle = session.get(HANDLE)
    if not handle:
        return redirect(url_for("accounts.sign_in"), 303)
    after = kept_for(handle)
    waits = what_waits(after.place)
    form = CodeForm() if waits is None or signs_in_only() else CodeToJoinForm()
    if not form.validate_on_submit():
        show_wrong(form.code, ticks(form))
        again = _again(after, waits)
        return _code_page(form, waits, again), 400 if form.is_submitted() else 200
    try:
        given = (form.code.data, this_network(), browser_mark())
        member_id = sign_in_link.redeem_code(this_context(), handle, *given)
    except sign_in_link.TooManyCodesError:
        return _no_more_codes(_again(after, waits))
    except (sign_in_link.WrongCodeError, sign_in_link.UsedLinkError):
        # Said alike: only the owner of the address is to know that the link was used.
        if count_wrong() >= sign_in_link.CODE_TRIES:
            return _no_more_codes(_again(after, waits))
        remember_wrong(form.code, sign_in_link.WrongCodeError(), ticks(form))
        return redirect(url_for("accounts.code"), 303)
    return enter(member_id, after.next_path, place=confirmed(waits, form))


def _no_more_codes(again: str) -> ResponseReturnValue:
    session.pop(HANDLE)
    flash(translated(sign_in_link.TooManyCodesError()), "error")
    return redirect(again, 303)


def _code_page(form: CodeForm, waits: Waits | None, again: str) -> str:
    about = {"dev": site_settings().dev, "most": quotas.SIGN_IN_LINKS.most, "again": again}
    return render_template("account/code.html", form=form, waits=waits, **about)


def _again(after: Afterwards, waits: Waits | None) -> str:
    """Return where to ask for another mail, that leads to the same place."""
    if waits is not None:
        return waits.choose_again
    return url_for("accounts.sign_in", next=after.next_path if after != TO_THE_START else None)


@accounts.get("/sign-in/link/<token>")
def link(token: str) -> ResponseReturnValue:
    """Show the button that signs in; programs that open the links of mails press none.

    Who is signed in already is led on, and asked first if the link is for another account, or if
    something waits to be agreed to.
    """
    try:
        waiting = sign_in_link.read_link(this_context(), token)
    except sign_in_link.UsedLinkError as error:
        return _no_use(error)
    mine, waits = _my_address(), what_waits(waiting.after.place)
    if mine and (waiting.used or (mine == waiting.email and waits is None)):
        return _signed_in_already(mine, waiting.after.next_path)
    if waiting.used:
        return _no_use(sign_in_link.UsedLinkError())
    return _link_page(waiting.email, mine, ConfirmForm() if waits else FlaskForm(), waits)


def _link_page(address: str, mine: str, form: FlaskForm, waits: Waits | None) -> str:
    return render_template(
        "account/link_confirm.html",
        form=form,
        email=veiled(address),
        mine=veiled(mine) if mine not in {"", address} else "",
        waits=waits,
    )


@accounts.post("/sign-in/link/<token>")
def use_link(token: str) -> ResponseReturnValue:
    """Sign in, and put the member on the map on which a place waits, if they agree."""
    try:
        waiting = sign_in_link.read_link(this_context(), token)
        waits = what_waits(waiting.after.place)
        form = FlaskForm() if waits is None or signs_in_only() else ConfirmForm()
        if not form.validate():
            return _link_page(waiting.email, _my_address(), form, waits), 400
        given = (token, this_network(), browser_mark())
        member_id = sign_in_link.redeem_link(this_context(), *given)
    except sign_in_link.UsedLinkError as error:
        return _no_use(error)
    return enter(member_id, waiting.after.next_path, place=confirmed(waits, form))


def _no_use(error: sign_in_link.UsedLinkError) -> ResponseReturnValue:
    if owner_id() is not None:
        return _signed_in_already(_my_address(), "/")
    return render_template("account/link_used.html", message=translated(error)), 410


def _signed_in_already(mine: str, next_path: str) -> str:
    page = local_path(next_path)
    return render_template("account/link_signed_in.html", email=veiled(mine), next=page)


def _my_address() -> str:
    """Return the address of whose account it is, '' for a visitor."""
    member_id = owner_id()
    return (held_address(this_context(), member_id) or "") if member_id else ""


@accounts.errorhandler(CSRFError)
def without_token(error: CSRFError) -> ResponseReturnValue:
    """Say what to do when a form's token is not the one of the session.

    The second of two clicks has the cookie from before the first, which ended that session: the
    cookie itself is the proof that this browser has signed in just now.
    """
    if request.endpoint == "accounts.sign_out" and is_of_member(sent_token()) and not owner_id():
        return redirect(url_for("pages.show_home"), 303)  # another tab was faster
    if request.endpoint not in {"accounts.use_link", "accounts.code"} or has_text():
        return http_error(error)
    handle = sign_in_link.just_redeemed(db.session, browser_mark())
    if handle:
        begin_to_write()
        member_id = sign_in_link.redeem_again(this_context(), browser_mark())
        return enter(member_id, _where_first(handle))
    if owner_id() is not None:
        return _signed_in_already(_my_address(), "/"), 400
    if request.endpoint == "accounts.code" or not browser_mark():
        return http_error(error)
    again = make_response(link(**(request.view_args or {})))  # with a token that fits
    again.status_code = max(again.status_code, 400)
    return again


def _where_first(handle: str) -> str:
    """Return where the first of two clicks led, with the link or the code of ``handle``."""
    token = (request.view_args or {}).get("token", "")
    is_link = plain_hash(token) == handle
    after = sign_in_link.read_link(this_context(), token).after if is_link else kept_for(handle)
    waits = None if signs_in_only() else what_waits(after.place)
    return url_for("placed.show_placed", slug=waits.condition.slug) if waits else after.next_path


def browser_mark() -> str:
    """Return the hash of the cookie with which the browser came, '' if it brought none."""
    key = request.cookies.get(current_app.config["SESSION_COOKIE_NAME"], "")
    return plain_hash(key) if key else ""


@accounts.route("/sign-out", methods=["GET", "POST"])
def sign_out() -> ResponseReturnValue:
    """Sign out; a visitor who follows a link here gets the button first."""
    if request.method != "POST":
        return render_template("account/sign_out.html", form=FlaskForm())
    others = text_of_another()
    sign_out_browser()
    if not others:
        return redirect(url_for("pages.show_home"), 303)
    session[KEPT] = others
    return redirect(url_for("accounts.sign_in", next=url_for("written.show")), 303)


def veiled(email: str) -> str:
    """Return enough of an address for its owner to recognise: ``an…@example.org``."""
    name, _sign, domain = email.rpartition("@")
    return f"{name[:2]}…@{domain}"


def this_network() -> str:
    """Return the visitor's network, as limits tell networks apart."""
    return quotas.visitor_subject(request.remote_addr or "")
