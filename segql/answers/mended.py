"""What `check --fix` changed, as a line for people and as data."""

from __future__ import annotations

from typing import Any

from ..errors import Fix


def change_text(fix: Fix) -> str:
    """`segments/sms.segql:2:17: `clicked smz` is now `clicked sms``."""
    line, column = fix.span.source.position(fix.span.start)
    before, after = (" ".join(text.split()) for text in (fix.span.text, fix.text))
    if not before:
        said = f"added `{after}`"
    else:
        said = f"`{before}` is now `{after}`" if after else f"left out `{before}`"
    return f"{fix.span.source.name}:{line}:{column}: {said}"


def change_data(fix: Fix) -> dict[str, Any]:
    """The same as JSON can hold it; `line` and `column` from 1, in the text that the fix was written into."""
    line, column = fix.span.source.position(fix.span.start)
    return {"file": fix.span.source.name, "line": line, "column": column, "before": fix.span.text, "after": fix.text}
