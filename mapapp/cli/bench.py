"""The command that makes a large site for measuring."""

import time

import click

from mapapp.actions.operations.bench_load import load_people
from mapapp.cli.tools import Command, open_database, open_site, progress, say
from mapapp.errors import N_, Nn_

LOADED_SITE = Nn_(
    "Made a site for measuring with %(n)s person on its maps.",
    "Made a site for measuring with %(n)s people on its maps.",
)
LARGEST_SITE = 50_000_000


@click.command("bench-site", cls=Command)
@click.argument("people", metavar="N", type=click.IntRange(1_000, LARGEST_SITE))
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same people.")
def bench_site(people: int, seed: int) -> None:
    """Fill an empty site with N invented people on the maps of 1,000 conditions, for measuring.

    Every page says that they are invented. A site that has people is refused: nobody else may use
    the database meanwhile, and what is made can only be thrown away as a whole.
    """
    with open_site(write=False):
        pass
    with open_database() as (settings, engine), progress(N_("Inventing people"), people) as advance:
        moment = settings.schedule.last(int(time.time()))
        load_people(engine, people, moment, seed=seed, advance=advance)
    say(LOADED_SITE, n=people)
