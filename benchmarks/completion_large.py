"""How long completion takes on a large catalog, 500 events of 20 properties each and 200 segments, key by key, in ms.

Run it as `python benchmarks/completion_large.py`.
"""

from __future__ import annotations

from time import perf_counter

import segql

EVENTS, PROPERTIES, SEGMENTS = 500, 20, 200
TYPED = (
    "event 17 at least twice in 90d where kind 3 is set and event 400 in 7d",
    "kind 12 > 5 and never event 250 in 30d",
    "in segment Number 150 and event 3 where kind 4 > 100 then event 5 within 2d",
    "sum of kind 7 of event 9 in 1y > 1000 or not event 77",
)


def catalog() -> segql.Catalog:
    kinds = ", ".join(f"kind {number}: {'number' if number % 2 else 'text'}" for number in range(PROPERTIES))
    lines = ["profiles:", "  table: people", "  key: id", f"  properties: {{{kinds}}}", "events:"]
    for number in range(EVENTS):
        lines.append(f"  event {number}: {{table: e, profile: person, time: {{column: at, zone: UTC}},")
        lines.append(f"    properties: {{{kinds}}}}}")
    return segql.catalog_from_yaml("\n".join(lines))


def main() -> None:
    known = catalog()
    saved = segql.segments_from(
        "\n".join(f'segment "Number {number}" = event {number} in 30d' for number in range(SEGMENTS))
    )
    taken: list[tuple[float, str]] = []
    for text in TYPED:
        for end in range(1, len(text) + 1):
            start = perf_counter()
            segql.complete(text[:end], end, known, segments=saved)
            taken.append((1e3 * (perf_counter() - start), text[:end]))
    taken.sort()
    print(f"{len(taken)} keys: p50 {taken[len(taken) // 2][0]:.0f} ms, p99 {taken[-len(taken) // 100 - 1][0]:.0f} ms")
    for slow, text in taken[-5:]:
        print(f"{slow:7.0f} ms  {text!r}")


if __name__ == "__main__":
    main()
