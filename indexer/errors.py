"""Everything Whoplayed raises on purpose, split by what the caller can do about it.

    WhoplayedError                exit status 1; the message gives value, limit and remedy
    ├── InputError                fix the input (a file, a question, an option)
    │   ├── SourceError           a source file: names file, line and what was expected
    │   └── ShapeError            an array or tensor of the wrong shape
    ├── IndexUnusable             rebuild: the index is missing, of another format, or damaged
    │   ├── IndexMissing          there is none at that path
    │   └── FormatMismatch        written by another version
    └── ResourceError             free something: disk, memory, a lock, a port
        └── Busy                  another process is doing it

Not finding something is never an error: functions return ``None`` or an empty list.
"""

from __future__ import annotations


class WhoplayedError(Exception):
    """Base of all errors with a message made for a person to read."""


class InputError(WhoplayedError, ValueError):
    """The caller can mend it by changing the input."""


class SourceError(InputError):
    """A source file is missing, of the wrong layout, or damaged beyond the limit."""


class ShapeError(InputError):
    """An array does not have the documented shape."""


class IndexUnusable(WhoplayedError):
    """The index cannot serve; the message names the command that mends it."""


class IndexMissing(IndexUnusable):
    """There is no index at the path."""


class FormatMismatch(IndexUnusable):
    """The index or checkpoint was written by another version."""


class ResourceError(WhoplayedError):
    """The machine lacks something: room on the disk, memory, a port."""


class Busy(ResourceError):
    """Another process holds what this one needs."""
