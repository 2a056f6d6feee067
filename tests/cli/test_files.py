"""Files that SegQL writes are the old ones or the whole new ones, whatever kills the work on the way."""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import stat
import subprocess
import sys
from pathlib import Path
from threading import Thread

import duckdb
import platformdirs
import pytest

from segql.files import cache_folder, replacing, user_folder, write
from segql.warehouse import open_warehouse

from .command_line import OWN, segql

ROOT = Path(__file__).parents[2]


def parts(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.endswith(".part")]


# --- one file ------------------------------------------------------------------------------------------------------


def test_a_file_is_replaced_and_nothing_is_left(tmp_path: Path) -> None:
    write(tmp_path / "deep" / "er" / "a.txt", "old")
    write(tmp_path / "deep" / "er" / "a.txt", "new\n")
    assert (tmp_path / "deep" / "er" / "a.txt").read_bytes() == b"new\n"
    assert parts(tmp_path / "deep" / "er") == []


def half_written(file: Path) -> None:
    with replacing(file) as part:
        part.write_text("half of it")
        file.with_name("nowhere").read_text()


def test_what_fails_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("old")
    with pytest.raises(FileNotFoundError):
        half_written(file)
    assert file.read_text() == "old"
    assert parts(tmp_path) == []


def test_rights_stay_and_new_files_have_the_usual_ones(tmp_path: Path) -> None:
    old, new, plain = (tmp_path / name for name in ("old", "new", "plain"))
    old.write_text("x")
    old.chmod(0o640)
    plain.write_text("x")
    for file in (old, new):
        write(file, "y")
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert new.stat().st_mode == plain.stat().st_mode


def test_a_link_stays_and_its_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real, link, chain = tmp_path / "real" / "a.txt", tmp_path / "link", tmp_path / "chain"
    real.write_text("old")
    link.symlink_to("real/a.txt")
    chain.symlink_to(link)
    write(chain, "new")
    assert (real.read_text(), link.is_symlink(), chain.is_symlink()) == ("new", True, True)
    (tmp_path / "dangling").symlink_to("real/b.txt")
    write(tmp_path / "dangling", "new")
    assert (tmp_path / "real" / "b.txt").read_text() == "new"


