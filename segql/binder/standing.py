"""Where a profile stands: whom a channel reaches, and who is in a list."""

from __future__ import annotations

from collections.abc import Mapping

from .. import ast
from .. import conditions as c
from ..formatter import format_name
from ..words import say
from . import windows
from .patterns import said as pattern_said
from .patterns import sign_of
from .scope import Scope, Together, fail, unknown


def consent(scope: Scope, given: ast.CanReceive) -> c.Tree[c.Condition]:
    """`can receive sms`, `cannot receive email because "bounced" in 30d`."""
    name = scope.catalog.find_channel(given.channel.text)
    if name is None:
        unknown("channel", given.channel, _spelled(scope.catalog.channels))
    channel = scope.catalog.channels[name]
    reason, window = None, None
    together = Together()
    with together:
        if given.reason is not None and channel.reason is None:
            fail("no-reason", f"The catalog keeps no reason for `{name}`.", given.reason.span,
                 "leave `because ..` out, or add `reason:` to the channel in the catalog")  # fmt: skip
        reason = _reason(scope, given.reason)
    with together:
        if given.window is not None and not isinstance(given.window, ast.Ever):
            if channel.time is None:
                fail("no-time", f"The catalog keeps no date for `{name}`, so it takes no window.", given.window.span,
                     "leave the window out, or add `time:` to the channel in the catalog")  # fmt: skip
            windows.not_ahead(given.window, "Consent lies in the past")
            window = windows.instants(scope, given.window)
    together.done()
    if given.negated and reason is None and window is None:
        return c.Not(c.Consent(name, span=given.span), given.span)
    return c.Consent(name, not given.negated, reason, window, given.span)


def _reason(scope: Scope, given: ast.Text | ast.Name | None) -> str | None:
    if given is None:
        return None
    value = scope.value(given) if isinstance(given, ast.Name) else given
    if not isinstance(value, ast.Text):
        assert isinstance(given, ast.Name)
        fail(
            "unquoted-text",
            f"A reason is text, and `{given.text}` is {'no name of one' if value is None else 'none'}.",
            given.span,
            "text is always quoted:",
            f'"{given.text}"',
        )
    if sign := sign_of("includes", value.value):
        scope.note("hint", "no-pattern", pattern_said("includes", sign), given.span, "a reason is compared as a whole")
    return value.value


def in_list(scope: Scope, given: ast.InList) -> c.Tree[c.Condition]:
    """`in list Newsletter`, `joined list Newsletter in 30d`."""
    name = scope.catalog.find_list(given.name.text)
    if name is None:
        unknown("list", given.name, _spelled(scope.catalog.lists))
    if not given.joined:
        return c.InList(name, c.Interval(None, scope.now), False, given.span)
    said = format_name(given.name.text)
    if scope.catalog.lists[name].time is None:
        fail("no-time", f"The catalog does not say when people joined `{name}`.", given.span,
             "say\nor add `time:` to the list in the catalog", say("IN_LIST {}", said))  # fmt: skip
    if given.window is None:
        fail("incomplete", f"`joined list {said}` needs a window.", given.span,
             f"say when, for example `joined list {said} in 30d`, or only `in list {said}`")  # fmt: skip
    return c.InList(name, windows.past(scope, given.window), True, given.span)


def _spelled(named: Mapping[str, object]) -> list[str]:
    return [n for name, part in named.items() for n in (name, *getattr(part, "also", ()))]
