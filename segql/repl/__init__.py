"""The session, `segql` with no command: type a rule, watch it count, ask about it.

`loop` reads and answers, `state` is what is known between two rules, `live` counts what is being typed, `commands` are
those with a backslash. prompt_toolkit is known to `prompting`, `completing` and `history` alone.
"""

from __future__ import annotations

from .session import run

__all__ = ["run"]
