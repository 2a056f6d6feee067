"""Tables that are kept where there is no transaction, in a log to which rows are added: `segql.ledger.log` says how.

What is atomic is to make a table whose name is free. Whoever makes `segql_run_7_1` may write run 7. Where they are gone
before it is written, the next waits for a while, and makes `segql_run_7_2`: should the first be alive after all, what
it still writes is not shown.
"""

from __future__ import annotations

import re
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .connection import Row

TURN = "segql_turn"
"""What stands for the turn in the statement that adds a run's rows, before all else that may be called so."""
PATIENCE = 60.0
"""Seconds that another program is waited for which is about to write."""


class LogKeeper(ABC):
    """What keepers of a log share; each says how its warehouse is asked."""

    __slots__ = ()

    turn_table = "(turn INT)"
    """What is made by whoever takes a turn."""

    @property
    @abstractmethod
    def schema(self) -> str:
        """Where the tables are, as SQL names it."""

    @abstractmethod
    def show(self, shown: bool) -> None:
        """As `Keeper` has it."""

    @abstractmethod
    def _do(self, sql: str) -> None:
        """A statement that writes."""

    @abstractmethod
    def _rows(self, sql: str) -> list[Row]:
        """The rows of a query, as they are now."""

    @abstractmethod
    def _is_taken(self, error: Exception) -> bool:
        """Whether an error says that a table of that name is there."""

    @abstractmethod
    def _is_there(self) -> bool:
        """Whether there is the schema."""

    @abstractmethod
    def _named(self) -> list[str]:
        """The names of tables in the schema that begin with `segql_run_`."""

    def write(self, statements: Sequence[str], unless: str) -> bool:
        """As `Keeper` has it: all but the last show nothing; the rows of that one do, and come with their turn."""
        made = [statement for statement in statements if statement.startswith("CREATE ")]
        for statement in made:
            # Who may make no schemas may not say so of one that is there, either.
            if not (statement.startswith(("CREATE SCHEMA ", "CREATE DATABASE ")) and self._is_there()):
                self._do(statement)
        self.show(True)
        if self._rows(unless):
            return False
        added = statements[len(made) :]
        for statement in added[:-1]:
            self._do(statement)
        for rows in added[-1:]:
            ((last,),) = self._rows(f"SELECT COALESCE(MAX(run), 0) FROM {self.schema}.runs")
            if (turn := self._turn(int(last) + 1, unless)) is None:
                return False
            self._do(rows.replace(TURN, f"{turn:d}", 1))
            for name in self._turns(int(last) + 1):
                self._do(f"DROP TABLE IF EXISTS {self.schema}.{name}")
        return True

    def _turn(self, run: int, unless: str) -> int | None:
        """The turn of this program to write the run, 1 where nobody else began to; None where it is written."""
        turn, end = len(self._turns(run)) or 1, time.monotonic() + PATIENCE
        while True:
            try:
                self._do(f"CREATE TABLE {self.schema}.segql_run_{run:d}_{turn:d} {self.turn_table}")
                mine = True
            except Exception as error:
                if not self._is_taken(error):
                    raise
                mine = False
            self.show(True)
            if self._rows(unless):
                if mine:
                    self._do(f"DROP TABLE IF EXISTS {self.schema}.segql_run_{run:d}_{turn:d}")
                return None
            if mine:
                return turn
            if time.monotonic() > end:
                turn, end = turn + 1, time.monotonic() + PATIENCE
            time.sleep(0.1)

    def _turns(self, run: int) -> list[str]:
        """The tables by which somebody has said that they write a run."""
        return [name for name in self._named() if re.fullmatch(rf"segql_run_{run:d}_\d+", name)]
