"""A catalog for a warehouse that has none, in a session: `\\catalog init`, and the offer at the first start."""

from __future__ import annotations

from dataclasses import replace

import click

from ..console.output import busy, show_warehouse_error
from ..console.proposing import CATALOG, Wanted, propose_to
from ..console.setup import Setup
from .printing import note
from .state import open_warehouse


def proposed(setup: Setup) -> Setup | None:
    """The setup with a catalog and segments that are proposed for its warehouse; None, and a message, where none are.

    Raises WarehouseError, and click.UsageError where a file cannot be written.
    """
    wanted = Wanted()
    try:
        wanted.check()
    except click.exceptions.Exit:  # who keeps the file that is there
        return None
    with busy("Opening the warehouse") as say:
        warehouse = open_warehouse(setup, say)
    try:
        code = propose_to(warehouse, wanted, setup.warehouse)
    finally:
        warehouse.close()
    catalog, segments = map(str, wanted.paths)
    return None if code else replace(setup, catalog=catalog, segments=(segments,))


def first_catalog(setup: Setup) -> Setup:
    """The setup with a proposed catalog, where its user wants one; else as it is."""
    from ..warehouse import WarehouseError

    if any(path.exists() for path in Wanted().paths):
        note(f"{CATALOG} is here: --catalog {CATALOG} asks with it.")
        return setup
    if not click.confirm(f"There is no catalog. Look at the tables, and write a first {CATALOG}?", err=True):
        return setup
    try:
        return proposed(setup) or setup
    except WarehouseError as error:
        show_warehouse_error(error.message, error.hint, False)
        return setup
