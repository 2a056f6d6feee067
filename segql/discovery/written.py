"""A draft as the text of a YAML file, with what is a guess and what is a question as comments."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from ..catalog.parts import TYPES, column_of
from ..plain import dataclass
from .draft import Draft, Path

WIDTH = 120
_PLAIN = re.compile(r"[^\W\d_][\w .$/()-]*\Z|[\w$][\w.$/-]*\Z|-?\d+(\.\d+)?\Z")
_BLOCKS = {"profiles", "channels", "events", "metrics", "lists"}
_KEYS = (
    "table", "query", "profile", "time", "partition", "id", "where", "json", "array", "on", "names", "name column",
    "name", "group by", "prefix", "key", "key type", "join", "shown", "properties", "items", "receives when", "reason",
    "value", "written", "amount", "things", "any of", "also", "description",
)  # fmt: skip


@dataclass(slots=True)
class Written:
    """The text, and which part of the draft stands in each line, from 1."""

    lines: list[str] = field(default_factory=list)
    paths: dict[int, Path] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The file."""
        return "\n".join(self.lines) + "\n"

    def add(self, line: str, path: Path) -> None:
        """One more line of the file."""
        self.lines.append(line.rstrip())
        self.paths[len(self.lines)] = path

    def path_at(self, line: int) -> Path:
        """The part that stands in a line."""
        return self.paths.get(line, ())


def write(draft: Draft, head: list[str]) -> Written:
    """The file of a draft; `head` are its first lines of comment."""
    out = Written()
    for said in [*head, *draft.notes.get((), ())]:
        _comment(out, said, "", ())
    out.add("", ())
    marks = _marks(draft)
    for key, value in draft.data.items():
        if isinstance(value, dict):
            out.add("", ())
        path = (key,)
        if key in _BLOCKS or not isinstance(value, dict):
            _part(out, draft, path, value, marks)
        else:
            _line(out, draft, path, f"{_scalar(key)}: {_flow(value)}", "")
    absent = [said for path, notes in draft.notes.items() if path and path[0] not in draft.data for said in notes]
    if absent:
        out.add("", ())
    for said in absent:
        _comment(out, said, "", ())
    return out


def _marks(draft: Draft) -> dict[str, str]:
    """The mark of each event that others are like."""
    firsts = dict.fromkeys(first for first in draft.like.values() if first in draft.data.get("events", {}))
    found: dict[str, str] = {}
    for first in firsts:
        table = str(draft.data["events"][first].get("table", first)).rpartition(".")[2]
        mark = column_of(re.sub(r"[^\w]+", "_", table)) or "rows"
        found[first] = mark if mark not in found.values() else f"{mark}_{len(found) + 1}"
    return found


def _part(out: Written, draft: Draft, path: Path, value: Any, marks: Mapping[str, str]) -> None:
    """One key of a block with what it holds."""
    key, indent = path[-1], "  " * (len(path) - 1)
    if path[0] == "metrics" and len(path) == 2 and value.keys() == {"value"}:
        value = value["value"]
    if not isinstance(value, dict):
        _line(out, draft, path, f"{_scalar(key)}: {_flow(value)}", indent)
        return
    named = path[0] == "events" and len(path) == 2
    base = draft.data.get("events", {}).get(draft.like[key]) if named and key in draft.like else None
    mark = f" &{marks[key]}" if named and key in marks else ""
    like = f"<<: *{marks[draft.like[key]]}" if base is not None and draft.like[key] in marks else ""
    own = _against(value, base) if like and base is not None else value
    for said in draft.notes.get(path, ()):
        _comment(out, said, indent, path)
    short = _flow({"<<": f"*{marks[draft.like[key]]}"} | own) if like else _flow(value)
    line = f"{indent}{_scalar(key)}:{mark} {short}"
    inner = {at for at in draft.notes if at[: len(path)] == path and at != path}
    if (
        len(path) > 1
        and path[1:] != ("properties",)
        and len(line) <= WIDTH
        and not inner
        and path[-1] not in ("properties", "items")
    ):
        out.add(line, path)
        return
    out.add(f"{indent}{_scalar(key)}:{mark}", path)
    deeper = f"{indent}  "
    if like:
        out.add(f"{deeper}{like}", path)
    for one, held in _in_order(own, path):
        at = (*path, one)
        if path[-1] == "properties" and isinstance(held, dict | str):
            _line(out, draft, at, f"{_scalar(one)}: {_flow(_short(held, one))}".rstrip(), deeper)
        elif (one in ("properties", "items") and isinstance(held, dict)) or (len(path) == 1 and isinstance(held, dict)):
            _part(out, draft, at, held, marks)
        else:
            _line(out, draft, at, f"{_scalar(one)}: {_flow(held)}", deeper)


