"""The page on which somebody chooses a place, for members and for those who join."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from mapapp.actions.members.my_places import MyPlace
from mapapp.actions.members.profile_edit import my_languages
from mapapp.actions.published.listings import FoundCondition
from mapapp.domain.areas.area_facts import PRECISIONS, offered_precision
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.shapes import shapes_version
from mapapp.domain.mail.consent_wordings import PURPOSES
from mapapp.errors import MapappError
from mapapp.web.core.locale import translated
from mapapp.web.core.request_session import db
from mapapp.web.core.security import current_member_id
from mapapp.web.members import area_picker
from mapapp.web.members.member_forms import (
    PlaceForm,
    area_number,
    chosen_languages,
    language_options,
    language_slots,
)
from mapapp.web.members.place_preview import previews


@dataclass(frozen=True)
class PlacePage:
    """Which page it is, and for whom.

    Attributes:
        template: of the page.
        where: the endpoint that looks for a place by a town or in the list.
        condition: on whose map the place is.
        mine: the place that the member has there, if any.
        more: what the template shows beside that.
    """

    template: str
    where: str
    condition: FoundCondition
    mine: MyPlace | None = None
    more: Mapping[str, object] = field(default_factory=dict)

    def show(self, form: PlaceForm, status: int = 200, error: str = "") -> ResponseReturnValue:
        """Return the page; what was typed stays, and an area that cannot be used is left out."""
        area_id, error = self._chosen_area(form, error)
        choices = previews(area_id) if area_id else {}
        offered = offered_precision(self.condition.listed)
        if not form.is_submitted() or form.precision.data not in choices:
            first = next(iter(choices), offered) if self.mine else offered
            form.precision.data = _at_least(first, list(choices))
        page = render_template(
            self.template,
            condition=self.condition,
            mine=self.mine,
            form=form,
            error=error,
            area_id=area_id,
            shapes=shapes_version(),
            previews=choices,
            offered_precision=offered,
            few_listed=offered != PRECISIONS[0],
            **area_picker.town_facts(area_id),
            steps=area_picker.list_steps(),
            where_url=url_for(self.where, slug=self.condition.slug),
            purposes=PURPOSES,
            **spoken_languages(),
            **self.more,
        )
        return page, status

    def _chosen_area(self, form: PlaceForm, error: str) -> tuple[int | None, str]:
        current = load_areas().version
        try:
            if form.is_submitted() and form.area_version.data == current:
                area_id = area_number(form.area_id.data)
            else:
                form.area_version.data = current
                area_id = area_picker.asked_area()
                if area_id is None and self.mine and self.mine.area_version == current:
                    area_id = self.mine.area_id
            if area_id:
                previews(area_id)
            return area_id or None, error
        except MapappError as refusal:
            return None, error or translated(refusal)


def spoken_languages() -> dict[str, object]:
    """Return the fields for languages, and what stands in them."""
    member_id = current_member_id()
    if request.method == "POST":
        spoken = chosen_languages()
    else:
        spoken = my_languages(db.session, member_id) if member_id else ()
    return {"language_options": language_options(), "spoken": language_slots(spoken)}


def _at_least(precision: str, choices: list[str]) -> str:
    """Return ``precision`` where it can be chosen, else the next that tells less."""
    coarser = [one for one in PRECISIONS[PRECISIONS.index(precision) :] if one in choices]
    return coarser[0] if coarser else next(reversed(choices), precision)
