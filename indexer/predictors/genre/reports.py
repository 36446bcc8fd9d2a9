"""What there is to see of genres: how good each is, what is taken for what, years, words, rare ones."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import InputError
from indexer.predictors.genre import material
from indexer.predictors.genre.balance import WAYS
from indexer.predictors.genre.classifier import Lesson
from indexer.predictors.genre.linear import BertHead, WordBayes, WordLogistic
from indexer.predictors.genre.material import Material
from indexer.predictors.genre.metrics import by_class, one_hot
from indexer.predictors.genre.neural import Network
from indexer.predictors.genre.plots import Rows
from indexer.predictors.genre.thresholds import crossed
from indexer.predictors.genre.trained import Trained, parts
from indexer.predictors.genre.training import exclusive_figures, train_one, train_several

if TYPE_CHECKING:
    from indexer.catalog.catalog import Catalog
    from indexer.overviews.encoder import Encoder
    from indexer.predictors.genre.rows import GenreRows
    from indexer.progress import Progress

Line = dict[str, Any]
_WORDS = 40  # of each genre
_BALANCED = (WordBayes, WordLogistic, BertHead, Network)
_FEWEST_LOOKED = 40  # plots; of fewer, a fifth shows nothing


@dataclass(frozen=True)
class Looked:
    """Tables by name, and what pictures are drawn of.

    truth, chances: (H, G) of the held-out plots. mixed: (G, G) shares, a line for each true genre, of what
    was guessed. words: each genre's most telling ones with their weights.
    """

    source: str
    labels: tuple[str, ...]
    exclusive: bool
    truth: NDArray[np.bool_]
    chances: Rows
    mixed: NDArray[np.float64]
    words: dict[str, dict[str, float]]
    tables: dict[str, list[Line]]

    def to_json(self) -> dict[str, Any]:
        """All that the tables say."""
        return {
            "source": self.source,
            "held_out": len(self.truth),
            "exclusive": self.exclusive,
            "words": self.words,
            **self.tables,
        }


def look(
    catalog: Catalog,
    ids: NDArray[np.int64],
    vectors: Rows,
    rows: GenreRows | None,
    encoder: Encoder | None,
    progress: Progress,
) -> Looked:
    """Trains on four fifths and looks at the last: of the rows where some are given, else of the overviews.

    Raises InputError where there are too few plots to hold any out.
    """
    known = material.from_catalog(catalog, ids, vectors)
    progress.say(f"genres: {len(known):,} overviews")
    if rows is None:
        several = train_several(known, Lesson().seed)
        return _looked("overviews of the catalogue", known, several, progress, exclusive=False)
    single = material.from_rows(rows.rows, encoder)
    one = train_one(known, single, Lesson().seed)
    return _looked("rows of one genre each", single, one, progress, exclusive=True)


def _looked(source: str, known: Material, trained: Trained, progress: Progress, *, exclusive: bool) -> Looked:
    if trained.held is None or len(known) < _FEWEST_LOOKED:
        raise InputError(f"{len(known)} plots are too few to look at: {_FEWEST_LOOKED} at least")
    places, chances = trained.held
    truth = known.targets[places] > 0
    guess = _guessed(chances, truth, known.labels, exclusive=exclusive)
    progress.say("genres: rare ones balanced")
    tables = {
        "classes": [
            {"genre": label} | line for label, line in zip(known.labels, by_class(truth, guess), strict=True)
        ],
        "distribution": _distribution(known),
        "years": _years(known),
        "imbalance": imbalance(known if exclusive else by_rarest(known)),
    }
    words = telling_words(known)
    return Looked(source, known.labels, exclusive, truth, chances, mixed(truth, guess), words, tables)


def _guessed(
    chances: Rows, truth: NDArray[np.bool_], labels: tuple[str, ...], *, exclusive: bool
) -> NDArray[np.bool_]:
    if exclusive:
        return one_hot(chances.argmax(axis=1), len(labels))
    return crossed(chances, truth, labels)


def mixed(truth: NDArray[np.bool_], guess: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(G, G): of the plots of each genre (a line) the share to which each genre (a column) was given."""
    counts = truth.astype(float).T @ guess.astype(float)
    shares: NDArray[np.float64] = counts / np.maximum(truth.sum(axis=0)[:, None], 1)
    return shares


def by_rarest(known: Material) -> Material:
    """The same plots with one genre each: the rarest of theirs, which tells most of them."""
    counts = known.targets.sum(axis=0)
    held = np.where(known.targets > 0, counts, np.inf)
    some = np.flatnonzero(known.targets.any(axis=1))
    found = known.take(some)
    return replace(found, targets=np.eye(len(counts), dtype=np.float32)[held[some].argmin(axis=1)])


