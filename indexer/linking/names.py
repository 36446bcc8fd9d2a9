"""A name index that forgives typos: character 3-grams find, edit distances and votes decide."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from indexer.errors import FormatMismatch
from indexer.linking.grams import Postings
from indexer.text import fold, name_key, title_key

FORMAT = 1
MAX_QUERY = 200  # characters; names are shorter, and a longer query would only cost time
FEATURES = (
    "ratio",
    "edits",
    "sorted",
    "subset",
    "start",
    "letters",
    "grams",
    "exact",
    "key",
    "begins",
    "holds",
    "recall",
    "precision",
    "first_letter",
    "votes",
    "votes_if_same",
    "votes_if_held",
    "votes_if_recalled",
)
# Listwise logistic regression over generated distortions of IMDb's names, drawn in proportion to votes, rounded.
# No evidence counts against a name, and an equal name keeps a bonus that votes alone do not outweigh.
COEFFICIENTS: dict[str, tuple[float, ...]] = {
    "title": (0.5, 2.9, 1.0, 5.0, 0.1, 4.0, 2.0, 2.0, 3.0, 0.0, 0.0, 3.0, 0.0, 0.3, 5.8, 0.0, 0.4, 5.6),
    "person": (0.4, 3.5, 3.4, 2.5, 0.4, 4.0, 5.3, 1.0, 3.0, 0.0, 0.1, 3.6, 1.9, 0.0, 4.2, 0.0, 2.7, 6.9),
}
_SINGLE_ROMAN = {"v": "5", "x": "10", "i": "1"}
Relation = Literal["exact", "same", "begins", "holds", "fuzzy"]
Kind = Literal["title", "person"]


@dataclass(frozen=True, slots=True)
class NameMatch:
    """One entry that a search found, by its best name.

    similarity: 0-1, of the spelling alone (1: the same name). score: any real number, higher is better.
    relation: "exact" the same folded name; "same" but for articles, word order, spaces, how numbers are written;
    "begins" the name begins with the whole query, "holds" it has every word of it, "fuzzy" anything else.
    """

    id: int
    name: str
    similarity: float
    weight: float
    relation: Relation
    score: float


class Texts:
    """Many strings as one mapped array of UTF-8 and where each begins."""

    def __init__(self, data: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64]) -> None:
        self._data, self._starts = data, starts

    @classmethod
    def of(cls, texts: Sequence[str]) -> Texts:
        """The strings in the order given; a lone surrogate becomes "?"."""
        coded = [text.encode("utf-8", "replace") for text in texts]
        starts = np.zeros(len(coded) + 1, np.int64)
        np.cumsum([len(code) for code in coded], out=starts[1:])
        return cls(np.frombuffer(b"".join(coded), np.uint8), starts)

    @classmethod
    def open(cls, directory: Path, name: str) -> Texts:
        """Map ``name.npy`` and ``name_starts.npy``."""
        return cls(*(np.load(directory / f"{name}{end}.npy", mmap_mode="r") for end in ("", "_starts")))

    def save(self, directory: Path, name: str) -> None:
        """Write ``name.npy`` and ``name_starts.npy``."""
        np.save(directory / f"{name}.npy", self._data)
        np.save(directory / f"{name}_starts.npy", self._starts)

    def __getitem__(self, place: int) -> str:
        return self._data[self._starts[place] : self._starts[place + 1]].tobytes().decode()

    def __len__(self) -> int:
        return len(self._starts) - 1


def search_key(kind: Kind, text: str) -> str:
    """The spelling that is compared: folded; for titles no article at the ends and numbers as figures.

    A name of signs only ("$") is its own key.
    """
    if kind == "person":
        return name_key(text) or text.strip().casefold()
    words = title_key(text).split()
    if len(words) > 1:
        words[-1] = _SINGLE_ROMAN.get(words[-1], words[-1])
    return " ".join(words) or text.strip().casefold()


class NameIndex:
    """Names of titles or people, each with an id and a weight (votes, popularity); an id may have several names."""

    def __init__(
        self,
        kind: Kind,
        ids: npt.NDArray[np.int64],
        weights: npt.NDArray[np.float32],
        texts: tuple[Texts, Texts, Texts],
        postings: Postings,
    ) -> None:
        self.kind: Kind = kind
        self._ids, self._weights, self._postings = ids, weights, postings
        self._names, self._folded, self._keys = texts
        self._votes = np.log1p(np.asarray(weights, np.float32))
        self._norms = np.asarray(postings.norms)
        self.coefficients = np.asarray(COEFFICIENTS[kind])

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, str, float]], kind: Kind = "title") -> NameIndex:
        """An index in memory of (id, name, weight); equal (id, folded name) pairs are kept once."""
        entries = _distinct(pairs)
        entries.sort(key=lambda entry: (-entry[2], entry[0]))
        names = [name for _, name, _ in entries]
        folded = [fold(name) for name in names]
        keys = [search_key(kind, name) for name in names]
        ids = np.asarray([entry[0] for entry in entries], np.int64)
        weights = np.asarray([entry[2] for entry in entries], np.float32)
        texts = (Texts.of(names), Texts.of(folded), Texts.of(keys))
        return cls(kind, ids, weights, texts, Postings.of(keys))

    @classmethod
    def build(
        cls, pairs: Iterable[tuple[int, str, float]], directory: Path, kind: Kind = "title"
    ) -> NameIndex:
        """Index (id, name, weight) and write it to ``directory``; slow: about 30 s for a million names."""
        index = cls.of(pairs, kind)
        index.save(directory)
        return index

    def save(self, directory: Path) -> None:
        """Write the index as .npy files and names.json."""
        directory.mkdir(parents=True, exist_ok=True)
        np.save(directory / "ids.npy", self._ids)
        np.save(directory / "weights.npy", self._weights)
        for name, texts in zip(
            ("names", "folded", "keys"), (self._names, self._folded, self._keys), strict=True
        ):
            texts.save(directory, name)
        self._postings.save(directory)
        facts = {"format": FORMAT, "kind": self.kind, "entries": len(self)}
        (directory / "names.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")

    @classmethod
    def open(cls, directory: Path) -> NameIndex:
        """Map a saved index; cheap. Raises FormatMismatch where it is missing or of another version."""
        try:
            facts = json.loads((directory / "names.json").read_text(encoding="utf-8"))
            if facts["format"] != FORMAT:
                found = facts["format"]
                raise FormatMismatch(
                    f"name index {directory}: expected format {FORMAT}, found {found}: rebuild the index"
                )
            ids = np.load(directory / "ids.npy", mmap_mode="r")
            weights = np.load(directory / "weights.npy", mmap_mode="r")
            texts = (
                Texts.open(directory, "names"),
                Texts.open(directory, "folded"),
                Texts.open(directory, "keys"),
            )
            return cls(facts["kind"], ids, weights, texts, Postings.open(directory))
        except (OSError, ValueError, KeyError) as error:
            raise FormatMismatch(
                f"name index {directory} cannot be read ({error}): rebuild the index"
            ) from error

    def __len__(self) -> int:
        return len(self._ids)

    def search(self, text: str, limit: int = 20) -> list[NameMatch]:
        """Entries whose name is like ``text``, best first; [] where nothing is like it.

        Names that hold every word of ``text`` come in by votes (all of "harry potter"), others by similarity.
        """
        query = text[:MAX_QUERY]
        places, overlap = self._candidates(query, max(limit, 20))
        if not places.size:
            return []
        table = self._table(query, places, overlap)
        scores = table @ self.coefficients
        return self._best(places, table, scores, limit)

    def table(self, text: str, limit: int = 20) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """The ids and features of the candidates for ``text``, (K,) and (K, F): what weights are learned from."""
        places, overlap = self._candidates(text[:MAX_QUERY], max(limit, 20))
        ids = np.asarray(self._ids[places])
        return ids, self._table(text[:MAX_QUERY], places, overlap)

    def _candidates(self, text: str, limit: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
        """Places worth comparing letter by letter, and the share of grams (0-1) they have in common with ``text``."""
        key = search_key(self.kind, text)
        shared, most = self._postings.overlap(key, budget=400_000)
        if most <= 0:
            return np.zeros(0, np.intp), np.zeros(0)
        near = np.flatnonzero(shared > 0.4 * most)
        if near.size < limit:
            near = np.flatnonzero(shared > 0.15 * most)
        held = near[shared[near] > 0.999 * most][: 2 * limit]
        dice = 2 * shared[near] / (most + self._norms[near])
        rank = dice + 0.012 * self._votes[near]
        top = min(80, near.size)
        best = near[np.argpartition(-rank, top - 1)[:top]] if top else near
        places = np.union1d(held, best)
        return places, 2 * shared[places] / (most + self._norms[places]).astype(np.float64)

    def _table(
        self, text: str, places: npt.NDArray[np.intp], overlap: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        """(K, F) the features of the candidates, in the order of FEATURES."""
        query = _Query.of(self.kind, text)
        keys = [self._keys[place] for place in places]
        votes = self._votes[places] / 10
        exact = np.asarray([self._folded[place] == query.folded for place in places], np.float64)
        same = np.asarray([query.is_same(key) for key in keys], np.float64)
        begins = np.asarray([f"{key} ".startswith(f"{query.key} ") for key in keys], np.float64)
        holds = np.asarray([query.word_set <= set(key.split()) for key in keys], np.float64)
        first = np.asarray([key[:1] == query.key[:1] for key in keys], np.float64)
        recall, precision = (np.maximum(share, same) for share in _word_by_word(query, keys))
        columns = [*_similarities(query, keys), overlap, exact, same, begins, holds, recall, precision, first]
        priors = [votes, votes * np.maximum(exact, same), votes * holds, votes * recall**4]
        return np.stack([*columns, *priors], axis=1)

    def _best(
        self,
        places: npt.NDArray[np.intp],
        table: npt.NDArray[np.float64],
        scores: npt.NDArray[np.float64],
        limit: int,
    ) -> list[NameMatch]:
        found: dict[int, NameMatch] = {}
        for at in np.argsort(-scores, kind="stable"):
            entry = int(self._ids[places[at]])
            if entry not in found:
                found[entry] = self._match(entry, int(places[at]), table[at], float(scores[at]))
            if len(found) == limit:
                break
        return list(found.values())

    def _match(self, entry: int, place: int, row: npt.NDArray[np.float64], score: float) -> NameMatch:
        weight = float(self._weights[place])
        return NameMatch(entry, self._names[place], _similarity(row), weight, _relation(row), score)


@dataclass(frozen=True)
class _Query:
    folded: str
    key: str
    words: list[str]
    word_set: set[str]

    @classmethod
    def of(cls, kind: Kind, text: str) -> _Query:
        key = search_key(kind, text)
        return cls(fold(text), key, sorted(key.split()), set(key.split()))

    def is_same(self, key: str) -> bool:
        """Whether the names differ in word order or spaces at most."""
        return sorted(key.split()) == self.words or key.replace(" ", "") == self.key.replace(" ", "")


def _distinct(pairs: Iterable[tuple[int, str, float]]) -> list[tuple[int, str, float]]:
    seen: set[tuple[int, str]] = set()
    kept = []
    for entry, name, weight in pairs:
        if name.strip() and (entry, name) not in seen:
            seen.add((entry, name))
            kept.append((entry, name, weight))
    return kept


def _similarities(query: _Query, keys: list[str]) -> list[npt.NDArray[np.float64]]:
    """Six (K,) similarities of 0-1: ratio, edits, sorted, subset, start, letters."""
    from rapidfuzz import distance, fuzz, process

    def scored(scorer: Any, text: str, choices: list[str], scale: float = 1.0) -> npt.NDArray[np.float64]:
        row = process.cdist([text], choices, scorer=scorer, dtype=np.float32)[0]
        return np.asarray(row / scale, np.float64)

    by_word = [" ".join(sorted(key.split())) for key in keys]
    letters = [key.replace(" ", "") for key in keys]
    return [
        scored(fuzz.ratio, query.key, keys, 100),
        scored(distance.OSA.normalized_similarity, query.key, keys),
        scored(distance.OSA.normalized_similarity, " ".join(query.words), by_word),
        scored(fuzz.token_set_ratio, query.key, keys, 100),
        scored(distance.JaroWinkler.normalized_similarity, query.key, keys),
        scored(fuzz.ratio, query.key.replace(" ", ""), letters, 100),
    ]


def _word_by_word(query: _Query, keys: list[str]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """How well the words of the query are found in each name, (K,), and the words of each name in the query, (K,).

    0-1, by letters; a word counts by its best match: a name with more words than were asked for has recall 1.
    """
    from rapidfuzz import distance, process

    words = [key.split() for key in keys]
    flat = [word for each in words for word in each]
    starts = np.cumsum([0, *(len(each) for each in words)])[:-1]
    alike = process.cdist(query.words, flat, scorer=distance.OSA.normalized_similarity, dtype=np.float32)
    best = np.maximum.reduceat(alike, starts, axis=1)  # (words of the query, K)
    lengths = np.asarray([len(word) for word in query.words], np.float64)
    sizes = np.asarray([len(word) for word in flat], np.float64)
    found = np.add.reduceat(alike.max(axis=0) * sizes, starts) / np.add.reduceat(sizes, starts)
    return lengths @ best / lengths.sum(), found


def _similarity(row: npt.NDArray[np.float64]) -> float:
    exact, same = row[FEATURES.index("exact")], row[FEATURES.index("key")]
    if exact:
        return 1.0
    spelled = float(max(row[0], row[1], 0.98 * row[2], 0.97 * row[5]))
    return max(spelled, 0.98) if same else min(spelled, 0.97)


def _relation(row: npt.NDArray[np.float64]) -> Relation:
    names: tuple[tuple[str, Relation], ...] = (
        ("exact", "exact"),
        ("key", "same"),
        ("begins", "begins"),
        ("holds", "holds"),
    )
    for feature, relation in names:
        if row[FEATURES.index(feature)]:
            return relation
    return "fuzzy"
