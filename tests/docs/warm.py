"""`segql` without its start: one process has read all modules, and each command runs in a fork of it.

`python -m tests.docs.warm DOOR` serves at the socket DOOR until its standard input ends. `script` is a program for a
`bin` folder that hands its streams, its folder, its environment and its arguments over, and ends as the command does.
"""

from __future__ import annotations

import ast
import os
import select
import signal
import socket
import sys
import traceback
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

_CALLER = """
import os, socket, sys
door = socket.socket(socket.AF_UNIX)
door.connect(sys.argv[1])
said = repr((os.getcwd(), dict(os.environ), sys.argv[2:])).encode()
socket.send_fds(door, [len(said).to_bytes(4, "big")], [0, 1, 2])
door.sendall(said)
sys.exit((door.recv(1) or b"\\xff")[0])
"""


def script(door: Path) -> str:
    return f"#!/bin/sh\nexec {sys.executable} -SE -c '{_CALLER}' {door} \"$@\"\n"


def serve(door: str) -> None:
    import segql

    for module in walk_packages(segql.__path__, "segql."):
        import_module(module.name)
    import_module("duckdb")
    segql.format("everyone")  # the parser has read its tables
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the forks
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(door)
        listening.listen()
        print("ready", flush=True)
        while sys.stdin not in select.select([listening, sys.stdin], [], [])[0]:
            caller, _ = listening.accept()
            size, streams, _, _ = socket.recv_fds(caller, 4, 3)
            if os.fork() == 0:
                _command(caller, int.from_bytes(size, "big"), streams)
            caller.close()
            for stream in streams:
                os.close(stream)


def _command(caller: socket.socket, size: int, streams: list[int]) -> None:
    from segql.__main__ import session
    from segql.cli import main

    code: object = 70
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w", buffering=1)
        with caller.makefile("rb") as said:
            folder, environment, arguments = ast.literal_eval(said.read(size).decode())
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        main(arguments, prog_name="segql", obj=session)
    except SystemExit as end:
        code = end.code or 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        caller.sendall(bytes([code if isinstance(code, int) else 70]))
        os._exit(0)


if __name__ == "__main__":
    serve(sys.argv[1])
