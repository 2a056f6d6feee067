"""`make fuzz`: random rules on random shops without end, on one engine or all; every mismatch is shrunk and kept.

python -m tests.fuzz [--engine NAME]... [--pairs N] [--seconds N] [--seed N]

A seed repeats a run on the same machine. A mismatch becomes a case file in tests/cases/found/: name it well, say above
it what it shows, and it is a test of its own. Exits with 1 when there was one.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random, SystemRandom

from .chance.pairs import CATALOG, answers, example, smallest
from .engines import ENGINES, Engine, started, stored

FOUND = Path(__file__).parent / "cases" / "found"


@dataclass
class Total:
    """What was compared on one engine."""

    pairs: int = 0
    telling: int = 0
    """With some people in and some out."""
    mismatches: int = 0


def fuzz(engine: Engine, seed: int, pairs: int, seconds: float) -> Total:
    """Compare until so many pairs are done or so much time is over."""
    total, random, until = Total(), Random(seed), time.monotonic() + seconds
    known: set[str] = set()
    while total.pairs < pairs and time.monotonic() < until:
        now, shop, texts = example(random)
        shop = stored(shop, engine)
        for rule in texts:
            members, wrong = answers(rule, shop, now, CATALOG, engine)
            total.pairs += 1
            total.telling += 0 < len(members) < len(shop.profiles)
            if wrong:
                total.mismatches += 1
                text = smallest(rule, shop, now, CATALOG, engine)
                told, _, found = text.partition("\n# Found by chance.")
                keep(f"# Found by chance.{found}", told, known)
        if sys.stderr.isatty():
            print(f"\r{said(engine.dialect, total)}", end="", file=sys.stderr, flush=True)
    return total


def keep(case: str, told: str, known: set[str]) -> None:
    """A case file of its own, unless the same was found before; what was wrong is printed above it."""
    name = hashlib.md5(case.encode()).hexdigest()[:8]
    if name in known:
        return
    known.add(name)
    FOUND.mkdir(exist_ok=True)
    file = FOUND / f"{name}.segql-case"
    file.write_text(case, encoding="utf-8")
    print(f"\n{file.relative_to(Path.cwd())}\n{told}\n{case}")


def said(engine: str, total: Total) -> str:
    wrong = f"{total.mismatches} mismatches" if total.mismatches else "no mismatch"
    return f"{engine}: {total.pairs:,} pairs, {total.telling:,} with some in and some out, {wrong}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--engine", action="append", choices=list(ENGINES), help="more than once for several")
    parser.add_argument("--pairs", type=int, default=10**9)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**9))
    given = parser.parse_args()
    wrong = 0
    for name in given.engine or ["duckdb"]:
        with contextmanager(started)(name) as engine:
            total = fuzz(engine, given.seed, given.pairs, given.seconds)
        print(f"\r{said(name, total)}; seed {given.seed}")
        wrong += total.mismatches
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
