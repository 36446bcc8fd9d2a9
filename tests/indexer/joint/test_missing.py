"""Missing credits: what walks and measures say of a small graph, and what the ranker finds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from indexer.catalog.records import Credit, Person, Title
from indexer.errors import FormatMismatch, InputError
from indexer.fields.rows import Kind
from indexer.ids import PersonId, TitleId
from indexer.joint.missing.graph import CreditGraph
from indexer.joint.missing.measures import MEASURES, Measured, Measurer
from indexer.joint.missing.ranker import CreditRanker, _examples
from indexer.progress import Progress
from indexer.settings import VectorScope

SILENT = Progress.silent()
ACTOR, DIRECTOR = "actor", "director"


class Source:
    """Titles t of 2000 + t and people p from (t, p, category) credits."""

    def __init__(self, credits: list[tuple[int, int, str]], hidden: tuple[int, int] | None = None) -> None:
        titles = range(max(credit[0] for credit in credits) + 1)
        people = range(max(credit[1] for credit in credits) + 1)
        self._titles = [
            Title(
                TitleId(t + 1),
                f"Film {'abcdefgh'[t % 8]}",
                "movie",
                year=2000 + t,
                genres=("Drama",),
                votes=9,
            )
            for t in titles
        ]
        self._people = [Person(PersonId(p + 1), f"Person {p}", 1950 + p) for p in people]
        self._credits = [
            Credit(TitleId(t + 1), PersonId(p + 1), place, category)
            for place, (t, p, category) in enumerate(sorted(credits), 1)
            if (t, p) != hidden
        ]

    def iter_titles(self) -> Iterator[Title]:
        return iter(self._titles)

    def iter_people(self) -> Iterator[Person]:
        return iter(self._people)

    def iter_credits(self) -> Iterator[Credit]:
        return iter(self._credits)

    def iter_names(self, kind: Literal["title"]) -> Iterator[tuple[int, str]]:
        assert kind == "title"
        return ((title.id, title.name) for title in self._titles)

    def iter_keywords(self) -> Iterator[tuple[int, str]]:
        return iter(())

    def scope_titles(self, scope: VectorScope) -> list[int]:
        return [title.id for title in self._titles]

    def scope_people(self, title_ids: object) -> list[PersonId]:
        return [person.id for person in self._people]


def graph(credits: list[tuple[int, int, str]], hidden: tuple[int, int] | None = None) -> CreditGraph:
    return CreditGraph.read(Source(credits, hidden), VectorScope(), SILENT)


def measured(of: CreditGraph, kind: Kind, place: int, hidden: int = -1) -> Measured:
    return next(Measurer(of, kind).all(np.array([place]), np.array([hidden])))


def value(of: Measured, candidate: int, name: str) -> float:
    return float(of.rows[of.candidates.tolist().index(candidate), MEASURES.index(name)])


# Film 0 has 0 and 1; film 1 has 0, 1 and 2 (who directs); film 2 has 1 and 3; film 3 has 4 alone.
FEW = [
    (0, 0, ACTOR), (0, 1, ACTOR), (1, 0, ACTOR), (1, 1, ACTOR), (1, 2, DIRECTOR),
    (2, 1, ACTOR), (2, 3, ACTOR), (3, 4, ACTOR),
]  # fmt: skip


def test_candidates_are_those_three_steps_away_who_are_not_known() -> None:
    assert measured(graph(FEW), "title", 0).candidates.tolist() == [2, 3]
    assert measured(graph(FEW), "title", 3).candidates.tolist() == []
    assert measured(graph(FEW), "person", 3).candidates.tolist() == [0, 1]


def test_scores_are_those_of_the_walk_written_down() -> None:
    partners = {0: 2**-0.5, 1: 3**-0.5}  # by the root of how many films each has
    film = (partners[0] + partners[1]) ** 1.5 * 3**-0.5 * np.exp(-1 / 10)
    other = partners[1] ** 1.5 * 2**-0.5 * np.exp(-2 / 10)
    found = measured(graph(FEW), "title", 0)
    assert [value(found, place, "score") for place in (2, 3)] == pytest.approx([film, other], rel=1e-5)


def test_measures_count_partners_meetings_and_functions() -> None:
    found = measured(graph(FEW), "title", 0)
    assert [value(found, 2, name) for name in ("partners", "middles", "most shared")] == [2, 1, 2]
    assert value(found, 2, "as director") == 1 and value(found, 3, "as cast") == 1
    assert value(found, 2, "shows cast") == 1 and value(found, 2, "shows director") == 0
    assert value(found, 2, "functions shown") == 0 and value(found, 3, "functions shown") == 1
    assert value(found, 2, "years after") == 1 and value(found, 3, "years after") == 2
    assert value(found, 3, "age") == 2000 - 1953


def mixed(seed: int) -> list[tuple[int, int, str]]:
    """Sixteen films with two to five of twelve people, who act or direct."""
    draw = random.Random(seed)
    pairs = [(film, person) for film in range(16) for person in draw.sample(range(12), draw.randint(2, 5))]
    return [(film, person, draw.choice([ACTOR, ACTOR, DIRECTOR])) for film, person in pairs]


@pytest.mark.parametrize("kind", ["title", "person"])
@pytest.mark.parametrize("seed", range(4))
def test_a_hidden_credit_is_measured_as_if_it_were_not_there(kind: Kind, seed: int) -> None:
    """But for "specific", which divides by an average over all queries."""
    credits = mixed(seed)
    weighed = {"specific", "place by specific"}
    of = [at for at, name in enumerate(MEASURES) if name not in weighed]
    for film, person, _ in credits[::3]:
        query, partner = (film, person) if kind == "title" else (person, film)
        hidden = measured(graph(credits), kind, query, partner)
        without = measured(graph(credits, (film, person)), kind, query)
        assert hidden.candidates.tolist() == without.candidates.tolist()
        for name, own, other in zip(
            np.array(MEASURES)[of], hidden.rows.T[of], without.rows.T[of], strict=True
        ):
            assert own == pytest.approx(other, rel=1e-5), name


def test_candidates_far_down_are_learnt_from_as_often_as_those_in_front() -> None:
    with SILENT.task("learning") as task:
        rows, found, sizes = _examples(known(), "title", 500, np.random.default_rng(0), 1, task)
    assert sum(sizes) == len(rows) == len(found) and found.sum() == len(sizes)
    places = rows[found == 0, MEASURES.index("place")]
    middle = np.median(places)
    near, far = (places < middle).sum(), (places >= middle).sum()
    assert near == pytest.approx(far, rel=0.2)
    lengths = [len(one.candidates) for one in Measurer(known(), "title").all(np.arange(100))]
    assert len(places) / len(sizes) == pytest.approx(np.mean(lengths) / 2, rel=0.1)


def test_no_measure_of_a_person_s_titles_tells_how_many_are_known_of_each() -> None:
    """Whoever joins a title in a function that it shows already, and leads nowhere else, changes nothing."""
    more = [*FEW, (1, 5, ACTOR), (1, 6, ACTOR)]
    for name in ("functions shown", "shows cast", "partners", "titles", "share of the partners"):
        few, many = (measured(graph(of), "person", 3) for of in (FEW, more))
        assert value(few, 1, name) == value(many, 1, name), name


def studio(films: int = 120, seed: int = 3) -> list[tuple[int, int, str]]:
    """Ten troupes of six who always play together, beside two others of 30 who play anywhere."""
    draw = random.Random(seed)
    casts = [[*range(f % 10 * 6, f % 10 * 6 + 6), *draw.sample(range(60, 90), 2)] for f in range(films)]
    return [(film, person, ACTOR) for film, cast in enumerate(casts) for person in cast]


GONE = {film: film * 6 + film % 6 for film in range(10)}  # one of its troupe, whose credit is not known


def known(seed: int = 3) -> CreditGraph:
    return graph([credit for credit in studio(seed=seed) if GONE.get(credit[0]) != credit[1]])


@pytest.fixture(scope="module")
def ranker() -> CreditRanker:
    return CreditRanker.fit(known(), SILENT, queries=500, seed=1)


def test_the_one_of_a_troupe_who_is_missing_comes_first(ranker: CreditRanker) -> None:
    found = list(ranker.missing("title", np.arange(len(GONE))))
    assert sum(ranked[0].place == GONE[film] for film, ranked in enumerate(found)) >= 9
    assert found[0][0].partners >= 5


def test_the_film_that_lacks_one_of_its_troupe_comes_first(ranker: CreditRanker) -> None:
    found = list(ranker.missing("person", np.array(list(GONE.values()))))
    assert sum(ranked[0].place == film for film, ranked in zip(GONE, found, strict=True)) >= 9


def test_a_title_that_shares_nobody_has_nothing_missing() -> None:
    alone = [(200, 300, ACTOR)]
    learnt = CreditRanker.fit(graph(studio() + alone), SILENT, queries=200, seed=1)
    assert next(learnt.missing("title", np.array([200]))) == []


def test_one_seed_gives_one_ranker_and_saving_keeps_it(ranker: CreditRanker, tmp_path: Path) -> None:
    again = CreditRanker.fit(known(), SILENT, queries=500, seed=1, threads=2)
    ranker.save(tmp_path)
    loaded = CreditRanker.load(tmp_path, known())
    wanted = list(ranker.missing("title", np.arange(20)))
    assert list(again.missing("title", np.arange(20))) == wanted
    assert list(loaded.missing("title", np.arange(20), threads=2)) == wanted


def test_a_ranker_of_other_credits_is_refused(ranker: CreditRanker, tmp_path: Path) -> None:
    ranker.save(tmp_path)
    with pytest.raises(FormatMismatch, match="other credits"):
        CreditRanker.load(tmp_path, known(seed=4))


@pytest.mark.parametrize("name", ["title.txt", "ranker.json"])
def test_a_damaged_ranker_is_refused(ranker: CreditRanker, tmp_path: Path, name: str) -> None:
    ranker.save(tmp_path)
    whole = (tmp_path / name).read_bytes()
    for broken in (whole[: len(whole) // 2], b"", b"\xff{"):
        (tmp_path / name).write_bytes(broken)
        with pytest.raises(FormatMismatch, match="learn it anew"):
            CreditRanker.load(tmp_path, known())


def test_credits_that_share_nobody_are_an_error() -> None:
    with pytest.raises(InputError, match="too few titles"):
        CreditRanker.fit(graph([(t, t, ACTOR) for t in range(9)]), SILENT)
