"""The discovery room: looks at a warehouse, and proposes a catalog for it (`segql catalog init`).

`look` reads schemas and samples, `propose` guesses from what was seen, which is plain data, `cleaned` writes the file
and holds it to the warehouse. What is a guess says so in a comment of the file; what nobody can see is a question.
"""

from __future__ import annotations

from .clean import Checked, cleaned, size_of_check
from .draft import Draft, Question
from .looking import MOST_TABLES, TooMany, listed, look, size_of_counts, size_of_samples, with_counts
from .people import NoProfiles
from .proposal import propose
from .starter import starter_text

__all__ = [
    "MOST_TABLES", "Checked", "Draft", "NoProfiles", "Question", "TooMany", "cleaned", "listed", "look", "propose",
    "size_of_check", "size_of_counts", "size_of_samples", "starter_text", "with_counts",
]  # fmt: skip
