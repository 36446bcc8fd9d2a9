"""Triples become a catalogue like any other."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.metaqa.catalogue import build_index, rating_word
from evals.metaqa.triples import read_films
from indexer.errors import InputError
from indexer.progress import Progress
from tests.evals.metaqa.small import FILMS, write_kb


def test_everything_said_of_a_film_is_in_the_catalogue(tmp_path: Path) -> None:
    with build_index(write_kb(tmp_path), tmp_path / "made", Progress.silent()) as index:
        catalog = index.catalog
        assert catalog.counts()["titles"] == len(FILMS)
        [key] = [title.id for title in catalog.iter_titles() if title.name == "Alien"]
        title = catalog.title(key)
        assert title is not None
        assert (title.year, title.genres, title.rating) == (1979, ("Horror",), 7.5)
        credits = {(catalog.person(one.person_id), one.category) for one in catalog.credits_of_title(key)}
        named = {(person.name, category) for person, category in credits if person is not None}
        assert named == {
            ("Ridley Scott", "director"),
            ("Dan O'Bannon", "writer"),
            ("Sigourney Weaver", "actor"),
            ("John Hurt", "actor"),
        }
        assert catalog.languages(key) == ["English"]
        assert catalog.keywords(key) == ["spaceship"]


def test_a_name_is_one_person_whatever_they_did(tmp_path: Path) -> None:
    with build_index(write_kb(tmp_path), tmp_path / "made", Progress.silent()) as index:
        people = [person for person in index.catalog.iter_people() if person.name == "James Cameron"]
        assert len(people) == 1
        done = {credit.category for credit in index.catalog.credits_of_person(people[0].id)}
        assert done == {"director", "writer"}


def test_rating_words_survive_being_numbers() -> None:
    assert [rating_word(score) for score in (9.0, 7.5, 3.0)] == ["fantastic", "good", "bad"]


@pytest.mark.parametrize("line", ["Alien|directed_by", "Alien|eaten_by|Jones", "|directed_by|Ridley Scott"])
def test_what_is_no_triple_is_named_with_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "kb.txt"
    path.write_text(f"Alien|release_year|1979\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 2"):
        read_films(path)


def test_a_missing_knowledge_base_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"kb\.txt"):
        read_films(tmp_path / "kb.txt")
