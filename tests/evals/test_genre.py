"""The tables of the run ``genre``, on plots made of a few words."""

from pathlib import Path

import numpy as np
import pytest

from evals.genre import models
from evals.genre.figures import accuracy_line, error_line, interval, label_lines, macro_line
from evals.genre.run import _apart, _naming
from evals.tables import Bar
from indexer.predictors.genre.linear import WordBayes
from indexer.predictors.genre.material import from_rows
from indexer.predictors.genre.rows import GenreRow
from indexer.predictors.genre.trained import parts
from tests.indexer.predictors.genre.plots import Pointing, rows

LEARNT, HELD = (from_rows(rows(each, seed=seed), Pointing()) for each, seed in ((12, 1), (4, 2)))


def test_a_model_is_measured_on_the_six_and_on_all() -> None:
    found = models.single(WordBayes, LEARNT, HELD)
    kind, six, everything, error, seconds = found.cells()
    assert kind == "tfidf_bayes"
    assert six == everything  # these rows are of the six alone
    assert float(six.partition("/")[0]) > 80
    assert float(error) <= 1 and float(seconds) >= 0
    lines = [
        accuracy_line("a", found.truth, found.chances, Bar(75)),
        macro_line("m", found.truth, found.chances),
    ]
    assert lines[0].verdict() in ("met", "not met")
    assert error_line("e", found.truth, found.chances, Bar(2, least=False)).verdict() == "met"


def test_several_genres_are_measured_on_what_may_be() -> None:
    tested = np.arange(len(LEARNT)) % 2 == 0
    found = models.several(WordBayes, LEARNT, tested)
    assert found.learnt == 58
    assert len(found.truth) == sum(tested[parts(len(LEARNT), 7)[1]])
    names = [line.what for line in label_lines("x", found.truth, found.guess)]
    assert names == [
        "x: micro F1",
        "x: macro F1 of the 0 genres of 100 films or more",
        "x: macro F1 of all 6",
    ]


def test_macro_f1_is_told_over_common_genres_and_over_all() -> None:
    """A genre of one row that was missed halves the mean over all, and is left out of that of the common."""
    truth = np.zeros((120, 2), dtype=bool)
    truth[:110, 0] = truth[0, 1] = True
    guess = truth.copy()
    guess[0, 1] = False
    lines = label_lines("x", truth, guess, macro=Bar(90))
    assert [line.measured for line in lines[1:]] == [100.0, 50.0]
    assert [line.verdict() for line in lines] == ["", "met", ""]


def test_an_interval_holds_the_figure_and_narrows_to_it() -> None:
    assert interval(lambda _: 1.0, 10) == (100.0, 100.0)
    low, high = interval(lambda rows: float((rows < 5).mean()), 10)
    assert low < 50 < high


def test_rows_that_are_also_measured_on_are_not_learnt_from() -> None:
    held = rows(2, ("horror",), seed=1)
    other = GenreRow("Another", 2001, "horror", "A text that nobody has told before, of a lamp and a moth.")
    assert _apart([*held, other], held) == [other]


@pytest.mark.parametrize("name", ["movies_metadata.csv", "nothing.csv"])
def test_overviews_that_name_the_genre_are_found_by_their_source(tmp_path: Path, name: str) -> None:
    text = "imdb_id,overview_source\ntt0000001,wikipedia extract\ntt0000002,tmdb\n,wikipedia extract\n"
    (tmp_path / name).write_text(text)
    assert _naming(tmp_path) == ({1} if name == "movies_metadata.csv" else set())
    assert _naming(None) == set()
