"""How a treatment went, for those who tried it."""

from mapapp.domain.wording import _

OUTCOMES = {
    "better": _("Better"),
    "same": _("No change"),
    "worse": _("Worse"),
}
FEWEST = 10
"""People who must have reported a treatment before anything of it is shown."""
