"""`--chart FILE`: a chart as a picture, a page of its own, or the specification that draws it."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import click

from ..answers.charts import Spec
from ..files import write
from .output import writing

ENDINGS = (".svg", ".png", ".html", ".json")
VERSION = "5.21"
"""The version of Vega-Lite in which charts are drawn, one of those that vl-convert brings."""


def check_chart(place: str | None) -> None:
    """Whether a chart can be drawn there, before anything is asked. Raises click.UsageError."""
    if place is None:
        return
    ending = Path(place).suffix.lower()
    if ending not in ENDINGS:
        raise click.UsageError("--chart: the name of the file ends in .svg, .png, .html or .json.")
    if ending != ".json":
        _drawer()


def _drawer() -> None:
    if find_spec("vl_convert") is None:
        raise click.UsageError(
            "Charts are drawn by vl-convert-python: pip install 'segql[charts]'. "
            "Without it --chart takes a .json file, which other programs draw."
        )


def write_chart(place: str, chart: Callable[[], Spec]) -> None:
    """Draws a chart into a file, whole or not at all. Raises click.UsageError where it cannot be written."""
    spec, ending = chart(), Path(place).suffix.lower()
    drawn: str | bytes
    if ending == ".json":
        drawn = json.dumps(spec, ensure_ascii=False, indent=2) + "\n"
    else:
        import vl_convert

        if ending == ".svg":
            drawn = vl_convert.vegalite_to_svg(spec, vl_version=VERSION)
        elif ending == ".png":
            drawn = vl_convert.vegalite_to_png(spec, vl_version=VERSION, scale=2)
        else:
            drawn = vl_convert.vegalite_to_html(spec, vl_version=VERSION, bundle=True)
    with writing(place):
        write(place, drawn)
    click.echo(f"The chart is in {place}.", err=True)
