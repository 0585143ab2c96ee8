"""All attacks, by their numbers."""

from tests.attacks import (
    on_addresses,
    on_counts,
    on_labels,
    on_leaving,
    on_places,
    on_releases,
)
from tests.attacks.duel import Attack

MODULES = (on_releases, on_places, on_labels, on_counts, on_leaving, on_addresses)
ATTACKS: dict[str, Attack] = {one.number: one for module in MODULES for one in module.ATTACKS}
