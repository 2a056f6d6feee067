"""BigQuery."""

from __future__ import annotations

from .model import Dialect

BIGQUERY = Dialect("bigquery", like_escape=False)
