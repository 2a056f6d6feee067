"""`profile-metric-funnel`: one event after another."""

from __future__ import annotations

from ... import ast
from ..core.documents import Node
from ..core.names import Names
from ..core.report import Impossible, Notes
from ..core.trees import named
from .filters import event_filters
from .metrics import event_of
from .timeframes import window

WINDOWS = {
    "HOURS_1": (1, "h"), "DAYS_1": (1, "d"), "DAYS_3": (3, "d"), "DAYS_5": (5, "d"), "WEEKS_1": (1, "w"),
    "DAYS_30": (30, "d"), "DAYS_90": (90, "d"), "DAYS_180": (180, "d"), "YEARS_1": (365, "d"),
}  # fmt: skip
ORDER = "The window is that of the first step, and a later one may be at the same instant; the vendor says neither."
OVER = "Who did not do the last step is in when the time for it is over; the vendor does not say whether it has to be."
BETWEEN = "A step that is not done lies between those around it; the vendor does not say where."


def funnel(node: Node, names: Names, notes: Notes) -> ast.Rule:
    """The steps as a sequence. Raises Impossible where the first is one that is not done, or all are."""
    node.only("type", "steps", "timeframe_filter", "completion_window_seconds")
    steps = list(node.need("steps").items())
    if not 2 <= len(steps) <= 8:
        raise Impossible("A sequence has two to eight steps here.", node.path)
    time = node.get("timeframe_filter")
    when = window(time, names, notes) if time is not None else None
    if isinstance(when, ast.InNext):
        raise Impossible("Events lie in the past here: nothing is known of what is ahead.", time.path if time else "")
    length = _length(node.get("completion_window_seconds"))
    notes.add(ORDER)
    subjects: list[ast.Subject] = []
    words: list[ast.Follows] = []
    absent = -1
    for place, step in enumerate(steps):
        step.only("metric_id", "metric_exists", "metric_filters")
        event = event_of(step.need("metric_id"), names)
        where = event_filters(step.get("metric_filters"), event, names, notes)
        exists, last = step.need("metric_exists").truth(), place == len(steps) - 1
        if not exists and place == 0:
            raise Impossible("A sequence begins with something that was done.", step.path)
        word: ast.Follows = "then"
        head: ast.Head = named(event)
        if not exists and last:
            word, absent = "not followed by", place
            notes.add(OVER)
        elif not exists:
            head = _absent(event)
            notes.add(BETWEEN)
        subjects.append(ast.Subject(head, window=when if place == 0 else None, where=where))
        if place:
            words.append(word)
    if absent < 0:
        return ast.Sequence(tuple(words), tuple(subjects), length)
    if length is not None and len(subjects) > 2:
        raise Impossible("A time for all steps, the one that is not done among them, has no form here.", node.path)
    if length is not None:
        first, final = subjects
        subjects = [first, ast.Subject(final.head, where=final.where, within=length)]
    return ast.Sequence(tuple(words), tuple(subjects))


def _absent(event: str) -> ast.Name:
    found = named(event)
    return ast.Name("no", found.quoted) if found.quoted is not None else ast.Name(f"no {found.words}")


def _length(node: Node | None) -> ast.Duration | None:
    if node is None:
        return None
    count, unit = WINDOWS[node.one_of(*WINDOWS)]
    return ast.Duration(count, unit)  # type: ignore[arg-type]
