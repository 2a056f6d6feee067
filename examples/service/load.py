"""Clients that type: `python load.py http://127.0.0.1:8000 [clients] [seconds]`, for a service on this machine alone.

Each asks one thing after the other, with a pause as of a person who types: checks and completions most often, then
counts, explanations and SQL. Prints how many answers came, how long they took, and what failed.
"""

import asyncio
import json
import random
import sys
import time
from collections import defaultdict

RULES = [
    "can receive email and placed order in 90d", "vip and never placed order in 30d", "total spent > 100",
    "placed order at least twice in 6mo where total > 40", 'country is "NL" or country is "BE"',
    "opened email at least 3 times in 90d and not vip", "last placed order more than 60 days ago", "plced order in 3d",
]  # fmt: skip
PAUSE = 0.5
KINDS = ["validate"] * 8 + ["complete"] * 8 + ["count"] * 2 + ["explain", "compile"]


async def one(
    host: str, port: int, until: float, took: dict[str, list[float]], failed: list[str], *, seed: int
) -> None:
    """A client until the end, over one connection."""
    draw = random.Random(seed)
    reader, writer = await asyncio.open_connection(host, port)
    while time.monotonic() < until:
        await asyncio.sleep(draw.uniform(0, 2 * PAUSE))
        kind, rule = draw.choice(KINDS), draw.choice(RULES)
        if draw.random() < 0.3:  # a rule of one's own, which nobody has asked before
            rule = f"({rule}) or total spent > {draw.randrange(10**6)}"
        text = rule[: draw.randrange(len(rule))] if kind == "complete" else rule
        body = json.dumps({"rule": text, "cursor": len(text)}).encode()
        head = (
            f"POST /{kind} HTTP/1.1\r\nHost: x\r\nX-Client: {draw.choice(('north', 'south'))}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        start = time.perf_counter()
        writer.write(head.encode() + body)
        first = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[16:]) for line in first.lower().split(b"\r\n") if line.startswith(b"content-length: "))
        await reader.readexactly(length)
        took[kind].append(time.perf_counter() - start)
        status = int(first.split(b" ", 2)[1])
        if status != 200 and not (status == 422 and "plced" in rule):
            failed.append(f"{kind} {status}")
    writer.close()


async def main(url: str, clients: int, seconds: float) -> None:
    """All clients, then what they say."""
    host, _, port = url.removeprefix("http://").rstrip("/").partition(":")
    if host not in ("127.0.0.1", "localhost"):
        sys.exit("only a service on this machine is loaded")
    took, failed = defaultdict[str, list[float]](list), list[str]()
    until = time.monotonic() + seconds
    asking = (one(host, int(port), until, took, failed, seed=seed) for seed in range(clients))
    ends = await asyncio.gather(*asking, return_exceptions=True)
    failed += [repr(end) for end in ends if end is not None]
    for kind, times in sorted({**took, "all": [each for some in took.values() for each in some]}.items()):
        times.sort()
        p50, p99 = (1000 * times[int(len(times) * part)] for part in (0.5, 0.99))
        print(
            f"{kind:9} {len(times):7,} answers  p50 {p50:7.1f} ms  p99 {p99:7.1f} ms  worst {1000 * times[-1]:7.1f} ms"
        )
    print(f"{len(failed)} failed {failed[:3]}")


if __name__ == "__main__":
    asyncio.run(
        main(sys.argv[1], int(sys.argv[2] if sys.argv[2:] else 100), float(sys.argv[3] if sys.argv[3:] else 60))
    )
