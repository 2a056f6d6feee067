"""What all tests share: `--update`, the markers `long` and `realdata`, the tests' catalog, the engines."""

from __future__ import annotations

from typing import cast

import pytest

from segql.catalog import Catalog

from .engines import ENGINES, Engine
from .shops import CATALOG


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="fill in what case files expect; SQL must match all the same")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long: takes minutes; runs only when asked for, -m long")
    config.addinivalue_line("markers", "realdata: needs the public data beside the repository")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "long" in config.option.markexpr:
        return
    long = [item for item in items if item.get_closest_marker("long")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.fixture(scope="session")
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update"))


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    from segql.catalog import load_catalog

    return load_catalog(CATALOG)


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    return ENGINES[cast(str, request.param)]()
