"""The noise of released numbers, drawn by OpenDP."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mapapp.first_use import OnFirstUse

if TYPE_CHECKING:
    from opendp import prelude
else:
    prelude = OnFirstUse("opendp.prelude")

MECHANISM = "discrete Laplace (OpenDP make_laplace)"


def with_noise(numbers: Mapping[str, int], scale: float) -> dict[str, int]:
    """Return ``numbers`` with discrete Laplace noise of ``scale`` added to each on its own.

    Source: Ghosh, Roughgarden, Sundararajan (2012), Universally utility-maximizing privacy
    mechanisms; drawn without floating-point attacks by OpenDP.
    """
    if not numbers:
        return {}
    prelude.enable_features("contrib")
    space = prelude.vector_domain(prelude.atom_domain(T=int)), prelude.l1_distance(T=int)
    draw = prelude.m.make_laplace(*space, scale=float(scale))
    return dict(zip(numbers, draw(list(numbers.values())), strict=True))
