"""The example of a service, as it is started: answers, tenants, clients that type, and its page in a browser."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from .browser import Browser

pytest.importorskip("fastapi", reason="the example needs fastapi and uvicorn")
pytestmark = pytest.mark.long
ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "service"
RULE = "can receive email and placed order in 90d"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy, in which things may be built."""
    made = tmp_path_factory.mktemp("service") / "example"
    shutil.copytree(EXAMPLE, made, ignore=shutil.ignore_patterns("node_modules", "dist", "__pycache__"))
    subprocess.run([sys.executable, "data.py", "shop.duckdb"], cwd=made, check=True)
    return made


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given = {**os.environ, "PYTHONPATH": str(ROOT), "SERVICE_WAREHOUSE": "shop.duckdb"}
    server = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "app:app", "--port", str(port), "--log-level", "warning"],
        cwd=folder, env=given,
    )  # fmt: skip
    for _ in range(300):
        try:
            urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
            break
        except URLError:
            time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(20)


def ask(url: str, path: str, rule: str, client: str = "north", cursor: int = 0) -> tuple[int, Any]:
    body = json.dumps({"rule": rule, "cursor": cursor}).encode()
    request = Request(f"{url}/{path}", body, {"Content-Type": "application/json", "X-Client": client})
    try:
        with urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        return error.code, json.load(error)


def test_answers(url: str) -> None:
    assert ask(url, "validate", RULE) == (200, {"problems": []})
    status, wrong = ask(url, "validate", "vip and plced order")
    assert (status, wrong["problems"][0]["start"], wrong["problems"][0]["end"]) == (200, 8, 19)
    assert ask(url, "count", "plced order")[0] == 422
    options = ask(url, "complete", "pla", cursor=3)[1]["options"]
    assert options[0]["text"].startswith("placed order")
    assert "they can receive email" in ask(url, "explain", RULE)[1]["english"]
    assert ask(url, "validate", "v" * 4_001)[0] == 422
    assert ask(url, "validate", "vip \ud800")[0] == 422
    assert ask(url, "complete", "vip", cursor=float("nan"))[0] == 422  # type: ignore[arg-type]
    many = " or ".join(["vip"] * 201)
    assert ask(url, "count", many)[1]["problems"][0]["code"] == "too-many-conditions"


def test_each_client_sees_their_own(url: str) -> None:
    for name, other in (("north", "south"), ("south", "north")):
        sql = ask(url, "compile", RULE, name)[1]["sql"]
        assert f"'{name}'" in sql
        assert other not in sql
        assert ask(url, "count", "everyone", name)[1] == {"members": 10_000, "profiles": 10_000}
    assert ask(url, "count", "everyone", "north' OR 'a' = 'a")[0] == 401
    assert ask(url, "count", "everyone", "")[0] == 401


def test_clients_that_type(url: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "load.py", url, "10", "3"], cwd=folder, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1].startswith("0 failed"), done.stdout


@pytest.fixture(scope="module")
def page(url: str, folder: Path) -> Iterator[Browser]:
    """The service's page with its editor, empty, with the cursor in it."""
    chromium, npm = shutil.which("chromium"), shutil.which("npm")
    if chromium is None or npm is None:
        pytest.skip("the page needs npm to be built, and chromium to be looked at")
    if subprocess.run([npm, "install", "--silent"], cwd=folder, check=False).returncode:
        pytest.skip("npm cannot fetch the editor here")
    subprocess.run([npm, "run", "--silent", "build"], cwd=folder, check=True)
    with Browser(chromium, folder / "browser", f"{url}/?rule={quote(RULE)}") as browser:
        browser.wait("!!window.view")
        yield browser


def said(page: Browser, of: str) -> str:
    return str(page.wait(f"document.querySelector('{of}')?.innerText"))


def typed(page: Browser) -> str:
    return str(page.value("view.state.doc.toString()"))


def test_the_page_says_who_a_rule_is_for(page: Browser) -> None:
    assert "of 10,000 people" in said(page, "#count")
    assert "they can receive email" in said(page, "#english")


def test_a_rule_is_typed(page: Browser) -> None:
    page.value("view.dispatch({changes: {from: 0, to: view.state.doc.length}}); view.focus()")
    page.wait("document.querySelector('#count').innerText === ''")
    page.type("plac")
    assert said(page, ".cm-tooltip-autocomplete").startswith("placed order")
    page.wait("!!document.querySelector('.cm-tooltip-autocomplete [aria-selected]')")
    time.sleep(0.2)  # the list takes no key before
    page.press("Enter", 13)
    assert typed(page) == "placed order"
    page.type(" in 90d")
    page.wait("document.querySelector('#english').innerText.includes('placed order at least once from')")
    assert "of 10,000 people" in said(page, "#count")


def test_what_is_wrong_is_underlined_and_mended(page: Browser) -> None:
    page.value("view.dispatch({changes: {from: 0, to: view.state.doc.length}}); view.focus()")
    page.type("placed order and vpi")
    assert said(page, ".cm-lintRange-error") == "vpi"
    assert said(page, "#problem") == "There is no event, property or metric called `vpi`."
    assert page.value("document.querySelector('#count').innerText") == ""
    page.press("Escape", 27)
    page.press("F8", 119)  # the editor's key for the next problem
    assert said(page, ".cm-tooltip-lint .cm-diagnosticAction") == "vip"
    press = "new MouseEvent('mousedown', {bubbles: true})"
    page.value(f"document.querySelector('.cm-tooltip-lint .cm-diagnosticAction').dispatchEvent({press})")
    assert typed(page) == "placed order and vip"
    page.wait("document.querySelector('#problem').innerText === ''")
    assert "of 10,000 people" in said(page, "#count")
