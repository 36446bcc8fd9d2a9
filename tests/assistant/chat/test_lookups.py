"""What programs may look up, in an index of some sixty titles without vectors or models."""

from __future__ import annotations

import pytest

from assistant.chat import lookups
from assistant.core import Assistant
from indexer.errors import IndexUnusable, InputError
from indexer.index import Index


@pytest.fixture
def index(assistant: Assistant) -> Index:
    return assistant.index


def test_a_title_is_found_by_id_name_and_year(index: Index) -> None:
    for name in ("tt0155975", "Psycho (1998)", " psycho 1998 "):
        found = lookups.title_record(index, name)
        assert (found["title_id"], found["title"], found["year"]) == ("tt0155975", "Psycho", 1998)


def test_a_record_has_its_credits_and_its_namesakes(index: Index) -> None:
    found = lookups.title_record(index, "Psycho")
    assert found["credits_in_all"] == len(found["credits"]) > 0
    assert {"person_id", "person", "category", "job", "characters"} == set(found["credits"][0])
    assert "tt0155975" in [found["title_id"], *(other["title_id"] for other in found["others"])]


def test_a_person_is_found_by_id_and_by_a_name_that_is_a_slip_away(index: Index) -> None:
    by_name = lookups.person_record(index, "keanu reevs")
    assert lookups.person_record(index, by_name["person_id"]) == by_name | {"others": []}
    assert by_name["person"] == "Keanu Reeves"
    assert "The Matrix" in [credit["title"] for credit in by_name["credits"]]


@pytest.mark.parametrize("name", ["tt9999999", "qqqqzzzz"])
def test_what_is_not_there_is_said_so(name: str, index: Index) -> None:
    with pytest.raises(InputError, match=f"No title in the catalogue is like '{name}'"):
        lookups.title_record(index, name)
    with pytest.raises(InputError, match="No person in the catalogue is like 'nm9999999'"):
        lookups.person_record(index, "nm9999999")


def test_what_the_build_lacks_names_the_command_that_adds_it(index: Index) -> None:
    with pytest.raises(IndexUnusable, match=r"no vectors of overviews: .*without --without overviews"):
        lookups.titles_of_plot(index, "a plot", 5)
    with pytest.raises(IndexUnusable, match="no genre model"):
        lookups.genres_of_plot(index, "a plot")
    with pytest.raises(IndexUnusable, match="no rating model"):
        lookups.guessed_rating(index, "Psycho", None)
    with pytest.raises(InputError, match="either a title or facts"):
        lookups.guessed_rating(index, "Psycho", {"year": 1960})