def test_what_may_not_be_replaced(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        write(tmp_path, "x")
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(OSError):
        write(tmp_path / "loop", "x")
    (tmp_path / "sealed").write_text("old")
    (tmp_path / "sealed").chmod(0o400)
    if os.geteuid() != 0:  # who may do everything may do this, too
        with pytest.raises(PermissionError):
            write(tmp_path / "sealed", "x")
    assert (tmp_path / "sealed").read_text() == "old"


def test_pipes_and_devices_are_written_to_directly(tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", list[str]()
    os.mkfifo(pipe)
    reader = Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write(pipe, "through")
    reader.join()
    assert read == ["through"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    write("/dev/null", "x")
    code = "from segql.files import write; print('a', flush=True); write('/dev/stdout', 'b')"
    with (tmp_path / "out").open("wb") as out:  # a file, and yet a stream
        subprocess.run([sys.executable, "-c", code], stdout=out, check=True, cwd=ROOT)
    (tmp_path / "to").symlink_to("/dev/stdout")
    assert (tmp_path / "out").read_text().endswith("b")
    assert parts(tmp_path) == []


def test_many_write_one_file(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    texts = [f"{n}" * 50_000 for n in range(8)]
    failed: list[Exception] = []

    def again(text: str) -> None:
        try:
            for _ in range(10):
                write(file, text)
        except Exception as error:
            failed.append(error)

    threads = [Thread(target=again, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert not file.exists() or file.read_text() in texts
    assert failed == []
    assert file.read_text() in texts
    assert parts(tmp_path) == []


def test_what_takes_the_place_of_left_work_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sweeps may have opened a folder that another has swept, and whose writer has made it again."""
    left = tmp_path / ".segql-1.part"
    left.mkdir()
    lock = fcntl.flock

    def late(handle: int, how: int) -> None:
        if how & fcntl.LOCK_NB and not (left / "new").exists():
            left.rename(tmp_path / "swept")
            left.mkdir()
            (left / "new").touch()
        lock(handle, how)

    monkeypatch.setattr(fcntl, "flock", late)
    write(tmp_path / "a.txt", "x")
    assert (left / "new").exists()
    monkeypatch.undo()
    write(tmp_path / "a.txt", "y")
    assert parts(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="the folders of other systems are other ones")
def test_one_folder_for_caches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", "/home/ann")
    assert cache_folder() == Path("/home/ann/.cache/segql")
    monkeypatch.setenv("XDG_CACHE_HOME", "/elsewhere")
    assert cache_folder() == Path("/elsewhere/segql")
    # By the specification, which older versions of platformdirs do not follow here, a relative one does not count.
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache_folder() == Path("/home/ann/.cache/segql")


@pytest.mark.skipif(sys.platform != "linux", reason="the folders of other systems are other ones")
@pytest.mark.parametrize("given", [None, "", " ", "/elsewhere", "/else where/"])
def test_the_folders_of_a_user_are_where_platformdirs_says(given: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
        if given is not None:
            monkeypatch.setenv(name, given)
    assert user_folder("cache") == platformdirs.user_cache_path("segql", appauthor=False, opinion=False)
    assert user_folder("config") == platformdirs.user_config_path("segql", appauthor=False, roaming=True)


def test_nothing_else_in_the_package_writes_files() -> None:
    """Whoever writes takes `files`; the history alone goes on at its end."""
    found = {
        str(path.relative_to(ROOT / "segql"))
        for path in (ROOT / "segql").rglob("*.py")
        for way in (".write_text(", ".write_bytes(", "tempfile", "os.rename", 'open("w', 'open(output, "w')
        if way in path.read_text(encoding="utf-8")
    }
    with_parts = {"building/folder.py", "repl/commands/asking.py", "cli/output.py", "files.py"}
    assert found == with_parts


# --- exports that are killed ---------------------------------------------------------------------------------------

STARTED = """
import signal, sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # also where the tests run in the background, which ignores it
from segql.files import replacing
signal.signal(signal.SIGINT, signal.default_int_handler)  # also where the tests run in the background, which ignores it
with replacing(sys.argv[1]) as part:
    part.write_text("half of it")
    print("half", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_killed_process_leaves_the_old_file_and_the_next_one_cleans_up(tmp_path: Path, how: signal.Signals) -> None:
    file = tmp_path / "them.csv"
    file.write_text("old")
    words = [sys.executable, "-c", STARTED, str(file)]
    running, killed = (
        subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    )
    for one in (running, killed):
        assert one.stdout is not None
        assert one.stdout.readline() == b"half\n"
    killed.send_signal(how)
    killed.communicate()
    assert file.read_text() == "old"
    write(file, "newer")
    assert len(parts(tmp_path)) == 1  # of the one that runs still
    running.communicate(b"")
    assert (running.returncode, file.read_text(), parts(tmp_path)) == (0, "half of it", [])


FORMATS = (
    "csv", "parquet", *(pytest.param(one, marks=pytest.mark.long) for one in ("table", "markdown", "json", "jsonl")),
)  # fmt: skip
SLOW = """
import os, sys
from segql import files
plain = files._finish
def waiting(part, target):
    print("written", flush=True)
    sys.stdin.read()
    plain(part, target)
files._finish = waiting
from segql.cli import main
main(prog_name="segql")
"""


@pytest.mark.parametrize("format_", FORMATS)
def test_a_killed_export_leaves_the_old_file(shop_folder: Path, format_: str) -> None:
    words = ["members", *OWN, "everyone", "--format", format_, "--output", f"them.{format_}"]
    segql(*words)
    before = (shop_folder / words[-1]).read_bytes()
    assert len(before) > 30
    words[words.index("everyone")] = 'country is "NL"'
    child = subprocess.Popen(
        [sys.executable, "-c", SLOW, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stdout.readline() == b"written\n"
    child.kill()
    child.communicate()
    assert (shop_folder / words[-1]).read_bytes() == before
    segql(*words)
    assert (shop_folder / words[-1]).read_bytes() != before
    assert parts(shop_folder) == []


@pytest.mark.parametrize("format_", FORMATS)
def test_an_export_to_a_full_disk_leaves_the_old_file(shop_folder: Path, format_: str) -> None:
    words = ["members", *OWN, "everyone", "--format", format_, "--output", f"them.{format_}"]
    segql(*words)
    before = (shop_folder / words[-1]).read_bytes()

    def little() -> None:  # a limit of the process says what a full disk says: the file takes no more
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))

    # Nothing but the export writes: the tables are warm, and a module that is compiled is kept whole or not at all.
    code = "from segql.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False, preexec_fn=little,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert done.returncode in (2, 3), done.stderr
    assert "bug" not in done.stderr
    assert (shop_folder / words[-1]).read_bytes() == before
    assert parts(shop_folder) == []


@pytest.mark.parametrize("by_engine", [True, False])
def test_ctrl_c_during_an_export_leaves_the_old_file(
    shop_folder: Path, monkeypatch: pytest.MonkeyPatch, by_engine: bool
) -> None:
    (shop_folder / "them.csv").write_text("old")

    def stopped(*given: object) -> None:
        raise KeyboardInterrupt

    if by_engine:
        monkeypatch.setattr("segql.warehouse.duckdb.DuckDB._copied", stopped)
    else:
        monkeypatch.setattr("segql.warehouse.Warehouse.write_list", lambda *given: False)
        monkeypatch.setattr("segql.cli.questions.write_list", stopped)
    segql("members", *OWN, "everyone", "--format", "csv", "--output", "them.csv", code=130)
    assert (shop_folder / "them.csv").read_text() == "old"
    assert parts(shop_folder) == []


def test_parquet_again_and_again(shop_folder: Path) -> None:
    for rule, members in (("everyone", 30), ('country is "NL"', 15), ("no one", 0)):
        segql("members", *OWN, rule, "--format", "parquet", "--output", "them.parquet")
        assert duckdb.execute("SELECT count(*) FROM 'them.parquet'").fetchall() == [(members,)]
    with pytest.raises(AssertionError):
        segql("members", *OWN, "everyone", "--format", "parquet", "--output", "no/such/them.parquet")
    warehouse = open_warehouse("shop.duckdb", writes="other.parquet")
    for limit in (3, 4):
        warehouse.write_parquet("SELECT id FROM customers", "other.parquet", limit)
        assert duckdb.execute("SELECT count(*) FROM 'other.parquet'").fetchall() == [(limit,)]


def test_every_output_goes_to_a_pipe_and_to_standard_output(shop_folder: Path) -> None:
    code = "from segql.__main__ import main; main()"
    for format_ in ("csv", "parquet"):
        words = ["members", *OWN, "everyone", "--format", format_, "--output", "/dev/stdout"]
        done = subprocess.run(
            [sys.executable, "-c", code, *words], capture_output=True, check=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert done.stdout.startswith(b"PAR1" if format_ == "parquet" else b"id\n")
        assert len(done.stdout) > 100
    result = segql("members", *OWN, "everyone", "--format", "csv", "--output", ".", code=2)
    assert ". cannot be written: it is a folder." in result.stderr


# --- texts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fails", ["segql.files.os.replace", "segql.files.os.fsync"])
def test_format_write_leaves_the_old_text(
    shop_folder: Path, monkeypatch: pytest.MonkeyPatch, fails: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = 'segment "A" =   country  is "NL"\n'
    (shop_folder / "a.segql").write_text(text)

    def full(*given: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(fails, full)
        said = segql("format", "--segments", "a.segql", "--write", code=2).stderr
    assert "a.segql cannot be written: no space left on device." in said
    assert (shop_folder / "a.segql").read_text() == text
    segql("format", "--segments", "a.segql", "--write")
    assert (shop_folder / "a.segql").read_text() == 'segment "A" = country is "NL"\n'
    assert parts(shop_folder) == []
