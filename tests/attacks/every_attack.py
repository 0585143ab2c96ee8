"""All attacks, by their numbers."""

from importlib import import_module

from tests.attacks.duel import Attack

MODULES = (
    "auditor",
    "on_addresses",
    "on_browsers",
    "on_budgets",
    "on_counts",
    "on_labels",
    "on_leaving",
    "on_limits",
    "on_made_up_people",
    "on_mail",
    "on_places",
    "on_releases",
    "on_time",
    "on_traces",
    "on_two_maps",
    "twins",
)
ATTACKS: dict[str, Attack] = {
    one.number: one for name in MODULES for one in import_module(f"tests.attacks.{name}").ATTACKS
}
