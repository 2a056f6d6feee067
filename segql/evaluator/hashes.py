"""The hash by which `random` and `sample` choose profiles."""

from __future__ import annotations

from hashlib import md5

from .shop import Key


def hashed(seed: str, key: Key) -> str:
    """The lower-case hex MD5, 32 digits, of `seed`, U+001F, key as text; in UTF-8."""
    return md5(f"{seed}\x1f{key}".encode(), usedforsecurity=False).hexdigest()
