"""What waits for a link: shown once more, and asked for before it counts.

A stranger may have typed the address, or chosen what its owner would not.
"""

from dataclasses import dataclass

from flask import after_this_request, flash, request, url_for
from flask.wrappers import Response
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField

from mapapp.actions.account import waiting_place
from mapapp.actions.account.waiting_place import WaitingPlace
from mapapp.actions.published.listings import FoundCondition, condition_by_slug
from mapapp.domain.areas.area_facts import seen_at
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.core.choices import ROLES, VISIBILITY_WORDS
from mapapp.domain.mail.consent_wordings import ADULT, MAIL, NEEDED, PURPOSES
from mapapp.errors import BadInputError, LimitError, NotFoundError, Words
from mapapp.web.core.locale import translated
from mapapp.web.core.request_session import db, forget_work, keep_what_was_done
from mapapp.web.core.security import this_context
from mapapp.web.mail.agreement_form import AgreementForm
from mapapp.web.members.asked_place import veiled
from mapapp.web.members.place_preview import say_placed, seen_sentence

ONLY = "only"
"""The button that signs in and leaves alone what waits."""


class ConfirmForm(AgreementForm):
    """The agreement to a place that was chosen before."""

    mail = BooleanField(lazy_gettext("Email me"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.say_words(MAIL)


def ticks(form: FlaskForm) -> list[BooleanField]:
    """Return what can be ticked in a form that may be one to confirm with."""
    return [form.adult, form.mail] if isinstance(form, ConfirmForm) else []


@dataclass(frozen=True)
class Confirmed:
    """A place, and the purposes of the account that were agreed to with it."""

    place: WaitingPlace
    agreed: tuple[str, ...]


@dataclass(frozen=True)
class Waits:
    """What the page shows of a place that waits.

    Attributes:
        sentence: what others would see.
        agreements: what whoever confirms agrees to, as title and words.
    """

    place: WaitingPlace
    condition: FoundCondition
    sentence: str
    who_sees: Words
    role: Words
    agreements: tuple[tuple[Words, Words], ...]

    @property
    def choose_again(self) -> str:
        """The page on which it can be chosen anew, with the area."""
        at = veiled(area=self.place.wanted.area_id)
        return url_for("joining.join", slug=self.condition.slug, at=at)


def signs_in_only() -> bool:
    """Whether what waits is to be left alone."""
    return ONLY in request.form


def confirmed(waits: Waits | None, form: FlaskForm) -> Confirmed | None:
    """Return what was agreed to with a form that is right; None for a form that only signs in."""
    if waits is None or not isinstance(form, ConfirmForm):
        return None
    return Confirmed(waits.place, tuple(one for one in (ADULT, MAIL) if form.agreed_to(one)))


def what_waits(place: WaitingPlace | None) -> Waits | None:
    """Return what to show of a place; None for none, and for one that cannot be used any more."""
    areas = load_areas()
    if place is None or place.wanted.area_version != areas.version:
        return None
    after_this_request(_keep_off_the_disk)
    try:
        condition = condition_by_slug(db.session, place.slug)
    except NotFoundError:
        return None
    wanted = place.wanted
    return Waits(
        place,
        condition,
        seen_sentence(seen_at(areas, wanted.area_id)),
        VISIBILITY_WORDS[wanted.visibility],
        ROLES[wanted.role],
        tuple((PURPOSES[one].title, PURPOSES[one].now.words) for one in NEEDED[wanted.visibility]),
    )


def put_on_map(given: Confirmed) -> str:
    """Put who is signed in now on the map; return where to go on.

    The signing in stands, whatever becomes of the place.
    """
    slug = given.place.slug
    keep_what_was_done()
    try:
        done = waiting_place.put_on_map(this_context(), given.place, given.agreed)
    except NotFoundError as error:
        return _not_placed(error, "/")
    except (BadInputError, LimitError) as error:
        at = veiled(area=given.place.wanted.area_id)
        return _not_placed(error, url_for("members.place", slug=slug, at=at))
    say_placed(given.place.wanted, done.placed.due, same_name=done.same_name)
    return url_for("placed.show_placed", slug=slug)


def _not_placed(error: BadInputError | LimitError | NotFoundError, path: str) -> str:
    forget_work()
    flash(translated(error), "error")
    return path


def _keep_off_the_disk(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response
