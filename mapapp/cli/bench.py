"""The command that makes a large site for measuring."""

import time

from mapapp.actions.operations.bench_load import load_people
from mapapp.cli.progress import progress
from mapapp.cli.tools import open_database, open_site, say
from mapapp.errors import N_, Nn_

LOADED_SITE = Nn_(
    "Made a site for measuring with %(n)s person on its maps.",
    "Made a site for measuring with %(n)s people on its maps.",
)


def bench_site(people: int, seed: int) -> None:
    """Load them, showing how far it is."""
    with open_site(write=False):
        pass
    with open_database() as (settings, engine), progress(N_("Inventing people"), people) as advance:
        moment = settings.schedule.last(int(time.time()))
        load_people(engine, people, moment, seed=seed, advance=advance)
    say(LOADED_SITE, n=people)
