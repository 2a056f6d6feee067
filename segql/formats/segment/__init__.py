"""Twilio Segment's query language of audiences.

`event('Shoes Bought').where( property('price') >= 100 ).within(7 days).count() >= 1`: calls in a chain, from what is
looked at to a comparison, joined by AND, OR and NOT. Facts are those of the vendor's reference of the language.
"""

from __future__ import annotations

from .reading import read

__all__ = ["REVISION", "read"]

REVISION = "the reference of 2026-07-07"
