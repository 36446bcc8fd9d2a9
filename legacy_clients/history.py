"""The descriptions of one session with what came of them; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from legacy_clients.asking import Share

MOST = 50
_LINE = 60  # characters of a description in a list


@dataclass(frozen=True)
class Entry:
    """One description and its shares, likeliest first."""

    plot: str
    shares: tuple[Share, ...]

    @property
    def line(self) -> str:
        """The description in a line, cut short, behind its likeliest genre."""
        words = " ".join(self.plot.split())
        cut = words if len(words) <= _LINE else f"{words[: _LINE - 1]}…"
        return f"{self.shares[0].genre}: {cut}"

    def text(self, model: str | None) -> str:
        """The whole result, to be pasted elsewhere."""
        widest = max(len(share.genre) for share in self.shares)
        rows = [f"{share.genre:<{widest}}  {share.share:6.1%}" for share in self.shares]
        foot = ["", model] if model else []
        return "\n".join([self.plot, "", f"Top prediction: {self.shares[0].genre}", *rows, *foot]) + "\n"


class History:
    """The latest ``MOST`` entries, newest first, and the one that is looked at."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self.place: int | None = None  # of the entry looked at; None for a description not asked yet

    @property
    def entries(self) -> Sequence[Entry]:
        """Newest first."""
        return tuple(self._entries)

    @property
    def shown(self) -> Entry | None:
        """The entry looked at."""
        return None if self.place is None else self._entries[self.place]

    def add(self, entry: Entry) -> None:
        """Puts an entry on top and looks at it; one of the same description before it is dropped."""
        others = [each for each in self._entries if each.plot != entry.plot]
        self._entries = [entry, *others][:MOST]
        self.place = 0

    def look_at(self, place: int) -> Entry | None:
        """The entry at a place; ``None``, and nothing changes, where there is none."""
        if not 0 <= place < len(self._entries):
            return None
        self.place = place
        return self._entries[place]

    def step(self, older: int) -> Entry | None:
        """The entry so many steps older (or newer) than the one looked at; ``None`` past either end."""
        start = -1 if self.place is None else self.place
        return self.look_at(start + older)
