"""Keeps Gradio from writing type stubs while it is imported, which takes half of the time of importing it.

Gradio 6 parses the source of each of its 81 components, and writes a stub beside it, whenever it is imported.
Stubs are for an editor; here they delay the page by one to two seconds, and an installation need not be
writable.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import spec_from_file_location
from types import ModuleType

MODULE, WRITER = "gradio.component_meta", "create_or_modify_pyi"


class _Loader(SourceFileLoader):
    """Loads the module, and takes its writer of stubs away."""

    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        if hasattr(module, WRITER):
            setattr(module, WRITER, _write_nothing)


class _Finder(MetaPathFinder):
    """Finds that one module."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        found = PathFinder.find_spec(fullname, path, target) if fullname == MODULE else None
        if found is None or found.origin is None:
            return None
        return spec_from_file_location(fullname, found.origin, loader=_Loader(fullname, found.origin))


_FINDER = _Finder()


def write_no_stubs() -> None:
    """For the time before Gradio is imported; afterwards it changes nothing."""
    if _FINDER not in sys.meta_path:
        sys.meta_path.insert(0, _FINDER)


def _write_nothing(*_: object) -> None:
    """In place of the writer."""
