"""Questions made from a catalogue: shapes and wordings filled with its names, every word labelled."""

from __future__ import annotations

import functools
import random
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from assistant.reading import phrases
from assistant.reading.learned import lexicon
from assistant.reading.learned.shapes import expanded
from assistant.reading.words import read_words

if TYPE_CHECKING:
    from indexer.catalog.catalog import Catalog
    from indexer.ids import TitleId

_TITLES, _PEOPLE, _PLOTS = 40_000, 60_000, 8_000  # names taken, the best known first
_NESTED, _QUALIFIED = 0.12, 0.2
_PRONOUNS, _SURNAMES = 0.03, 0.08


@functools.cache
def _fillers() -> Mapping[str, list[str]]:
    text = files("assistant.reading.learned").joinpath("fillers.toml").read_text(encoding="utf-8")
    held: Mapping[str, list[str]] = tomllib.loads(text)
    return held


_SLOT = re.compile(r"\{(\w+?)\d?\}")


@dataclass(frozen=True)
class Tagged:
    """A question's folded words, as typed, and a label each ("O", "B-title"...)."""

    keys: tuple[str, ...]
    texts: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Names:
    """What slots are filled with; names stand best known first."""

    title: Sequence[str]
    person: Sequence[str]
    character: Sequence[str]
    plot: Sequence[str]

    @classmethod
    def of(cls, catalog: Catalog) -> Names:
        """Of a catalogue: the best known titles and people, and characters and plots of those titles."""
        titles = sorted(
            (title for title in catalog.iter_titles() if title.type != "tvEpisode"), key=lambda t: -t.votes
        )
        people = sorted(catalog.iter_people(), key=lambda person: -person.popularity)[:_PEOPLE]
        known = [title.id for title in titles[: _TITLES // 4]]
        plots = [plot for text in catalog.overviews(known[:_PLOTS]).values() for plot in _clauses(text)]
        told = [title.name for title in titles[:_TITLES]]
        return cls(told, [person.name for person in people], _characters(catalog, known), plots)


def _characters(catalog: Catalog, known: Sequence[TitleId]) -> list[str]:
    credits = catalog.credits_of_titles(known)
    names = [
        name for key in known for credit in (credits.get(key) or [])[:8] for name in credit.characters[:1]
    ]
    return [name for name in names if name.lower() not in ("self", "narrator", "host") and len(name) < 40]


def _clauses(overview: str) -> list[str]:
    """The first clause of an overview: what somebody might remember of it."""
    words = re.split(r"[.,;:]| - ", overview)[0].split()
    return [" ".join(words[:14])] if len(words) >= 4 else []


def generated(names: Names, lines: Sequence[str], rng: random.Random) -> Iterator[Tagged]:
    """A question for each line, without end to the ways in which its slots are filled."""
    for line in lines:
        yield _Writer(names, rng).question(line)


def lines_of(rng: random.Random, each: int) -> list[str]:
    """Lines with slots: ``each`` of every shape's questions and of every wording of ``rules.toml``."""
    found: list[str] = []
    for shape in lexicon.exemplar_file()["shape"]:
        for text in shape["questions"]:
            found += rng.choices(expanded(text), k=each)
    found += [line for wording in _wordings() for line in (_worded(wording, rng) for _ in range(each))]
    found = [line for line in found if all(hasattr(_Writer, f"_a_{slot}") for slot in _SLOT.findall(line))]
    rng.shuffle(found)
    return found


# Slots of the wordings under other names; lines with slots that are none here are left out.
_RULE_SLOTS = {
    "title2": "{title}",
    "person3": "{person}",
    "character2": "{character}",
    "person2": "{person}",
    "director": "{person}",
    "people": "{person} and {person}",
    "titles": "{title} or {title}",
    "amount": "{number} minutes",
    "measure": "the {superlative}",
}


def _wordings() -> list[object]:
    from assistant.reading.reader import Rules

    return [pattern for rule in Rules.load().rules for pattern in rule.patterns]


def _worded(wording: object, rng: random.Random) -> str:
    """One of the many lines a wording stands for."""
    words: list[str] = []
    for piece in wording.pieces:  # type: ignore[attr-defined]
        if hasattr(piece, "name"):
            words.append(_RULE_SLOTS.get(piece.name, f"{{{piece.name}}}"))
        elif not piece.optional or rng.random() < 0.4:
            words += rng.choice([phrase for group in piece.options.values() for phrase in group])
    return " ".join(words)


class _Writer:
    """Writes one question: its own case and its own carelessness."""

    def __init__(self, names: Names, rng: random.Random) -> None:
        self._names, self._rng = names, rng
        self._flat = rng.random() < 0.55
        self._typos = 0.06 if rng.random() < 0.2 else 0.0

    def question(self, line: str) -> Tagged:
        """The line with its slots filled, labelled."""
        rows: list[tuple[str, str, str]] = []
        for part in re.split(r"(\{\w+\})", self._nested(line)):
            slot = _SLOT.fullmatch(part)
            rows += self._slot(slot[1]) if slot else self._words(part, "O")
        if rows and not self._flat:
            key, text, label = rows[0]
            rows[0] = (key, text[:1].upper() + text[1:], label)
        keys, texts, labels = zip(*rows, strict=True) if rows else ((), (), ())
        return Tagged(keys, texts, labels)

    def _nested(self, line: str) -> str:
        """Some names told by what they are: "the director of {title}", "the first {title} film"."""
        line = re.sub(
            r"\{person\d?\}", lambda found: self._instead(found[0], _fillers()["person"], _NESTED), line
        )
        return re.sub(
            r"\{title\d?\}", lambda found: self._instead(found[0], _fillers()["title"], _QUALIFIED), line
        )

    def _instead(self, slot: str, others: Sequence[str], share: float) -> str:
        return self._rng.choice(others) if self._rng.random() < share else slot

    def _words(self, text: str, slot: str) -> list[tuple[str, str, str]]:
        typed = text.lower() if self._flat and slot != "O" else text
        if self._rng.random() < 0.5:
            typed = self._mistyped(typed)
        if typed.strip() == "'s":
            return [("'s", "'s", "O")]
        question = read_words(typed, shorten=False)
        found = []
        for place, word in enumerate(question.words):
            label = "O" if slot == "O" else f"{'I' if place else 'B'}-{slot}"
            found.append((word.key, question.text[word.start : word.end], label))
        return found

    def _mistyped(self, text: str) -> str:
        words = text.split(" ")
        return " ".join(self._typo(word) if self._slips(word) else word for word in words)

    def _slips(self, word: str) -> bool:
        return self._rng.random() < self._typos and len(word) > 3

    def _typo(self, word: str) -> str:
        at = self._rng.randrange(1, len(word) - 1)
        how = self._rng.randrange(3)
        if how == 0:
            return word[:at] + word[at + 1 :]
        if how == 1:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        return word[:at] + word[at] + word[at:]

    def _slot(self, slot: str) -> list[tuple[str, str, str]]:
        return self._words(getattr(self, f"_a_{slot}")(), slot)

    def _best_known(self, names: Sequence[str]) -> str:
        """The better known, the likelier: half of all from the first tenth."""
        return names[int(len(names) * self._rng.random() ** 3)]

    def _a_title(self) -> str:
        if self._rng.random() < _PRONOUNS:
            return self._rng.choice(phrases.words("pronouns_title"))
        name = self._best_known(self._names.title)
        if ":" in name and self._rng.random() < 0.5:
            name = name.split(":")[self._rng.randrange(2)].strip() or name
        if self._rng.random() < 0.15:
            name = re.sub(r"^(?:The|A|An) ", "", name)
        if self._rng.random() < 0.06:
            name = f"{name} {self._rng.choice(('2', '3', 'part 2', 'II', '1', 'Part III'))}"
        return f'"{name}"' if self._rng.random() < 0.04 else name

    def _a_person(self) -> str:
        if self._rng.random() < _PRONOUNS:
            return self._rng.choice(_fillers()["people_before"])
        if self._rng.random() < _SURNAMES:
            return self._best_known(self._names.person[:3000]).split(" ")[-1]
        return self._best_known(self._names.person)

    def _a_character(self) -> str:
        name = self._rng.choice(self._names.character)
        chance = self._rng.random()
        if chance < 0.25:
            return name.split(" ")[0]
        if chance < 0.4:
            return self._rng.choice(("the ", "the ", "young ", "old ")) + name
        if chance < 0.47:
            kin = self._rng.choice(_fillers()["kin"])
            return f"{name.split(' ')[0]}'s {kin}"
        return name

    def _a_plot(self) -> str:
        text = self._rng.choice(self._names.plot)
        return text[:1].lower() + text[1:]

    def _a_place(self) -> str:
        return self._rng.choice(_fillers()["places"])

    def _a_kind(self) -> str:
        noun = self._rng.choice(_fillers()["kinds"])
        genre = f"{self._rng.choice(list(phrases.genres()))} " if self._rng.random() < 0.2 else ""
        return genre + noun

    def _a_genre(self) -> str:
        return self._rng.choice(list(phrases.genres()))

    def _a_time(self) -> str:
        year = self._rng.randint(1925, 2024)
        text = self._rng.choice(_fillers()["times"])
        decade = self._rng.choice((50, 60, 70, 80, 90))
        word = self._rng.choice(list(phrases.decades()))
        later = year + self._rng.randint(1, 12)
        return text.format(y=year, z=later, d=year // 10 * 10, t=decade, w=word)

    def _a_superlative(self) -> str:
        return self._rng.choice(list(phrases.rankings("superlative")))

    def _a_measure(self) -> str:
        return self._rng.choice(list(phrases.rankings("measure")))

    def _a_ordinal(self) -> str:
        return self._rng.choice(_fillers()["ordinals"])

    def _a_number(self) -> str:
        return str(self._rng.randint(2, 200))

    def _a_job(self) -> str:
        return self._a_word("job")

    def _a_made(self) -> str:
        return self._a_word("made")

    def _a_word(self, slot: str) -> str:
        words = [word for word, (held, _) in lexicon.jobs().items() if held == slot]
        directors = [word for word, held in lexicon.jobs().items() if held == (slot, "director")]
        return self._rng.choice(directors if self._rng.random() < 0.5 else words)
