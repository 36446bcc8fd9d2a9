"""Functions over arrays that numba turns into machine code at their first call, and keeps for later ones.

Numba looks at the file of a function alone, not at those of functions it calls: so what it keeps lies in a
folder that is named by the text of all of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from platformdirs import user_cache_path

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """The function as machine code, which lets other threads run meanwhile."""
    config: Any = numba.config  # whose names numba makes as it starts
    before = config.CACHE_DIR
    config.CACHE_DIR = str(_folder())
    try:
        return cast(Function, numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:  # there is no place to keep it: then each process makes its own
        return cast(Function, numba.njit(nogil=True)(function))
    finally:
        config.CACHE_DIR = before


@cache
def _folder() -> Path:
    found = hashlib.blake2b(digest_size=8)
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        found.update(path.read_bytes())
    return user_cache_path("whoplayed") / f"compiled-{found.hexdigest()}"
