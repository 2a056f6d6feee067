"""Settings from files: `segql.toml` of a project, `config.toml` of the user. Options win over both, the project's wins.

A secret in a URL stands there as `${NAME}`, a variable of the environment, or `${keyring:NAME}`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, Literal, TypeAlias
from urllib.parse import quote

from .files import user_folder
from .plain import dataclass

PROJECT = "segql.toml"
USER = "config.toml"

Setting: TypeAlias = str | bool | int
_KINDS: Mapping[str, type] = {
    "catalog": str, "warehouse": str, "dialect": str, "segments": str,
    "editing": str, "live": bool, "limit": int, "timing": bool, "pager": bool,
}  # fmt: skip
_PLACES = ("catalog", "warehouse", "dialect", "segments")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the files say; `wrong` is what cannot be used, in sentences."""

    values: Mapping[str, Setting] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()

    @property
    def editing(self) -> Literal["emacs", "vi"]:
        """Whose keys the session takes."""
        return "vi" if self.values.get("editing") == "vi" else "emacs"

    def flag(self, name: str, otherwise: bool | None) -> Any:
        """A setting that is on or off, or else what stands in for it."""
        found = self.values.get(name)
        return found if isinstance(found, bool) else otherwise

    @property
    def limit(self) -> int | None:
        """How many rows a table shows, where a file says it."""
        found = self.values.get("limit")
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    def text(self, name: str) -> str | None:
        """A setting in words or a place, where a file says it."""
        found = self.values.get(name)
        return found if isinstance(found, str) else None


def config_folder() -> Path:
    """Where this system keeps the settings of programs."""
    return user_folder("config")


def read_settings(folder: Path | None = None) -> Settings:
    """The settings at a folder: those of `segql.toml` there or above it, and the user's below them."""
    found = (_read(config_folder() / USER), project_settings(folder or Path.cwd()))
    values = {name: value for settings in found for name, value in settings.values.items()}
    return Settings(values, tuple(said for settings in found for said in settings.wrong))


def project_settings(folder: Path) -> Settings:
    """What the `segql.toml` at a folder or above it says."""
    project = _project(folder)
    return _read(project) if project is not None else Settings()


_VARIABLE = re.compile(r"\$\{(keyring:)?([^}]+)\}")


class NoSecret(Exception):
    """A secret that a place asks for and that is nowhere: a sentence for people."""


def expanded(place: str) -> str:
    """A place with its `${NAME}`s filled in, encoded as a part of a URL. NoSecret for what is nowhere."""
    if found := _VARIABLE.fullmatch(place):
        return _secret(found[1] is not None, found[2])
    return _VARIABLE.sub(lambda found: quote(_secret(found[1] is not None, found[2]), safe=""), place)


def _secret(in_keyring: bool, name: str) -> str:
    if not in_keyring:
        if name not in os.environ:
            raise NoSecret(f"The warehouse needs the variable {name} of the environment, which is not set.")
        return os.environ[name]
    try:
        from importlib import import_module

        keyring = import_module("keyring")
    except ImportError:
        raise NoSecret("The warehouse needs a secret of the keyring: pip install keyring") from None
    found = keyring.get_password("segql", name)
    if found is None:
        raise NoSecret(f"The keyring has no {name} for segql: keyring set segql {name}")
    return str(found)


def _project(folder: Path) -> Path | None:
    return next((here / PROJECT for here in (folder, *folder.parents) if (here / PROJECT).is_file()), None)


def _read(path: Path) -> Settings:
    """The settings of one file; of a broken one, what is broken."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        said = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else (error.strerror or "").lower()
        return Settings(wrong=(f"{path} cannot be read: {said}.",))
    import tomllib  # here: most have no such file

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Settings(wrong=(f"{path} is not TOML: {error}.",))
    values: dict[str, Setting] = {}
    wrong: list[str] = []
    for name, value in data.items():
        kind = _KINDS.get(name)
        if kind is None:
            wrong.append(f"{path}: there is no setting `{name}`; there are {', '.join(_KINDS)}.")
        elif type(value) is not kind:
            wrong.append(f"{path}: `{name}` should be {_said(kind)}.")
        elif said := _out_of_bounds(name, value):
            wrong.append(f"{path}: {said}.")
        else:
            values[name] = _placed(name, value, path.parent)
    return Settings(values, tuple(wrong))


def _out_of_bounds(name: str, value: Any) -> str:
    """Why a value of the right kind cannot be used; empty where it can."""
    if name == "editing" and value not in ("emacs", "vi"):
        return '`editing` is "emacs" or "vi"'
    if name == "limit" and value < 1:
        return "`limit` is a number of rows, 1 or more"
    if name == "dialect":
        from .dialects import DIALECTS

        return "" if value in DIALECTS else f"`dialect` is one of {', '.join(DIALECTS)}"
    return f"`{name}` is empty" if value == "" else ""


def _said(kind: type) -> str:
    return {str: "text in quotes", bool: "true or false", int: "a whole number"}[kind]


def _placed(name: str, value: Any, folder: Path) -> Any:
    """Paths in a file are meant from its folder."""
    if name not in ("catalog", "warehouse", "segments") or "://" in value or "${" in value or value == ":memory:":
        return value
    return os.path.relpath(folder / os.path.expanduser(value)) if not os.path.isabs(value) else value
