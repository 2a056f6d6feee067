"""The ledger of a warehouse: who is a member of which segment, since when, who was before, and the runs that found it.

`draft` asks all segments by one statement and says what would change; `written` makes it so, or does nothing where
another run came first; `refresh` is both, again where it has to be. `backfill` is
a run for each of some instants. `changes` asks who came and went.
"""

from __future__ import annotations

from .changes import changes
from .drafts import backfill, draft, refresh, written
from .model import Refresh, Refreshed

__all__ = ["Refresh", "Refreshed", "backfill", "changes", "draft", "refresh", "written"]
