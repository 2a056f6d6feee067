"""How long completion takes behind a rule of 200 characters on the demo's catalog, warm: medians and worst, in ms.

Run it as `python benchmarks/completion_time.py`.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median
from time import perf_counter

import segql

CATALOG = Path(__file__).parent.parent / "examples" / "shop" / "catalog.yaml"
BEFORE = (
    "can receive sms and clicked sms at least once in 72h and never placed order in 72h and total spent > 100 in 90d "
    'and placed order where (total > 100 and any item (brand is "Acme" and price > 10)) in 30d and '
)
ENDS = (
    "", "pl", "placed order ", "placed order at le", "placed order in 30d ", "placed order where (", "country ",
    "country is ", "country in ", "total spent > ", "in list ", "top 10% by ",
)  # fmt: skip
RUNS = 50


def main() -> None:
    catalog = segql.load_catalog(CATALOG)
    print(f"{len(BEFORE)} characters, and:")
    for end in ENDS:
        text = BEFORE + end
        found = segql.complete(text, len(text), catalog)
        taken = []
        for _ in range(RUNS):
            start = perf_counter()
            segql.complete(text, len(text), catalog)
            taken.append(1e3 * (perf_counter() - start))
        print(f"{end!r:<24}{len(found):>4} offered {median(taken):>7.1f} ms, worst {max(taken):.1f} ms")


if __name__ == "__main__":
    main()
