"""Mailchimp's segments of an audience, as its Marketing API gives them (`/lists/{list_id}/segments`).

A segment is a flat list of conditions of which all or any hold (`options: {match, conditions}`). Each has a
`condition_type`, a `field`, an `op`, and mostly a `value`. Facts are those of the API's own description of the segment
conditions, as the declarations for its JavaScript client repeat them.
"""

from __future__ import annotations

from .reading import read

__all__ = ["REVISION", "read"]

REVISION = "Marketing API 3.0.90"
