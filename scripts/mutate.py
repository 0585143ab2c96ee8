"""Plant each fault of scripts/faults.toml in a copy of the tree, and report which test finds it.

Called by scripts/mutate; docs/faults.md explains it.
"""

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mutate_faults import Fault, chosen, read_faults, why_not
from mutate_trials import GOOD, Outcome, Plan, Trials, counted

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Return 0 if tests found every fault, except those that the list expects to survive."""
    arguments = _arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    faults = chosen(read_faults(arguments.faults), arguments.which)
    if arguments.needs is not None:
        faults = [fault for fault in faults if fault.needs == arguments.needs]
    if arguments.check:
        return _check(faults, arguments.tree.resolve())
    outcomes = _tried(faults, arguments)
    print(f"\n{counted(outcomes)}")
    return 0 if all(one.word in GOOD for one in outcomes) else 1


def _tried(faults: Sequence[Fault], arguments: argparse.Namespace) -> list[Outcome]:
    plan = Plan(
        arguments.tree.resolve(),
        arguments.kept,
        arguments.whole,
        arguments.jobs,
        arguments.patience,
    )
    trials = Trials(plan)
    is_told = arguments.whole or arguments.listed or not any(f.file.endswith(".py") for f in faults)
    if arguments.learn or not is_told:
        trials.learn(again=arguments.learn)
    outcomes = []
    with trials.ready(), ThreadPoolExecutor(arguments.jobs) as threads:
        try:
            for number, one in enumerate(threads.map(trials.outcome, faults), 1):
                outcomes.append(one)
                print(f"{number}/{len(faults)}  {one}", flush=True)
                _keep(outcomes, arguments.json)
        except KeyboardInterrupt:
            threads.shutdown(wait=False, cancel_futures=True)
            trials.stop()
            raise
    return outcomes


def _keep(outcomes: Sequence[Outcome], file: Path | None) -> None:
    """Write all outcomes so far: a run takes hours and may be stopped early."""
    if file:
        rows = {one.fault.id: [one.word, one.by] for one in outcomes}
        file.write_text(json.dumps(rows, indent=1), encoding="utf-8")


def _check(faults: Sequence[Fault], tree: Path) -> int:
    wrong = [(fault.id, reason) for fault in faults if (reason := why_not(fault, tree))]
    for name, reason in wrong:
        print(f"{name}: {reason}")
    print(f"{len(faults) - len(wrong)} of {len(faults)} faults can be planted.")
    return 1 if wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/mutate", description=__doc__)
    add = parser.add_argument
    add("which", nargs="*", help="names or files of faults; * is a wildcard (default: all)")
    add(
        "--needs", metavar="WHAT", help="only faults that need postgresql, browser, or '' (nothing)"
    )
    add("--whole", action="store_true", help="run all tests for each fault (takes hours)")
    add("--listed", action="store_true", help="run only the tests named in the list")
    add("--learn", action="store_true", help="learn again which tests execute which lines")
    add("--check", action="store_true", help="only check whether each can be planted")
    add("--jobs", type=int, default=1, help="faults tried in parallel (default: 1)")
    add("--patience", type=int, default=1200, help="seconds until a run counts as hanging")
    add("--faults", type=Path, default=ROOT / "scripts" / "faults.toml", help="another list")
    add("--tree", type=Path, default=ROOT, help="another checkout of the project")
    add("--kept", type=Path, default=ROOT / ".mutate", help="folder for what was learnt")
    add("--json", type=Path, help="file to write the outcomes to")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
