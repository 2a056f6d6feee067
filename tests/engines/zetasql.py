"""ZetaSQL, BigQuery's own front end with an executor of its own, from the wheel `zetasql`: one WebAssembly module.

The wheel's client compiles the module at every start, which takes half a minute; this one keeps what was compiled, in
$SEGQL_TEST_CACHE or ~/.cache/segql-tests, and then starts in a second.
"""

from __future__ import annotations

import ctypes
import importlib.metadata
import os
import platform
from pathlib import Path
from typing import Any


class ZetaSQL:
    """The service: one call takes a message and gives one."""

    def __init__(self) -> None:
        import tzdata
        import wasmtime
        import zetasql

        engine = wasmtime.Engine(_config())
        self._store = wasmtime.Store(engine)
        system = wasmtime.WasiConfig()
        system.inherit_stderr()
        system.preopen_dir(str(Path(tzdata.__file__).parent / "zoneinfo"), "/usr/share/zoneinfo")
        self._store.set_wasi(system)
        linker = wasmtime.Linker(engine)
        linker.define_wasi()
        module = _module(engine, Path(zetasql.__file__).parent / "wasi" / "zetasql.wasm")
        self._exports: Any = linker.instantiate(self._store, module).exports(self._store)
        if "_initialize" in self._exports:
            self._call("_initialize")

    def ask(self, method: str, request: Any, answer: type[Any]) -> Any:
        """The answer to a request. Raises RuntimeError with what ZetaSQL says."""
        sent = request.SerializeToString()
        given, size = self._call("wasm_malloc", len(sent)), self._call("wasm_malloc", 4)
        try:
            ctypes.memmove(self._address(given), sent, len(sent))
            found = self._call(f"ZetaSqlLocalService_{method}", given, len(sent), size)
            if not found:
                said = self._call("wasm_get_last_error"), self._call("wasm_get_last_error_size")
                raise RuntimeError(ctypes.string_at(self._address(said[0]), said[1]).decode())
            length = int.from_bytes(ctypes.string_at(self._address(size), 4), "little")
            received = ctypes.string_at(self._address(found), length)
            self._call("wasm_free", found)
        finally:
            self._call("wasm_free", given)
            self._call("wasm_free", size)
        return answer.FromString(received)

    def _call(self, name: str, *arguments: int) -> int:
        found: int = self._exports[name](self._store, *arguments)
        return found

    def _address(self, place: int) -> int:
        """Where a place of the module's memory is in this process."""
        return ctypes.addressof(self._exports["memory"].data_ptr().contents) + place


def _config() -> Any:
    import wasmtime

    config = wasmtime.Config()
    config.shared_memory = True
    return config


def _module(engine: Any, path: Path) -> Any:
    import fasteners
    import wasmtime

    folder = Path(os.environ.get("SEGQL_TEST_CACHE", Path.home() / ".cache" / "segql-tests"))
    # Compiled code is of one version of the compiler, one module and one kind of processor.
    kind = f"{platform.system()}-{platform.machine()}".lower()
    compiled = folder / f"zetasql-{path.stat().st_size}-{importlib.metadata.version('wasmtime')}-{kind}.cwasm"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with fasteners.InterProcessLock(compiled.with_suffix(".lock")):  # of several processes the first one compiles
        if compiled.exists():
            return wasmtime.Module.deserialize_file(engine, str(compiled))
        module = wasmtime.Module.from_file(engine, str(path))
        unfinished = compiled.with_suffix(".part")
        unfinished.write_bytes(module.serialize())
        unfinished.replace(compiled)
    return module
