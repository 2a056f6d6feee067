"""What all tests share: `--update`, `--seeds`, the markers `long` and `realdata`, the tests' catalog, the engines."""

from __future__ import annotations

import _thread
import gc
import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, cast
from zlib import crc32

import pytest
from hypothesis import HealthCheck, core, settings

from segql import binder
from segql.catalog import Catalog
from segql.console.setup import Setup
from segql.parser import parse_rule, parse_value
from segql.repl.state import State

from .binder.bound import NOW
from .chance.amount import take_thirds, third
from .engines import ALWAYS, ENGINES, Engine, started
from .repl.sessions import begun, make_shop
from .worlds.own_shop import write_shop
from .worlds.shops import CATALOG

# No test fails because the machine is busy, or because a seed happens to draw what is large or left out.
CHANCE = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
settings.register_profile("quick", max_examples=50, deadline=None, suppress_health_check=CHANCE)
settings.register_profile("same", settings.get_profile("quick"), derandomize=True)

ASKED_FOR = tuple(name for name in ENGINES if name not in ALWAYS)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="fill in what case files expect; SQL must match all the same"
    )
    parser.addoption(
        "--quick", action="store_true", help="a third of the random examples, and of the parameters of tests `sampled`"
    )
    parser.addoption(
        "--seeds", type=int, default=0, help="the tests that draw alone, so often, each time with other random examples"
    )
    parser.addoption("--first-seed", type=int, help="of `--seeds`; left out: a new one")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """For `-n auto`: one more than there are processors, as the tests of the session wait for much of their time."""
    return (os.cpu_count() or 1) + 1


def pytest_configure(config: pytest.Config) -> None:
    # What a test draws is the same each day, unless it is asked for more: one that is red is so for everybody.
    settings.load_profile("quick" if config.option.seeds else "same")
    if config.option.quick:
        take_thirds()
    if config.option.first_seed is None:
        # By the environment, so that the processes of a run share it.
        new = os.environ.setdefault("SEGQL_TEST_SEED", str(random.SystemRandom().randrange(10**9)))
        config.option.first_seed = int(new) if config.option.seeds else 1
    config.addinivalue_line("markers", "long: takes minutes; runs only when asked for, -m long")
    config.addinivalue_line("markers", "sampled: a third of its parameters where --quick is said")
    config.addinivalue_line("markers", "realdata: needs the public data beside the repository")
    config.addinivalue_line("markers", "parsed: needs node, and the grammars that SEGQL_TEST_PARSERS names")
    for name in ASKED_FOR:
        config.addinivalue_line("markers", f"{name}: on this engine, which is slow to start")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests of an `engine` are made for those alone that are asked for: to make some for all takes seconds."""
    if (number := metafunc.config.option.seeds) and _draws(metafunc.function, metafunc.fixturenames):
        first = metafunc.config.option.first_seed
        if "base_seed" not in metafunc.fixturenames:
            metafunc.fixturenames.append("base_seed")
        metafunc.parametrize("base_seed", range(first, first + number), scope="session", ids=lambda n: f"seed{n}")
    if "engine" in metafunc.fixturenames and not _says_which(metafunc):
        asked = metafunc.config.option.markexpr
        names = [name for name in ENGINES if name in ALWAYS or name in asked]
        marked = [pytest.param(name, marks=getattr(pytest.mark, name) if name in ASKED_FOR else ()) for name in names]
        metafunc.parametrize("engine", marked, indirect=True, scope="session")


def _draws(function: Any, fixtures: Sequence[str]) -> bool:
    """Whether it is told a seed, or Hypothesis draws for it, or for a function inside it."""
    drawn = getattr(function, "is_hypothesis_test", False) or "given" in function.__code__.co_names
    return drawn or "base_seed" in fixtures


def _says_which(metafunc: pytest.Metafunc) -> bool:
    return any("engine" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    unasked = {name for name in ("long", "parsed", *ASKED_FOR) if name not in config.option.markexpr}
    left_out = [item for item in items if any(mark.name in unasked for mark in item.iter_markers())]
    if config.option.seeds:
        left_out += [item for item in items if "base_seed" not in _of(item)]
    if config.option.quick:
        unwanted = set(left_out)
        left_out += _two_thirds([i for i in items if i.get_closest_marker("sampled") and i not in unwanted])
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        unwanted = set(left_out)
        items[:] = [item for item in items if item not in unwanted]


def _two_thirds(items: list[pytest.Item]) -> list[pytest.Item]:
    """Of each test, in an order that mixes its parameters, and is the same each day."""
    tests: dict[str, list[pytest.Item]] = {}
    for item in sorted(items, key=lambda item: crc32(item.nodeid.encode())):
        tests.setdefault(item.nodeid.partition("[")[0], []).append(item)
    return [item for of_test in tests.values() for item in of_test[third(len(of_test)) :]]


def pytest_collection_finish() -> None:
    """What has been loaded and collected stays, and need not be looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _of(item: pytest.Item) -> dict[str, Any]:
    return item.callspec.params if hasattr(item, "callspec") else {}  # a document's block has none


@pytest.fixture(scope="session")
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update"))


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    from segql.catalog import load_catalog

    return load_catalog(CATALOG)


@pytest.fixture(scope="session")
def demo_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The demo shop is made once for all tests, and not in the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def shop_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a warehouse, its catalog and segments; the current one."""
    write_shop(tmp_path, "good.segql")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def ctrl_c() -> AbstractContextManager[None]:
    """`with ctrl_c: ...`: Ctrl-C comes while that works, and ends it."""
    return _interrupted()


@contextmanager
def _interrupted() -> Iterator[None]:
    # Also where the tests run in the background, which ignores it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(0.3, _thread.interrupt_main)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        yield
    timer.join()
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Setup:
    """Of a session on a small warehouse, in a folder of its own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    return make_shop(tmp_path)


@pytest.fixture
def state(options: Setup) -> State:
    return begun(options)


@pytest.fixture
def bind(catalog: Catalog) -> Any:
    def bind(rule: str, **values: str) -> Any:
        lets = {name.replace("_", " "): parse_value(text) for name, text in values.items()}
        return binder.bind(parse_rule(rule), catalog, NOW, lets=lets).rule

    return bind


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    yield from started(cast(str, request.param))


@pytest.fixture(scope="session")
def base_seed(request: pytest.FixtureRequest) -> int:
    """The seed of random examples that Hypothesis does not draw."""
    return int(request.config.option.first_seed)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    if item.config.option.seeds:
        core.global_force_seed = cast(pytest.Function, item).callspec.params["base_seed"]  # type: ignore[assignment]  # begins as None


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How much the random examples compared, and the seeds that repeat them."""
    found: Counter[str] = Counter()
    seeds: list[str] = []
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in report.user_properties if getattr(report, "when", "") == "call" else ():
                if name == "seed":
                    seeds.append(str(value))
                elif name in ("pairs", "telling"):
                    found[name] += value
    if found:
        said = (
            f"{found['pairs']:,} pairs of a random rule and a random shop compared, {found['telling']:,} with some in "
        )
        terminalreporter.write_line(f"{said}and some out; seeds {', '.join(sorted(set(seeds)))}")
