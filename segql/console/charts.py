"""A chart as a picture, a page of its own, or the specification that draws it: by the end of the file's name."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

from ..answers.charts import Spec
from ..files import write

ENDINGS = (".svg", ".png", ".html", ".json")
VERSION = "5.21"
"""The version of Vega-Lite in which charts are drawn, one of those that vl-convert brings."""


def undrawn(place: str) -> str:
    """Why no chart can be drawn there, as a sentence; empty where one can."""
    ending = Path(place).suffix.lower()
    if ending not in ENDINGS:
        return "The name of the file ends in .svg, .png, .html or .json."
    if ending != ".json" and find_spec("vl_convert") is None:
        return (
            "Charts are drawn by vl-convert-python: pip install 'segql[charts]'. "
            "Without it a chart is a .json file, which other programs draw."
        )
    return ""


def draw(place: str, spec: Spec) -> None:
    """Draws a chart into a file, whole or not at all. Raises OSError where it cannot be written."""
    ending = Path(place).suffix.lower()
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
    write(place, drawn)
