"""The bytes of a source file, plain or gzip, as blocks of whole UTF-8 lines; every fault named with its
line.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from indexer.errors import SourceError

# Blocks that stay in the processor's cache with all that is made of them load a fourth faster than those of
# 1 MB.
_READ = 1 << 13
_BLOCK = 1 << 14
LONGEST_LINE = 4 << 20  # bytes; a longer "line" is a binary file, and would not stay in bounded memory
_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of a file: ``text`` without the last newline, ``line`` the number (from 1) of its first
    line.
    """

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a whole pass over a file found."""

    path: Path
    sha256: str  # of the file as it lies on disk
    size: int  # bytes on disk
    lines: int


def text_blocks(path: Path) -> Iterator[Block]:
    """The file's lines in blocks of about 16 KB, byte order mark and carriage returns removed.

    Raises SourceError for an unreadable file, damaged or cut-off gzip, text that is not UTF-8, an endless
    line.
    """
    with _opened(path) as file:
        yield from _blocks(path, file)


def survey(path: Path) -> FileFacts:
    """Reads the whole file once, so that every fault ``text_blocks`` can raise is raised here."""
    with _opened(path) as file:
        reader = _Hashing(file)
        lines = sum(block.text.count("\n") + 1 for block in _blocks(path, reader))
    return FileFacts(path, reader.digest.hexdigest(), reader.size, lines)


class _Reader(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Hashing:
    """Reads on, and knows the check sum and the size of what was read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self.digest, self.size = file, hashlib.sha256(), 0

    def read(self, size: int, /) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        self.size += len(data)
        return data


def _blocks(path: Path, file: _Reader) -> Iterator[Block]:
    line = 1
    for chunk in _whole_lines(path, file):
        text = _decoded(chunk, path, line)
        if line == 1:
            text = text.removeprefix("\ufeff")
        if "\r" in text:
            text = text.replace("\r\n", "\n").removesuffix("\r")
        yield Block(text, line)
        line += chunk.count(b"\n") + 1


def first_line(path: Path) -> str:
    """The first line of the file, ``""`` where it is empty. Raises as ``text_blocks`` does."""
    for block in text_blocks(path):
        return block.text.partition("\n")[0]
    return ""


def _whole_lines(path: Path, file: _Reader) -> Iterator[bytes]:
    rest = b""
    for chunk in _unpacked(path, file):
        rest += chunk
        if len(rest) >= _BLOCK:
            cut = rest.rfind(b"\n")
            if cut >= 0:
                yield rest[:cut]
                rest = rest[cut + 1 :]
            elif len(rest) > LONGEST_LINE:
                raise SourceError(
                    f"{path}: a line of more than {LONGEST_LINE:,} bytes; expected a text file with lines"
                )
    if rest:
        yield rest.removesuffix(b"\n")


def _unpacked(path: Path, file: _Reader) -> Iterator[bytes]:
    data = file.read(_READ)
    packed = data.startswith(_GZIP_MAGIC)
    if path.suffix == ".gz" and not packed:
        raise SourceError(
            f"{path}: line 1: not gzip, though its name ends in .gz; expected gzip of a text file"
        )
    if packed:
        yield from _gunzip(path, file, data)
        return
    while data:
        yield data
        data = file.read(_READ)


def _gunzip(path: Path, file: _Reader, data: bytes) -> Iterator[bytes]:
    """The members of a gzip file one after another; zlib itself checks the check sums."""
    lines = 1
    unpack = zlib.decompressobj(31)
    while data:
        try:
            out = unpack.decompress(data, _BLOCK)
        except zlib.error as error:
            raise SourceError(
                f"{path}: line {lines}: damaged gzip ({error}); expected a whole file: download it again"
            ) from error
        lines += out.count(b"\n")
        yield out
        data = unpack.unconsumed_tail
        if unpack.eof:
            data = (unpack.unused_data or file.read(_READ)).lstrip(b"\0")  # zeros may pad a gzip file
            if data:
                unpack = zlib.decompressobj(31)
        elif not data:
            data = file.read(_READ)
    if not unpack.eof:
        raise SourceError(
            f"{path}: line {lines}: the gzip file is cut off here; expected a whole file: download it again"
        )


def _decoded(chunk: bytes, path: Path, line: int) -> str:
    try:
        return chunk.decode("utf-8")
    except UnicodeDecodeError as error:
        at = line + chunk.count(b"\n", 0, error.start)
        raise SourceError(
            f"{path}: line {at}: byte 0x{chunk[error.start]:02x} is not UTF-8; expected UTF-8 text"
        ) from error


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}); expected a file") from error
