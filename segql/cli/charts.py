"""`--chart FILE`: a chart beside what is printed."""

from __future__ import annotations

from collections.abc import Callable

import click

from ..answers.charts import Spec
from ..console.charts import draw, undrawn
from .output import writing


def check_chart(place: str | None) -> None:
    """Whether a chart can be drawn there, before anything is asked. Raises click.UsageError."""
    if place is not None and (wrong := undrawn(place)):
        raise click.UsageError(f"--chart: {wrong[0].lower()}{wrong[1:]}")


def write_chart(place: str, chart: Callable[[], Spec]) -> None:
    """Draws a chart into a file, whole or not at all. Raises click.UsageError where it cannot be written."""
    with writing(place):
        draw(place, chart())
    click.echo(f"The chart is in {place}.", err=True)
