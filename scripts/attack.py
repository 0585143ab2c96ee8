"""Attack released numbers of a real site, over HTTP, as somebody who knows all others would.

Each attack has a site of its own, with as many maps as there are trials; its pages are read as
anybody reads them. Prints for each how often it was right, beside guessing and beside what the
ledger's epsilon allows. Exits with 1 if one was right more often than that, by more than three
standard errors; with ``--unprotected``, if one was not right each time.

Usage: scripts/attack [--trials 400] [--only 15] [--postgresql] [--unprotected]
"""

import argparse
import sys
import tempfile
import urllib.request
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from soak import database
from soak_site import HOST, Site
from sqlalchemy.orm import Session

from mapapp.actions.statistics import release_make
from mapapp.domain.published import release_rules
from mapapp.settings import load_settings
from mapapp.store.database import FOR_WRITING, make_engine
from tests.attacks.duel import Outcome
from tests.attacks.on_releases import ATTACKS


def main() -> int:
    """Run the attacks that were asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("Usage")[0])
    parser.add_argument("--trials", type=int, default=400)
    parser.add_argument("--only", choices=ATTACKS, help="one attack, by its number")
    parser.add_argument("--postgresql", action="store_true", help="on a server of its own")
    parser.add_argument("--unprotected", action="store_true", help="without noise and steps")
    asked = parser.parse_args()
    failed = 0
    for name in [asked.only] if asked.only else ATTACKS:
        outcome = _attacked(name, asked.trials, asked.postgresql, asked.unprotected)
        print(outcome, flush=True)
        failed += outcome.right < outcome.trials if asked.unprotected else not outcome.is_held
    return min(failed, 1)


def _attacked(name: str, trials: int, on_postgresql: bool, is_unprotected: bool) -> Outcome:
    with (
        tempfile.TemporaryDirectory(prefix="mapapp-attack-") as folder,
        database(Path(folder), on_postgresql) as (setting, _url),
    ):
        site = Site(Path(folder), setting)
        made = site.command("init")
        if made.returncode:
            raise SystemExit(made.stderr)
        try:
            site.start()
            return _against(site, name, trials, is_unprotected)
        finally:
            site.stop()


def _against(site: Site, name: str, trials: int, is_unprotected: bool) -> Outcome:
    names = {key.removeprefix("MAPAPP_").lower(): v for key, v in site.settings.items()}
    settings = load_settings(**names)
    engine = make_engine(settings.sqlalchemy_url)

    def _get(path: str) -> str:
        with urllib.request.urlopen(f"http://{HOST}:{site.port}{path}", timeout=60) as answer:
            return str(answer.read().decode())

    writing = engine.execution_options(**FOR_WRITING)  # the worker writes, too
    with Session(writing, expire_on_commit=False) as session:
        if not is_unprotected:
            return ATTACKS[name](session, engine, settings, _get, trials)
        with (
            patch.object(release_make, "with_noise", lambda numbers, _scale: dict(numbers)),
            patch.object(release_rules, "TOLD_IN_STEPS", 1),
        ):
            return ATTACKS[name](session, engine, settings, _get, trials)


if __name__ == "__main__":
    sys.exit(main())
