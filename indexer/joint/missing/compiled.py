"""Functions over arrays that numba turns into machine code at their first call, and keeps beside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """The function as machine code, which lets other threads run meanwhile."""
    return cast(Function, numba.njit(cache=True, nogil=True)(function))
