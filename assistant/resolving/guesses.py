"""What a model guesses from the words of a question: no record stands behind it, and the answer says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answer import Status
from assistant.resolving.finding import Finding, unknown

if TYPE_CHECKING:
    from assistant.reading.reading import Reading
    from assistant.resolving.resolver import Tools

_LIKELY = 0.2  # a genre is told from this probability on; the likeliest always is
_MOST = 4


@dataclass(frozen=True)
class GuessedGenres:
    """Probabilities of genres, likeliest first; ``foreign``: the text's language where not English."""

    chances: dict[str, float]
    foreign: str | None = None


def genres_of_plot(reading: Reading, tools: Tools) -> Finding:
    """The likeliest genres of the plot that the question tells, each with its probability."""
    plot = reading.title.plot if reading.title is not None else None
    guessed = tools.guessed_genres(plot) if plot else None
    if guessed is None or not guessed.chances:
        return unknown(reading, "This index has no model that guesses genres.", 0.3, "no genre model")
    ranked = list(guessed.chances.items())[:_MOST]
    told = [ranked[0], *(item for item in ranked[1:] if item[1] >= _LIKELY)]
    return Finding(
        reading,
        Status.ANSWERED,
        values=tuple(name for name, _ in told),
        confidence=ranked[0][1],
        note=f"written in another language ({guessed.foreign})" if guessed.foreign else "",
        rule="the genre model's guess from the plot",
        candidates=tuple({"genre": name, "probability": round(chance, 4)} for name, chance in told),
    )
