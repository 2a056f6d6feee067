"""How Ctrl-C stops what a driver does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread, current_thread, main_thread
from typing import TypeVar

T = TypeVar("T")


def interruptible(cancel: Callable[[], None], work: Callable[[], T]) -> T:
    """Does some work of a driver; Ctrl-C cancels it at once, and ends in KeyboardInterrupt."""
    if current_thread() is not main_thread():
        return work()  # where Ctrl-C never comes
    # The driver does not always hear Ctrl-C while it works; so it works in a thread, and this one listens.
    done, results, errors = Event(), list[T](), list[BaseException]()

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)
        finally:
            done.set()

    Thread(target=run, daemon=True).start()
    try:
        while not done.wait(1):
            pass
    except KeyboardInterrupt:
        with suppress(Exception):  # a server that is gone cannot be told
            cancel()
        done.wait(2)
        raise
    if errors:
        raise errors[0]
    return results[0]