def _in_order(part: Mapping[str, Any], path: Path) -> list[tuple[str, Any]]:
    """The keys of a part as people read them; names stay as they come."""
    names = path[-1] == "properties" or (len(path) == 1 and path[0] != "profiles")
    order = ("table", "query", "where", *_KEYS) if path == ("profiles",) else _KEYS
    return (
        list(part.items())
        if names
        else sorted(part.items(), key=lambda one: order.index(one[0]) if one[0] in order else 99)
    )


def _against(value: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """What a part says other than the one that it is like; an empty value takes away what is not its own."""
    own = {key: held for key, held in value.items() if base.get(key) != held}
    gone = {key: type(base[key])() if isinstance(base[key], dict | list) else None for key in base if key not in value}
    return gone | own


def _line(out: Written, draft: Draft, path: Path, text: str, indent: str) -> None:
    """A line with its comments: behind it where there is room, else above."""
    said = draft.notes.get(path, ())
    behind = f"{indent}{text}   # {said[0]}" if len(said) == 1 else ""
    if behind and len(behind) <= WIDTH:
        out.add(behind, path)
        return
    for one in said:
        _comment(out, one, indent, path)
    out.add(f"{indent}{text}", path)


def _comment(out: Written, text: str, indent: str, path: Path) -> None:
    """A comment, folded to the width of the file."""
    words, line = " ".join(text.split()).split(" "), f"{indent}#"
    for word in words:
        if len(line) + 1 + len(word) > WIDTH and line.strip() != "#":
            out.add(line, path)
            line = f"{indent}#  "
        line += f" {word}"
    out.add(line, path)


def _short(spec: Any, name: str) -> Any:
    """A property as short as the catalog takes it: a lone type or column, nothing at all."""
    if not isinstance(spec, dict):
        return spec
    spec = {key: value for key, value in spec.items() if not (key == "column" and value == column_of(name))}
    if not spec:
        return "text"
    if spec.keys() == {"column"} and spec["column"] not in TYPES:
        return spec["column"]
    return spec["type"] if spec.keys() == {"type"} else spec


def _flow_short(key: str, value: Any) -> Any:
    """What a mapping holds; the properties in it as short as they may be."""
    if key == "properties" and isinstance(value, dict):
        return {name: _short(spec, name) for name, spec in value.items()}
    return value


def _flow(value: Any, *, within: bool = False) -> str:
    """A value in one line."""
    match value:
        case None:
            return "~" if within else ""
        case dict():
            value = {key: _flow_short(key, one) for key, one in value.items()}
            return (
                "{"
                + ", ".join(
                    f"{_scalar(k)}: {v if k == '<<' else _flow(v, within=True)}".strip() for k, v in value.items()
                )
                + "}"
            )
        case list() | tuple():
            return "[" + ", ".join(_flow(one, within=True) for one in value) + "]"
        case _:
            return _scalar(str(value), within=within)


def _scalar(text: str, *, within: bool = True) -> str:
    """A text as YAML has it: bare where nothing in it is a sign of YAML."""
    nothing = text in ("null", "Null", "NULL", "~", "")
    if text == "<<" or (_PLAIN.match(text) and not nothing and text == text.strip()):
        return text
    bare = not nothing and text == text.strip() and not re.search(r"[\x00-\x1f\x7f-\x9f]|: | #|:\Z", text)
    if not within and bare and text.isprintable() and not re.match(r"[\[\]{}*&!|>'\"%@`#,?-]", text):
        return text
    return json.dumps(text, ensure_ascii=False) if text.isprintable() else f'"{"".join(map(_escaped, text))}"'


def _escaped(char: str) -> str:
    """A letter between double quotes, by its number where it cannot be seen."""
    if char in '"\\':
        return f"\\{char}"
    return char if char.isprintable() else f"\\U{ord(char):08x}"
