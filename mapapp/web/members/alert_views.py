"""Alerts: asking for one, and the page of news."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from mapapp.actions.conditions.condition_family import condition_family
from mapapp.actions.members.alert_numbers import AlertNumbers
from mapapp.actions.members.people_alerts import add_alert, alert_at, my_alerts, remove_alert
from mapapp.actions.published.listings import FoundCondition, condition_by_slug
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.members.alert_wishes import (
    ALERT_NUMBERS,
    ANYWHERE,
    AREA,
    FAMILY,
    NEARBY,
    AlertWish,
)
from mapapp.errors import N_, BadInputError, LimitError, NotFoundError
from mapapp.web.core.failures import status_of
from mapapp.web.core.locale import translated
from mapapp.web.core.request_session import db, forget_work
from mapapp.web.core.security import this_member_id
from mapapp.web.members.alert_form import Offer, TellMeForm, news_words, where_words
from mapapp.web.members.asked_place import asked_for, veiled
from mapapp.web.members.member_forms import area_number
from mapapp.web.members.near_place import near_area
from mapapp.web.members.own_place import own_place

alerts = Blueprint("alerts", __name__)

_WHERE = N_("Choose where.")


@alerts.get("/news")
def show_news() -> ResponseReturnValue:
    """The news that a member asked for, until they put it away, and what they wait for."""
    mine = my_alerts(db.session, load_areas(), this_member_id())
    return render_template(
        "members/news.html",
        news=[alert for alert in mine if alert.came_true],
        awaited=[alert for alert in mine if not alert.came_true],
        form=FlaskForm(),
        news_words=news_words,
        where_words=where_words,
        veiled=veiled,
    )


@alerts.route("/conditions/<slug>/tell-me", methods=["GET", "POST"])
def tell_me(slug: str) -> ResponseReturnValue:
    """Choose of which number to be told; an area in the address of a link is veiled first."""
    condition = condition_by_slug(db.session, slug)
    form = TellMeForm()
    if not form.is_submitted() and request.args.get("area"):
        at = veiled(area=near_area(request.args["area"]))
        return redirect(url_for("alerts.tell_me", slug=slug, at=at), 303)
    offers = _offers(condition, form.where.data or "")
    form.offer(offers)
    if not form.is_submitted() and not form.where.data and offers:
        form.where.data = offers[0].key
    error, status = "", 200
    if form.is_submitted():
        try:
            if form.validate():
                return _asked(condition, form)
            status = 400
        except (BadInputError, LimitError, NotFoundError) as refusal:
            forget_work()
            error, status = translated(refusal), status_of(refusal)
    page = render_template("members/tell_me.html", condition=condition, form=form, error=error)
    return page, status


@alerts.post("/conditions/<slug>/tell-me/stop")
def stop_telling(slug: str) -> ResponseReturnValue:
    """Cancel an alert, or put its news away."""
    area_id, people = area_number(request.form.get("area")), area_number(request.form.get("people"))
    if area_id is None or people is None:
        raise BadInputError(_WHERE)
    wish = alert_at(db.session, slug, request.form.get("kind", ""), area_id, people)
    was_news = remove_alert(db.session, this_member_id(), wish)
    flash(_("Removed.") if was_news else _("Done. We will not tell you about it."))
    return redirect(url_for("alerts.show_news"), 303)


def _asked(condition: FoundCondition, form: TellMeForm) -> ResponseReturnValue:
    kind, _colon, what = form.where.data.partition(":")
    people = int(form.people.data)
    if kind == FAMILY:
        wish = AlertWish(condition_by_slug(db.session, what).id, FAMILY, ANYWHERE, people)
    else:
        wish = AlertWish(condition.id, kind, area_number(what) or ANYWHERE, people)
    add_alert(db.session, load_areas(), this_member_id(), wish, by_mail=form.by_mail.data)
    flash(_("We look once a day. When it happens, it will stand on this page."))
    return redirect(url_for("alerts.show_news"), 303)


def _offers(condition: FoundCondition, chosen: str) -> list[Offer]:
    """Return where the member can wait: near a place, on the map, and in its families."""
    numbers = AlertNumbers(db.session, load_areas(), condition.id, condition.code)
    places = [(kind, area_id) for area_id in _areas(condition, chosen) for kind in (NEARBY, AREA)]
    offers = [
        Offer(kind, area_id, condition.slug, condition.name, numbers.people(kind, area_id))
        for kind, area_id in (*places, (AREA, ANYWHERE))
    ]
    family = condition_family(db.session, condition)
    for one in ((family.own,) if family.own else ()) + family.parents:
        offers.append(Offer(FAMILY, ANYWHERE, one.condition.slug, one.condition.name, one.people))
    return [offer for offer in offers if offer.now < ALERT_NUMBERS[-1] or offer.key == chosen]


def _areas(condition: FoundCondition, chosen: str) -> list[int]:
    """Return the areas that the form, the address and the member's own place name."""
    mine = own_place(condition.id)
    named = (
        chosen.partition(":")[2],
        asked_for().get("area", ""),
        str(mine.area_id) if mine else "",
    )
    ids = dict.fromkeys(area_number(text) or ANYWHERE for text in named)
    return [area_id for area_id in ids if ANYWHERE < area_id < len(load_areas())]
