"""A name index that forgives typos: character 3-grams find, edit distances and votes decide."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from indexer.errors import FormatMismatch
from indexer.linking.grams import Postings
from indexer.linking.texts import Texts, mapped
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
# Listwise logistic regression over generated distortions of IMDb's names, drawn by votes; rounded.
# No evidence counts against a name, and an equal name keeps a bonus that votes alone do not outweigh.
COEFFICIENTS: dict[str, tuple[float, ...]] = {
    "title": (0.5, 2.9, 1.0, 5.0, 0.1, 4.0, 2.0, 2.0, 3.0, 0.0, 0.0, 3.0, 0.0, 0.3, 5.8, 0.0, 0.4, 5.6),
    "person": (0.4, 3.5, 3.4, 2.5, 0.4, 4.0, 5.3, 1.0, 3.0, 0.0, 0.1, 3.6, 1.9, 0.0, 4.2, 0.0, 2.7, 6.9),
}
_SINGLE_ROMAN = {"v": "5", "x": "10", "i": "1"}
Relation = Literal["exact", "same", "begins", "holds", "fuzzy"]
Kind = Literal["title", "person"]
Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class NameMatch:
    """One entry that a search found, by its best name.

    similarity: 0-1, of the spelling alone (1: the same name). score: any real number, higher is better;
    ``prior`` of it comes from votes.
    relation: "exact" the same folded name; "same" but for articles, word order, spaces, figures;
    "begins" the name begins with the whole query, "holds" it has every word of it, "fuzzy" anything else.
    """

    id: int
    name: str
    similarity: float
    weight: float
    relation: Relation
    score: float
    prior: float


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
    """Names of titles or people, each with an id and a weight (votes, popularity); an id may have several."""

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
        self.norms = np.asarray(postings.norms)
        self._by_id: Places | None = None
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
            ids = mapped(directory / "ids.npy")
            weights = mapped(directory / "weights.npy")
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

    def probe(self, text: str) -> Probe:
        """``text`` compared with every name by its grams: 1 ms, then asked for candidates or single ids."""
        query = text[:MAX_QUERY]
        shared, most = self._postings.overlap(search_key(self.kind, query), budget=400_000)
        return Probe(self, query, shared, most)

    def search(self, text: str, limit: int = 20) -> list[NameMatch]:
        """Entries whose name is like ``text``, best first; [] where nothing is like it.

        Names that hold every word of ``text`` come in by votes (all of "harry potter"), others by similarity.
        """
        return self.probe(text).matches(limit)

    def near(self, shared: npt.NDArray[np.float32], most: float, limit: int) -> Places:
        """Entries worth comparing letter by letter: all grams held, by votes, and the most alike."""
        if most <= 0:
            return np.zeros(0, np.intp)
        near = np.flatnonzero(shared > 0.4 * most)
        if near.size < limit:
            near = np.flatnonzero(shared > 0.15 * most)
        if not near.size:
            return near
        held = near[shared[near] > 0.999 * most][: 2 * limit]
        rank = 2 * shared[near] / (most + self.norms[near]) + 0.012 * self._votes[near]
        top = min(80, near.size)
        return np.union1d(held, near[np.argpartition(-rank, top - 1)[:top]])

    def ids_at(self, places: Places) -> npt.NDArray[np.int64]:
        """The ids of entries."""
        return np.asarray(self._ids[places])

    def places_of(self, ids: npt.NDArray[np.int64]) -> tuple[Places, Places]:
        """(M,) the entries of ``ids``, and (M,) which of them each is of."""
        if self._by_id is None:
            self._by_id = np.argsort(self._ids, kind="stable")
            self._sorted_ids = np.asarray(self._ids)[self._by_id]
        first = np.searchsorted(self._sorted_ids, ids)
        sizes = np.searchsorted(self._sorted_ids, ids, side="right") - first
        owners = np.repeat(np.arange(len(ids)), sizes)
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return self._by_id[np.repeat(first, sizes) + within], owners

    def spelling_score(self, table: Floats) -> Floats:
        """(K,) how alike the spellings of a (K, F) table are, votes left out; any real number."""
        return np.asarray(table[:, :-4] @ self.coefficients[:-4], np.float64)

    def table(self, text: str, places: Places, overlap: Floats) -> Floats:
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

    def match(self, place: int, row: Floats, score: float) -> NameMatch:
        """One entry as a match, from its row of the table."""
        weight, prior = float(self._weights[place]), float(row[-4:] @ self.coefficients[-4:])
        return NameMatch(
            int(self._ids[place]), self._names[place], similarity(row), weight, _relation(row), score, prior
        )


class Probe:
    """One query against all N names of an index."""

    def __init__(self, index: NameIndex, text: str, shared: npt.NDArray[np.float32], most: float) -> None:
        self._index, self._text, self._shared, self._most = index, text, shared, most

    def matches(self, limit: int) -> list[NameMatch]:
        """The best names, one for each id, best first."""
        places = self._index.near(self._shared, self._most, max(limit, 20))
        if not places.size:
            return []
        table = self._table(places)
        scores = table @ self._index.coefficients
        found: dict[int, NameMatch] = {}
        for at in np.argsort(-scores, kind="stable"):
            match = self._index.match(int(places[at]), table[at], float(scores[at]))
            found.setdefault(match.id, match)
            if len(found) == limit:
                break
        return list(found.values())

    def candidates(self, limit: int = 20) -> tuple[npt.NDArray[np.int64], Floats]:
        """(K,) ids and (K, F) features of what ``matches`` chooses from: what weights are learned from."""
        places = self._index.near(self._shared, self._most, max(limit, 20))
        return self._index.ids_at(places), self._table(places)

    def contained(self, least: float = 0.5) -> tuple[npt.NDArray[np.int64], Floats]:
        """(M,) ids, some twice, and (M,) the share (least-1) of the query's grams that their names hold."""
        if self._most <= 0:
            return np.zeros(0, np.int64), np.zeros(0)
        places = np.flatnonzero(self._shared >= least * self._most)
        return self._index.ids_at(places), np.asarray(self._shared[places] / self._most, np.float64)

    def compare(self, ids: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
        """(K, F) the features of each id by its best name, and (K,) the share of the query's grams it holds.

        Rows of an id that has no name here are 0.
        """
        places, owners = self._index.places_of(ids)
        features, contained = np.zeros((len(ids), len(FEATURES))), np.zeros(len(ids))
        if not places.size or self._most <= 0:
            return features, contained
        table = self._table(places)
        order = np.argsort(self._index.spelling_score(table), kind="stable")
        features[owners[order]] = table[order]
        np.maximum.at(contained, owners, self._shared[places] / self._most)
        return features, contained

    def spelling_score(self, table: Floats) -> Floats:
        """(K,) how alike the spellings of a (K, F) table are, votes left out; any real number."""
        return self._index.spelling_score(table)

    def _table(self, places: Places) -> Floats:
        overlap = 2 * self._shared[places] / (self._most + self._index.norms[places])
        return self._index.table(self._text, places, overlap.astype(np.float64))


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


def _similarities(query: _Query, keys: list[str]) -> list[Floats]:
    """Six (K,) similarities of 0-1: ratio, edits, sorted, subset, start, letters."""
    from rapidfuzz import distance, fuzz, process

    def scored(scorer: Any, text: str, choices: list[str], scale: float = 1.0) -> Floats:
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


def _word_by_word(query: _Query, keys: list[str]) -> tuple[Floats, Floats]:
    """How well the query's words are found in each name, (K,), and each name's in the query, (K,).

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


def similarity(row: Floats) -> float:
    """0-1 from one (F,) row of features: 1 for an equal folded name, 0.98 at least for the same key."""
    exact, same = row[FEATURES.index("exact")], row[FEATURES.index("key")]
    if exact:
        return 1.0
    spelled = float(max(row[0], row[1], 0.98 * row[2], 0.97 * row[5]))
    return max(spelled, 0.98) if same else min(spelled, 0.97)


def _relation(row: Floats) -> Relation:
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
