"""A catalog that was read before is taken from the cache, and from nothing else."""

from __future__ import annotations

import hashlib
import os
import pickle
from pathlib import Path

import pytest

from segql import catalog as catalogs
from segql.catalog import kept, load_catalog, reader
from segql.errors import SegQLError
from segql.source import Source

TEXT = "profiles: {table: people, key: id, properties: {vip: boolean}}\nmetrics: {visits: number of visit}\n"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "segql"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the catalogs whose YAML is read."""
    names: list[str] = []
    own = reader.read

    def noted(source: Source) -> object:
        names.append(source.name)
        return own(source)

    monkeypatch.setattr(reader, "read", noted)
    return names


def written(folder: Path, text: str = TEXT) -> Path:
    path = folder / "catalog.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_it_is_read_once(tmp_path: Path, read: list[str]) -> None:
    path = written(tmp_path)
    first, second = load_catalog(path), load_catalog(path)
    assert read == [str(path)]
    assert first == second
    assert first.find_property("VIP") == second.find_property("VIP") == "vip"
    assert first.span("metrics", "visits") == second.span("metrics", "visits")
    assert second.span("metrics", "visits").text == "number of visit"


def test_another_text_or_name_is_read(tmp_path: Path, read: list[str]) -> None:
    path = written(tmp_path)
    load_catalog(path)
    load_catalog(written(tmp_path, TEXT.replace("vip", "vips")))
    (tmp_path / "other").mkdir()
    load_catalog(written(tmp_path / "other"))
    assert len(read) == 3


def test_what_is_wrong_is_said_each_time(tmp_path: Path, read: list[str]) -> None:
    path = written(tmp_path, TEXT.replace("boolean", "{type: truth}"))
    for _ in range(2):
        with pytest.raises(SegQLError):
            load_catalog(path)
    assert len(read) == 2


class Harmful:
    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (os.environ["XDG_CACHE_HOME"] + "/harm",)


def digested(data: bytes) -> bytes:
    return hashlib.sha256(data).digest() + data


@pytest.mark.parametrize("how", ["cut", "changed", "empty", "of something else", "harmful"])
def test_a_file_that_is_not_ours_does_not_count(how: str, tmp_path: Path, cache: Path, read: list[str]) -> None:
    path = written(tmp_path)
    load_catalog(path)
    (file,) = cache.glob("catalog-*")
    data = file.read_bytes()
    file.write_bytes({
        "cut": data[:-9], "changed": data[:60] + b"?" + data[61:], "empty": b"",
        "of something else": digested(pickle.dumps(["a"])), "harmful": digested(pickle.dumps(Harmful())),
    }[how])  # fmt: skip
    assert load_catalog(path).find_property("vip") == "vip"
    assert len(read) == 2
    assert not (cache.parent / "harm").exists()


def test_only_some_are_kept(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 3)
    for number in range(6):
        load_catalog(written(tmp_path, TEXT.replace("people", f"people_{number}")))
    assert len(list(cache.glob("catalog-*"))) == 3


def test_without_a_cache_it_is_read(tmp_path: Path, cache: Path, read: list[str]) -> None:
    cache.parent.mkdir()
    cache.write_text("a file in the place of the folder", encoding="utf-8")
    for _ in range(2):
        assert isinstance(load_catalog(written(tmp_path)), catalogs.Catalog)
    assert len(read) == 2
