"""Columns of text side by side, as wide as their widest cell and as many as there is room for."""

from __future__ import annotations

from collections.abc import Collection, Sequence

LEAST = 6
"""Cells of a column that is worth showing."""


def beside(columns: Sequence[Sequence[str]], width: int, *, right: Collection[int] = (), ruled: bool = False) -> str:
    """Lines of these columns, the first of them whole, those of the places `right` to the right; `ruled`: a head.

    What has less room is cut off; where there is none a column is left out, and so is one that is empty.
    """
    from rich.cells import cell_len  # here: the other commands need no rich

    lines = [""] * (len(columns[0]) + ruled)
    for place, column in enumerate(columns):
        room = width - max(map(cell_len, lines)) - 2 if place else width
        if not any(column) or (place and room < LEAST):
            continue
        cells = [cut(one, room) if place else one for one in column]
        wide = max(map(cell_len, cells))
        if ruled:
            cells.insert(1, "─" * wide)
        fill = [" " * (wide - cell_len(one)) for one in cells]
        sides = [space + one if place in right else one + space for one, space in zip(cells, fill, strict=True)]
        lines = [f"{line}  {one}" if any(lines) else one for line, one in zip(lines, sides, strict=True)]
    return "\n".join(line.rstrip() for line in lines)


def cut(text: str, most: int) -> str:
    """A text in one line and in so many cells."""
    from rich.cells import cell_len, set_cell_size

    text = " ".join(text.split())
    return text if cell_len(text) <= most else set_cell_size(text, most - 1).rstrip() + "…"
