"""English over a catalog: what somebody typed who does not know SegQL, as rules that say the same.

A sentence is cut where words join conditions (`and`, `but`, `who`); each part is read by a table of patterns with typed
gaps, as an event with whatever stands around it, or as SegQL. Each word has to go into what it is read as: a reading
that lacks one is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from .. import ast
    from ..catalog import Catalog
    from ..errors import SegQLError
    from ..segments import Segments
    from .taking import Bind

__all__ = ["taken"]


def taken(
    error: SegQLError,
    given: ast.Rule | ast.Segment | None,
    bind: Bind,
    segments: Segments,
    catalog: Catalog,
    *,
    now: datetime,
) -> ast.Rule:
    """What a text with an error is taken for, as `taking` says. Raises SegQLError."""
    from . import taking  # here: of a rule nothing is read as a sentence

    return taking.taken(error, given, bind, segments, catalog, now=now)
