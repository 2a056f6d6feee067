"""English over a catalog: what somebody typed who does not know SegQL, as rules that say the same.

A sentence is cut where words join conditions (`and`, `but`, `who`); each part is read by a table of patterns with typed
gaps, as an event with whatever stands around it, or as SegQL. Each word has to go into what it is read as: a reading
that lacks one is none.
"""

from .taking import taken

__all__ = ["taken"]
