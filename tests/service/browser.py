"""Chromium over its pipe: a page in which one types, as its DevTools protocol has it; no library needed."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any


class Browser:
    """One page of a headless Chromium, of a width and height in pixels."""

    def __init__(self, chromium: str, profile: Path, url: str) -> None:
        take, self._write = os.pipe()
        self._read, give = os.pipe()
        command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
                   f"--user-data-dir={profile}", "--window-size=900,600", "about:blank"]  # fmt: skip
        # Chromium reads its descriptor 3 and writes its 4.
        shell = ["bash", "-c", f'exec "$@" 3<&{take} 4>&{give}', "bash", *command]
        self._process = subprocess.Popen(shell, pass_fds=(take, give), stderr=subprocess.DEVNULL)
        os.close(take)
        os.close(give)
        self._numbers, self._rest, self._session = itertools.count(1), b"", ""
        page = next(one for one in self._ask("Target.getTargets")["targetInfos"] if one["type"] == "page")
        attached = self._ask("Target.attachToTarget", targetId=page["targetId"], flatten=True)
        self._session = attached["sessionId"]
        self._ask("Page.navigate", url=url)

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(20)
        os.close(self._write)
        os.close(self._read)

    def _ask(self, method: str, **given: Any) -> Any:
        number = next(self._numbers)
        asked = {"id": number, "method": method, "params": given}
        if self._session:
            asked["sessionId"] = self._session
        os.write(self._write, json.dumps(asked).encode() + b"\0")
        while True:
            while b"\0" not in self._rest:
                more = os.read(self._read, 1 << 16)
                assert more, "the browser has ended"
                self._rest += more
            said, _, self._rest = self._rest.partition(b"\0")
            answer = json.loads(said)
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]

    def value(self, script: str) -> Any:
        """What a line of JavaScript comes to on the page: text, a number, a truth."""
        answer = self._ask("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def wait(self, script: str, seconds: float = 20) -> Any:
        """What it comes to, once that is something."""
        end = time.monotonic() + seconds
        while not (found := self.value(script)):
            assert time.monotonic() < end, f"{script} on {self.value('document.body.innerText')!r}"
            time.sleep(0.05)
        return found

    def type(self, text: str) -> None:
        """Letters by the keyboard, one after the other."""
        for letter in text:
            self._ask("Input.dispatchKeyEvent", type="char", text=letter, unmodifiedText=letter)

    def press(self, key: str, code: int) -> None:
        """A key that has a name."""
        for way in ("rawKeyDown", "keyUp"):
            self._ask("Input.dispatchKeyEvent", type=way, key=key, code=key, windowsVirtualKeyCode=code)