def imbalance(single: Material) -> list[Line]:
    """What each way of balancing rare genres does to each quick model, on a fifth that was held out before.

    single: one genre a plot. Balancing sees the other four fifths alone.
    """
    kept, held = parts(len(single), Lesson().seed)
    truth = single.targets[held].argmax(axis=1)
    lines: list[Line] = []
    for kind in _BALANCED:
        for way in WAYS:
            model = kind()
            model.fit(single.plots.take(kept), single.targets[kept], Lesson(balance=way))
            figures = exclusive_figures(truth, model.scores(single.plots.take(held)))
            named = {"model": kind.kind, "balance": way}
            lines.append({**named, "accuracy": figures["accuracy"], "macro_f1": figures["macro_f1"]})
    return lines


def telling_words(known: Material) -> dict[str, dict[str, float]]:
    """For each genre the stems that are likelier in its plots than in others, with how much (log, times their
    log frequency); {} where no plot has words.
    """
    bayes = WordBayes()
    bayes.fit(known.plots, known.targets, Lesson(exclusive=False))
    if bayes.words is None or not len(bayes.words):
        return {}
    rows = bayes.words.rows(known.plots)
    often = np.log1p(np.asarray((rows > 0).T @ known.targets))  # (V, G)
    weight = np.maximum(bayes.weights, 0) * often
    single = np.array([" " not in term and term != "0" for term in bayes.words.vocabulary])
    return {
        label: _top(weight[:, column] * single, bayes.words.vocabulary)
        for column, label in enumerate(known.labels)
    }


def _top(weights: NDArray[Any], vocabulary: Sequence[str]) -> dict[str, float]:
    places = np.argsort(-weights)[:_WORDS]
    return {vocabulary[place]: round(float(weights[place]), 3) for place in places if weights[place] > 0}


def _distribution(known: Material) -> list[Line]:
    counts = known.targets.sum(axis=0).astype(int)
    order = np.argsort(-counts)
    return [
        {"genre": known.labels[n], "plots": int(counts[n]), "share": round(float(counts[n] / len(known)), 4)}
        for n in order
    ]


def _years(known: Material) -> list[Line]:
    """The share of each decade's plots that are of a genre; decades without a plot are left out."""
    decades = np.array([-1 if year is None else year // 10 * 10 for year in known.years])
    lines: list[Line] = []
    for decade in sorted(set(decades.tolist()) - {-1}):
        rows = known.targets[decades == decade]
        shares = zip(known.labels, rows.mean(axis=0).tolist(), strict=True)
        line: Line = {"decade": int(decade), "plots": len(rows)}
        lines.append(line | {label: round(share, 4) for label, share in shares})
    return lines


def write(found: Looked, folder: Path) -> list[Path]:
    """report.md, a CSV for each table, and the pictures; the paths written."""
    from indexer.predictors.genre.pictures import draw

    folder.mkdir(parents=True, exist_ok=True)
    tables = {**found.tables, "confusion": _mixed_lines(found), "words": _word_lines(found)}
    paths = [_write_csv(lines, folder / f"{name}.csv") for name, lines in tables.items() if lines]
    pictures = draw(found, folder)
    report = folder / "report.md"
    report.write_text(_markdown(found, pictures), encoding="utf-8")
    return [report, *paths, *pictures]


def _mixed_lines(found: Looked) -> list[Line]:
    return [
        {"genre": label, **{name: round(share, 4) for name, share in zip(found.labels, line, strict=True)}}
        for label, line in zip(found.labels, found.mixed.tolist(), strict=True)
    ]


def _word_lines(found: Looked) -> list[Line]:
    return [{"genre": label, "words": " ".join(words)} for label, words in found.words.items() if words]


def _write_csv(lines: list[Line], path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(lines[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    return path


def _markdown(found: Looked, pictures: Sequence[Path]) -> str:
    kind = "exactly one genre each" if found.exclusive else "several genres each"
    head = [
        "# Genres",
        "",
        f"Of {found.source}, {kind}; {len(found.truth):,} held out of the training are looked at.",
    ]
    parts_of = [
        ("How good each genre is", found.tables["classes"]),
        ("How many plots each has", found.tables["distribution"]),
        ("Rare genres balanced", found.tables["imbalance"]),
        ("Telling words (stems)", [{**line, "words": line["words"][:100]} for line in _word_lines(found)]),
    ]
    body = [line for title, lines in parts_of if lines for line in ("", f"## {title}", "", *_table(lines))]
    shown = [line for path in pictures for line in ("", f"![{path.stem}]({path.name})")]
    return "\n".join([*head, *body, *shown, ""])


def _table(lines: list[Line]) -> list[str]:
    names = list(lines[0])
    rows = [[("" if line[name] is None else str(line[name])) for name in names] for line in lines]
    rule = "|".join("---" for _ in names)
    return [f"| {' | '.join(names)} |", f"|{rule}|", *(f"| {' | '.join(row)} |" for row in rows)]
