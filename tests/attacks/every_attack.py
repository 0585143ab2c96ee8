"""All attacks, by their numbers."""

from tests.attacks import on_releases
from tests.attacks.duel import Attack

MODULES = (on_releases,)
ATTACKS: dict[str, Attack] = {one.number: one for module in MODULES for one in module.ATTACKS}
