"""Attack real sites, over HTTP, as somebody would who wants to know what is not told.

Each attack has a site of its own, with processes as an operator runs them. Prints for each how
often it was right, beside guessing and beside what the ledger's epsilon allows. Exits with 1 if
one was right more often than that, by more than three standard errors; with ``--unprotected``,
where what protects is taken away, if one was not.

Usage: scripts/attack [--trials N] [--only 15] [--postgresql] [--unprotected]
"""

import argparse
import sys
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from soak import database
from soak_site import HOST, Site
from sqlalchemy.orm import Session

from mapapp.app import create_app
from mapapp.settings import load_settings
from mapapp.store.database import FOR_WRITING, make_engine
from tests.attacks.duel import Attack, Outcome
from tests.attacks.every_attack import ATTACKS
from tests.attacks.target import OverHttp, Target

TOP = Path(__file__).resolve().parents[1]
WITHOUT = """
import sys
sys.path.insert(0, {top!r})
from tests.attacks.every_attack import ATTACKS
taken_away = ATTACKS[{number!r}].unprotected()
taken_away.__enter__()
"""
"""What each process of a site runs first whose protection is taken away."""


def main() -> int:
    """Run the attacks that were asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("Usage")[0])
    parser.add_argument("--trials", type=int, help="else what each attack needs")
    parser.add_argument("--only", choices=ATTACKS, help="one attack, by its number")
    parser.add_argument("--postgresql", action="store_true", help="on a server of its own")
    parser.add_argument("--unprotected", action="store_true", help="without what protects")
    asked = parser.parse_args()
    failed = 0
    for attack in [ATTACKS[asked.only]] if asked.only else ATTACKS.values():
        trials = asked.trials or attack.long
        outcome = _attacked(attack, trials, asked.postgresql, asked.unprotected)
        print(f"{attack.number} {attack.name}: {outcome}", flush=True)
        failed += outcome.is_held == asked.unprotected
    return min(failed, 1)


def _attacked(attack: Attack, trials: int, on_postgresql: bool, is_unprotected: bool) -> Outcome:
    plant = WITHOUT.format(top=str(TOP), number=attack.number) if is_unprotected else ""
    with (
        ExitStack() as ends,
        tempfile.TemporaryDirectory(prefix="mapapp-attack-") as folder,
        database(Path(folder), on_postgresql) as (setting, _url),
    ):
        site = Site(Path(folder), setting, plant)
        made = site.command("init")
        if made.returncode:
            raise SystemExit(made.stderr)
        if is_unprotected:
            ends.enter_context(attack.unprotected())
        try:
            site.start()
            return _against(site, attack, trials)
        finally:
            site.stop()


def _against(site: Site, attack: Attack, trials: int) -> Outcome:
    names = {key.removeprefix("MAPAPP_").lower(): v for key, v in site.settings.items()}
    settings = load_settings(**names)
    engine = make_engine(settings.sqlalchemy_url)
    # This process has the same site, so that an attacker can sign in without waiting for mail.
    visitor = partial(OverHttp, create_app(settings), host=HOST, port=site.port)
    writing = engine.execution_options(**FOR_WRITING)  # the worker writes, too
    with Session(writing, expire_on_commit=False) as session:
        return attack.play(Target(session, engine, settings, visitor), trials)


if __name__ == "__main__":
    sys.exit(main())
