"""How long a session takes: from its start to the first prompt, and from a key to the count.

`python benchmarks/session.py [PROFILES]`, on a machine that does nothing else.
"""

from __future__ import annotations

import asyncio
import os
import pty
import re
import select
import statistics
import sys
import tempfile
from contextlib import suppress
from time import perf_counter

SEGQL = "from segql.__main__ import main; main()"

TYPED = (
    "placed order at least twice in 90d and clicked sms in 72h and never placed order in 7d",
    "can receive email and total spent > 500 and last placed order more than 90 days ago",
    'placed order where any item (collection is "Grinders") and country in EU',
)


def first_prompt() -> float:
    """Seconds until the prompt stands there, in a terminal that answers as terminals do."""
    with tempfile.TemporaryDirectory() as folder:
        start = perf_counter()
        child, terminal = pty.fork()
        if child == 0:
            os.environ.update(XDG_CONFIG_HOME=folder, TERM="xterm-256color")
            os.execvp(sys.executable, [sys.executable, "-c", SEGQL])
        seen = b""
        while b"segql> " not in re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", seen):
            if not select.select([terminal], [], [], 30)[0]:
                raise AssertionError(seen)
            more = os.read(terminal, 65536)
            seen += more
            if b"\x1b[6n" in more:  # where is the cursor?
                os.write(terminal, b"\x1b[1;1R")
        took = perf_counter() - start
        with suppress(OSError):
            os.write(terminal, b"\x04")
            while os.read(terminal, 65536):
                pass
        os.waitpid(child, 0)
        os.close(terminal)
        return took


def from_key_to_count(profiles: int) -> tuple[list[float], list[float]]:
    """Seconds from each key to what the toolbar says of the text, with the debounce; and those of whole rules."""
    from segql.console.opening import demo_shop, load_catalog
    from segql.console.setup import Setup
    from segql.demo import NOW
    from segql.project import Project
    from segql.repl.live import Live
    from segql.repl.state import State, read_segments, settled

    options = Setup()
    world = Project(
        load_catalog(options), read_segments(options), now=NOW, warehouse=demo_shop(profiles, lambda text: None)
    )
    state = State(options, settled(world))
    live, every, counts = Live(), [], []
    asyncio.run(live.follow("vip", state, lambda: None))
    for text in TYPED:
        for end in range(1, len(text) + 1):
            start = perf_counter()
            asyncio.run(live.follow(text[:end], state, lambda: None))
            took = perf_counter() - start
            every.append(took)
            if live.verdict is not None and live.verdict.members is not None:
                counts.append(took)
    live.close()
    return every, counts


def main() -> None:
    profiles = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    starts = [first_prompt() for _ in range(5)]
    print(f"start to first prompt: median {1000 * statistics.median(starts):.0f} ms, worst {1000 * max(starts):.0f} ms")
    every, counts = from_key_to_count(profiles)
    for name, found in (("key to verdict", every), ("key to count", counts)):
        print(
            f"{name}, {profiles:,} profiles: median {1000 * statistics.median(found):.0f} ms, "
            f"worst {1000 * max(found):.0f} ms ({len(found)} texts)"
        )


if __name__ == "__main__":
    main()
