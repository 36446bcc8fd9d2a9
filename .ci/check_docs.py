#!/usr/bin/env python3
"""Checks the documents against the tree: links, files and `make` targets they name exist. Edits nothing.

Usage: check_docs.py [ROOT]. Exit status 1, with one line per problem, when something is wrong.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "NOTICE", "docs/**/*.md")
REQUIRED = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "NOTICE")
FOLDERS = ("indexer", "assistant", "legacy_clients", "evals", "tests", "docs", "typings", ".ci")

LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)|<(?:img|a)\s[^>]*?(?:src|href)=\"([^\"]+)\"")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^ *(```|~~~).*?^ *\1 *$", re.MULTILINE | re.DOTALL)
PATH = re.compile(rf"(?:{'|'.join(map(re.escape, FOLDERS))})/[\w./-]*")
MAKE = re.compile(r"(?:^|[\s$;&])make((?: +[A-Z_]+=\S+)*) +([a-z][a-z-]*)")
TARGET = re.compile(r"^([a-z][a-z-]*):(?!=)", re.MULTILINE)
HEADING = re.compile(r"^#+ +(.*?) *#*$", re.MULTILINE)


def documents(root: Path) -> list[Path]:
    """The documents that exist, in a fixed order."""
    return sorted({path for pattern in DOCUMENTS for path in root.glob(pattern)})


def anchors(text: str) -> set[str]:
    """The anchors that a page's headings get."""
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(FENCE.sub("", text)))
    return {heading.strip().replace(" ", "-") for heading in plain}


def link_problems(page: Path, text: str) -> Iterator[str]:
    """Relative links whose file or anchor is missing."""
    prose = CODE.sub("", FENCE.sub("", text))
    for match in LINK.finditer(prose):
        link = match[1] or match[2]
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        if not target.exists():
            yield f"links to {link}, which does not exist"
        elif anchor and target.suffix == ".md" and anchor not in anchors(target.read_text(encoding="utf-8")):
            yield f"links to {link}, but {target.name} has no such heading"


def code_spans(text: str) -> list[str]:
    """What is set as code: fenced blocks and `spans`."""
    return [match[0] for match in FENCE.finditer(text)] + CODE.findall(FENCE.sub("", text))


def path_problems(root: Path, text: str) -> Iterator[str]:
    """Files of this project that are named as code but missing."""
    for span in CODE.findall(FENCE.sub("", text)):
        if PATH.fullmatch(span) and not (root / span).exists():
            yield f"names `{span}`, which does not exist"


def make_problems(targets: set[str], text: str) -> Iterator[str]:
    """`make` targets that are named as code but not defined."""
    for span in code_spans(text):
        for match in MAKE.finditer(span):
            if match[2] not in targets:
                yield f"names `make {match[2]}`, which the Makefile does not define"


def changelog_problems(root: Path) -> Iterator[str]:
    """A change log that has no section for what is being made."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    version = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    if not re.search(rf"^## .*(Unreleased|{re.escape(version)})", text, re.MULTILINE):
        yield f"CHANGELOG.md has a section neither for Unreleased nor for {version}"


def problems(root: Path) -> list[str]:
    """All that is wrong, one line each; empty when the documents hold."""
    missing = [f"{name} is missing" for name in REQUIRED if not (root / name).exists()]
    if missing:
        return missing
    targets = set(TARGET.findall((root / "Makefile").read_text(encoding="utf-8")))
    found = list(changelog_problems(root))
    for page in documents(root):
        text = page.read_text(encoding="utf-8")
        wrong = [*link_problems(page, text), *path_problems(root, text), *make_problems(targets, text)]
        found += [f"{page.relative_to(root)} {line}" for line in dict.fromkeys(wrong)]
    return found


def main(arguments: list[str]) -> int:
    """Prints the problems; 0 when there is none."""
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parent.parent
    found = problems(root)
    for line in found:
        print(line, file=sys.stderr)
    if not found:
        print(f"{len(documents(root))} documents: links, files and targets exist")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
