"""Postgres."""

from __future__ import annotations

from .model import Dialect

POSTGRES = Dialect("postgres", repeated_hour="later")
