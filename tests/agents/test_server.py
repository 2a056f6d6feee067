"""`segql mcp`, asked by a client of the protocol's SDK over standard input and output."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

import segql
from segql.warehouse import WarehouseError

from ..worlds.own_shop import write_shop

Ask = Callable[..., Any]
NOW = "2026-01-03T00:00"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("shop")
    write_shop(found, "good.segql")
    return found


def asked(
    folder: Path, *calls: tuple[str, dict[str, Any]], options: tuple[str, ...] = ()
) -> tuple[list[str], list[Any]]:
    """The tools of a server of its own, and its answers."""
    from mcp.client.client import Client  # here: it takes a second to import
    from mcp.client.stdio import StdioServerParameters, stdio_client

    own = ("--catalog", "catalog.yaml", "--segments", "good.segql")
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "segql", "mcp", *own, *options],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.getcwd()},
    )

    async def ask() -> tuple[list[str], list[Any]]:
        async with Client(stdio_client(command)) as client:
            tools = [tool.name for tool in (await client.list_tools()).tools]
            told = [await client.call_tool(name, arguments) for name, arguments in calls]
        assert not any(one.is_error for one in told), told
        return tools, [one.structured_content for one in told]

    return asyncio.run(ask())


def test_an_agent_writes_checks_counts_and_explains(folder: Path) -> None:
    rule = 'country is "NL" and placed order in 7d'
    calls: list[tuple[str, dict[str, Any]]] = [
        ("language", {}), ("language", {"topic": "how-often"}), ("language", {"topic": "unknown-name"}),
        ("language", {"topic": "how oftn"}), ("names", {"like": "order"}), ("names", {"like": "", "limit": 1}),
        ("check", {"rule": "plased order in 7d"}), ("check", {"rule": "people who placed an order"}),
        ("explain", {"rule": rule, "now": NOW}), ("compile", {"rule": rule, "dialect": "postgres"}),
        ("compile", {"rule": rule, "dialect": "klingon"}), ("compile", {"rule": rule, "now": "2026-13-01"}),
        ("complete", {"text": "placed or"}), ("count", {"rule": rule, "now": NOW}), ("count", {"rule": "Dutch"}),
        ("members", {"rule": rule, "now": NOW, "limit": 2}), ("members", {"rule": rule, "columns": ["country"]}),
        ("why", {"rule": rule, "now": NOW, "profile": "c2"}), ("why", {"rule": rule, "profile": "nobody"}),
        ("stats", {"rule": rule, "now": NOW}), ("diff", {"old": "Dutch", "new": rule, "now": NOW}),
    ]  # fmt: skip
    tools, found = asked(folder, *calls, options=("--warehouse", "shop.duckdb"))
    assert set(tools) == {name for name, _ in calls}
    card, topic, code, unknown, names, one, wrong, read, says, sql, dialect, day, offers, *asking = found
    count, segment, members, unseen, why, nobody, stats, diff = asking
    assert "## How often" in card["text"]
    assert "how-often" in card["text"]
    assert topic["text"].startswith("## How often")
    assert code["text"].startswith("unknown-name: ")
    assert "Did you mean how-often" in unknown["error"]
    assert names["names"][0] == {"name": "placed order", "kind": "event", "says": "A purchase."}
    assert one["more"] > 1
    assert [fix["text"] for fix in wrong["problems"][0]["fixes"]] == ["placed order"]
    assert wrong["problems"][0]["topic"] == "docs/errors.md#unknown-name"
    assert wrong["problems"][0]["means"]
    assert read["valid"] is True
    assert read["rule"] == "placed an order"
    assert "Europe/Amsterdam" in says["says"]
    assert (sql["dialect"], sql["tables"]) == ("postgres", ["customers", "orders"])
    assert "klingon" in dialect["error"]
    assert "no day of the calendar" in day["error"]
    assert [offer["text"] for offer in offers["offers"]] == ["placed order"]
    assert (count["count"], count["profiles"]) == (5, 30)
    assert segment["count"] == 15
    assert members["members"] == [["c10"], ["c2"]]
    assert "Allowed: none" in unseen["error"]
    assert why["member"] is True
    assert "not shown" in str(why["tree"])
    assert nobody["problems"][0]["code"] == "unknown-name"
    assert (stats["members"], stats["others"]) == (5, 25)
    assert (diff["before"], diff["after"]) == (15, 5)


def test_what_is_allowed_is_shown(folder: Path) -> None:
    options = ("--warehouse", "shop.duckdb", "--columns", "country")
    rule = {"rule": 'country is "NL"'}
    _, (members, why) = asked(
        folder, ("members", {**rule, "columns": ["country"], "limit": 1}), ("why", {**rule, "profile": "c1"}),
        options=options,
    )  # fmt: skip
    assert (members["columns"], members["members"]) == (["id", "country"], [["c10", "NL"]])
    assert "BE" in why["tree"]["seen"]


def test_without_a_warehouse_nothing_is_counted(folder: Path) -> None:
    tools, _ = asked(folder)
    assert tools == ["language", "names", "check", "explain", "compile", "complete"]


class Slow:
    """A warehouse that first works between statements, where nothing can be cancelled, and then on one, too long."""

    dialect = "duckdb"

    def __init__(self) -> None:
        self.working, self.cancelled = False, threading.Event()

    def cancel(self) -> None:
        if self.working:
            self.cancelled.set()

    def counts(self, *queries: str) -> list[int]:
        self.cancelled.wait(0.2)
        self.working = True
        if self.cancelled.wait(5):
            raise WarehouseError("Interrupted!")
        return [0 for _ in queries]


def test_a_question_over_its_time_is_stopped_wherever_it_is(folder: Path) -> None:
    from segql.agents.server import Limits, server

    catalog = segql.load_catalog(str(folder / "catalog.yaml"))
    serving = server(segql.Project(catalog, warehouse=cast(Any, Slow())), Limits(seconds=0.05))
    told: Any = asyncio.run(serving.call_tool("count", {"rule": "everyone"}))
    assert "longer than 0.05 seconds" in told.structured_content["error"]
