"""The place of a condition in its family, in a sentence."""

from collections.abc import Sequence

from flask_babel import gettext as _

from mapapp.actions.conditions.condition_family import FamilyNumbers
from mapapp.actions.conditions.condition_search import Group
from mapapp.actions.published.listings import FoundCondition
from mapapp.domain.conditions.families import within_sentence
from mapapp.domain.conditions.hurtful_names import is_hurtful
from mapapp.web.core.locale import translated
from mapapp.web.published.presenters import raised


def place_in_words(
    condition: FoundCondition, parents: Sequence[FamilyNumbers], group: Group | None
) -> str:
    """Say what a condition is a form of, or else in which group it is; '' if it is in none."""
    name = raised(condition.name)
    families = [
        within_sentence(parent.condition.code, parent.condition.name)
        for parent in parents
        if not is_hurtful(parent.condition.name)
    ]
    if len(families) > 1:
        family, other = families[:2]
        return str(
            _(
                "%(condition)s is a form of %(family)s and of %(other)s.",
                condition=name,
                family=family,
                other=other,
            )
        )
    if families:
        return str(_("%(condition)s is a form of %(family)s.", condition=name, family=families[0]))
    if group:
        kind = translated(group.name)
        return str(_("%(condition)s is in the group “%(group)s”.", condition=name, group=kind))
    return ""
