"""Somebody who places people, one after the other, while a site is published: in another process.

python scripts/publish_beside.py FOLDER     (until its input ends; then prints how long acts took)
"""

import sys
import threading
import time
from pathlib import Path

import numpy as np
from sqlalchemy import func, select

from mapapp.actions.core.context import Context
from mapapp.actions.members.place_set import Placement, put
from mapapp.domain.areas.area_tree import ZONE, load_areas
from mapapp.settings import load_settings
from mapapp.store.conditions import Condition
from mapapp.store.database import make_engine, transaction
from mapapp.store.members import Member

PAUSE = 0.02


def main(folder: Path) -> None:
    """Place a member who is on one map already on another one, again and again."""
    settings = load_settings(instance=folder, publish="daily@04:00")
    engine, source, areas = (
        make_engine(settings.sqlalchemy_url),
        np.random.default_rng(3),
        load_areas(),
    )
    zones = np.flatnonzero(areas.level == ZONE)
    with transaction(engine, write=False) as session:
        maps = session.scalars(select(Condition.id).where(Condition.listed > 0)).all()
        last = session.scalar(select(func.max(Member.id))) or 0
    over, took = threading.Event(), []
    threading.Thread(target=lambda: sys.stdin.read() or over.set(), daemon=True).start()
    while not over.is_set():
        chosen = int(source.choice(maps)), int(source.integers(1, last + 1))
        wanted = Placement(int(source.choice(zones)), areas.version, "map", "self", "Calm Heron")
        start = time.perf_counter()
        with transaction(engine) as session:
            if session.get(Member, chosen[1]) is not None:
                put(Context(session, settings, now=int(time.time())), chosen[1], chosen[0], wanted)
        took.append((time.perf_counter() - start) * 1000)
        time.sleep(PAUSE)
    median, most = np.percentile(took, [50, 99]), max(took)
    print(
        f"{len(took):,} placed, median {median[0]:.0f} ms, p99 {median[1]:.0f}, longest {most:.0f}"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
