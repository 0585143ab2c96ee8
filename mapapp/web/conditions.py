"""All conditions, and the page of one."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from mapapp.actions.catalogue import by_group, by_letter, describe, group_names, groups, letters
from mapapp.actions.find import condition_by_slug, most_joined, totals
from mapapp.actions.area_page import countries_of
from mapapp.actions.search import search_conditions
from mapapp.domain.areas import load_areas
from mapapp.domain.counts import countries_reached
from mapapp.errors import NotFoundError
from mapapp.web.conditional import conditional
from mapapp.web.database import db
from mapapp.web.parsing import page_number, typed_text

conditions = Blueprint("conditions", __name__)
