"""Which of a title's writers were asked for: those of its script, or of what it is based on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from indexer.catalog.records import Credit

SCRIPT, SOURCE = "script", "source"
_SCRIPT = re.compile(r"screen ?play|screen ?writ|script|teleplay|scenario|written by|^writer|dialog")
_SOURCE = re.compile(r"novel|book|\bplays?\b|stor(?:y|ies)|poem|comic|manga|memoir|character|based on")


def first_as_asked(
    credits: Sequence[Credit], asked: str | None, others: Callable[[int], Sequence[Credit]]
) -> list[Credit]:
    """The credits with those first that are for what was asked, SCRIPT or SOURCE; without either as they are.

    others: all credits of a person; where the job is not given they tell a novelist.
    """
    if asked not in (SCRIPT, SOURCE):
        return list(credits)
    sign = -1 if asked == SCRIPT else 1

    def place(credit: Credit) -> int:
        return sign * (_leaning(credit.job) or _mostly(others(credit.person_id)))

    return sorted(credits, key=place)


def _leaning(job: str | None) -> int:
    """1 for a script, -1 for what a script is based on, 0 where the job says neither."""
    words = (job or "").lower()
    return 1 if _SCRIPT.search(words) else -1 if _SOURCE.search(words) else 0


def _mostly(credits: Sequence[Credit]) -> int:
    """-1 for who mostly writes what scripts are based on; who writes scripts may have written any of them."""
    leaning = sum(_leaning(credit.job) for credit in credits if credit.category == "writer")
    return -1 if leaning < 0 else 0
