"""From the emitter's nodes to a dialect's own.

The emitter writes one tree for all dialects. Where sqlglot's printer says one of its nodes wrongly, a dialect's
`rewrite` says it in other nodes. It gets every node, those below it before it, and gives the same node or another. What
the emitter means by nodes that sqlglot reads one way here and another way there:

- `AtTimeZone`: the wall-clock time in a zone of an instant, a timestamp without zone.
- `FromTimeZone`: the instant of a wall-clock time in a zone; `repeated_hour` says which one where clocks repeat.
- `UnixToTime` in microseconds: the wall-clock time in UTC, a timestamp without zone.
- `UnixMicros`: microseconds since 1970 of an instant, a whole number.
- `TIMESTAMPTZ` is an instant, `TIMESTAMP` a wall-clock time.
- `TryCast`: NULL for what does not fit the type, NaN and infinity among that.
- A literal with a decimal point is a decimal, never a float.
- `WithinGroup(PercentileDisc(0.5))`: the lower median of the values that are there.
- `IntDiv` and `Mod` of whole decimals: exact, truncated towards zero.
"""

from __future__ import annotations

from sqlglot import exp

from .model import Rewrite


def rewritten(tree: exp.Expr, rewrite: Rewrite | None) -> exp.Expr:
    """The tree in the dialect's own nodes. The given tree is used up."""
    if rewrite is None:
        return tree
    for node in reversed(list(tree.walk(bfs=False))):  # those below come first
        # Where it stands: the new node may hold the old one.
        parent, key, index = node.parent, node.arg_key, node.index
        new = rewrite(node)
        if new is node:
            continue
        if node is tree:
            new.parent = None
            tree = new
        elif parent is not None and key is not None:
            parent.set(key, new, index)
    return tree


def zoned(node: exp.Expr) -> exp.Expr:
    """`AT TIME ZONE` both ways, as standard SQL says it."""
    return exp.AtTimeZone(this=node.this, zone=node.args["zone"]) if isinstance(node, exp.FromTimeZone) else node


def number_type(type_: exp.DataType) -> tuple[int, int]:
    """The digits of a decimal type, and how many of them are behind the point."""
    digits, scale = (int(parameter.name) for parameter in type_.expressions)
    return digits, scale
