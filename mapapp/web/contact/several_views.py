"""Ask several of the people near a place at once."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from mapapp.actions.contact.request_send import may_offer_mail
from mapapp.actions.contact.request_several import Askable, ask_several, whom_to_ask
from mapapp.actions.mail import consent_receipts
from mapapp.actions.members.visibility_change import is_paused
from mapapp.actions.published.listings import FoundCondition, People, condition_by_slug
from mapapp.domain.core.choices import REASONS
from mapapp.domain.mail.consent_wordings import MAIL
from mapapp.errors import BadInputError, LimitError, MapappError, NotAllowedError
from mapapp.web.contact.request_form import RequestForm
from mapapp.web.core.failures import status_of
from mapapp.web.core.locale import translated
from mapapp.web.core.request_session import db, forget_work
from mapapp.web.core.security import this_context, this_member_id
from mapapp.web.members.near_choices import asked_choice
from mapapp.web.members.near_place import Wanted, spend_a_search, wanted_place
from mapapp.web.members.own_place import Reader, this_reader
from mapapp.web.published.presenters import number_words, presenter
from mapapp.web.safety.names_shown import may_name, pause_of, pause_words

several = Blueprint("several", __name__)


@several.route("/conditions/<slug>/nearby/ask", methods=["GET", "POST"])
def ask_people(slug: str) -> ResponseReturnValue:
    """Show whom one can ask, and send a request to each who is chosen."""
    may_offer = may_offer_mail(db.session, this_member_id())
    form = RequestForm(REASONS, offer_mail=may_offer, to_several=True)
    if not form.validate_on_submit():
        return _page(slug, form, 400 if form.errors else 200)
    readable = may_name(form.who.data)
    if readable.over:
        raise pause_of(readable)
    said = (form.reason.data, form.greeting.data)
    try:
        n = ask_several(this_context(), slug, form.who.data, *said)
        if form.agreed_to(MAIL):
            consent_receipts.agree(db.session, this_member_id(), MAIL)
    except (BadInputError, LimitError, NotAllowedError) as error:
        forget_work()
        return _page(slug, form, status_of(error), error)
    flash(_asked_words(n, len(set(form.who.data))), "warm")
    return redirect(url_for("connect.inbox"), 303)


def _page(
    slug: str, form: RequestForm, status: int, error: MapappError | None = None
) -> ResponseReturnValue:
    """Return the page with those who can be asked now; without a place, the way to choose one."""
    condition = condition_by_slug(db.session, slug)
    reader = this_reader(condition.id)
    wanted = wanted_place(reader)
    if wanted.area_id is None:
        if error:
            raise error
        return redirect(_url("nearby.show_nearby", slug, wanted), 303)
    spend_a_search()
    page = render_template(
        "contact/request_several.html",
        condition=condition,
        form=form,
        error=translated(error) if error else "",
        paused=is_paused(db.session, this_member_id()),
        back=_url("nearby.show_nearby", slug, wanted),
        action=_url("several.ask_people", slug, wanted),
        is_sent=form.is_submitted(),
        **_whom(condition, wanted.area_id, reader),
    )
    return page, status


def _url(endpoint: str, slug: str, wanted: Wanted) -> str:
    where: dict[str, Any] = {**wanted.address, **asked_choice(request.args).args()}
    return url_for(endpoint, slug=slug, **where)


def _whom(condition: FoundCondition, area_id: int, reader: Reader) -> dict[str, object]:
    choice, ctx = asked_choice(request.args).open_to(reader), this_context()
    people = People(condition.id, ctx.member_id, choice.role, choice.languages, choice.my_age)
    found: Askable = whom_to_ask(ctx, people, area_id)
    readable = may_name((near.person.public_id for near in found.people), area_id)
    present = presenter(reader.kind)
    named = [near for near in found.people if near.person.public_id in readable.people]
    return {
        "area_id": area_id,
        "people": [(near.band, present(near.person)) for near in named],
        "me": found.me,
        "refusal": found.refusal,
        "pause": pause_words(readable),
    }


def _asked_words(n: int, chosen: int) -> str:
    """Say how many were asked; of those who were not, nothing that tells who and why."""
    words = ngettext(
        "You have asked %(n)s person. You will see the answer here.",
        "You have asked %(n)s people. Each decides alone. You will see the answers here.",
        n,
        n=number_words(n),
    )
    if n == chosen:
        return str(words)
    return " ".join((str(words), str(_("The others cannot be asked, or not about this."))))
