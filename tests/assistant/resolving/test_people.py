"""Which person is meant: order of names, accents, slips, surnames alone, and nobody at all."""

from __future__ import annotations

import pytest

from assistant.core import Assistant
from assistant.resolving.people import PersonHit, PersonLinker, quality
from indexer.linking.names import NameMatch


@pytest.fixture(scope="module")
def linker(assistant: Assistant) -> PersonLinker:
    return PersonLinker(assistant.index.catalog, assistant.index.names["person"])


def best(linker: PersonLinker, name: str) -> PersonHit:
    return linker.link(name)[0]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Al Pacino", "Al Pacino"),
        ("al pacino", "Al Pacino"),
        ("Pacino, Al", "Al Pacino"),
        ("Reeves Keanu", "Keanu Reeves"),
        ("Bill Skarsgard", "Bill Skarsgård"),
        ("lupita nyongo", "Lupita Nyong'o"),
        ("Samuel L Jackson", "Samuel L. Jackson"),
        ("robert deniro", "Robert De Niro"),
        ("Robert Downey Jr", "Robert Downey Jr."),
        ("jeniffer lawrence", "Jennifer Lawrence"),
        ("Kianu Reeves", "Keanu Reeves"),
        ("Carrie Anne Moss", "Carrie-Anne Moss"),
        ("Pacino", "Al Pacino"),
        ("Hitchcock", "Alfred Hitchcock"),
    ],
)
def test_a_name_as_people_type_it_leads_to_the_person(linker: PersonLinker, typed: str, name: str) -> None:
    assert best(linker, typed).person.name == name


def test_the_nearer_the_name_the_higher_its_quality(linker: PersonLinker) -> None:
    typed = ("Al Pacino", "Pacino, Al", "Pacino")
    qualities = [best(linker, name).quality for name in typed]
    assert qualities == sorted(qualities, reverse=True)
    assert qualities[0] == 1.0
    assert qualities[-1] >= 0.7


def test_a_first_name_alone_is_less_than_a_surname(linker: PersonLinker) -> None:
    assert best(linker, "Lupita").quality < best(linker, "Pacino").quality


def test_of_two_namesakes_in_part_the_better_known_comes_first(linker: PersonLinker) -> None:
    found = [hit.person.name for hit in linker.link("Robert")]
    assert set(found[:4]) == {"Robert De Niro", "Robert Downey Jr.", "Robert Zemeckis", "Robert Carlyle"}
    popularity = [
        hit.person.popularity for hit in linker.link("Robert") if hit.person.name.startswith("Robert")
    ]
    assert popularity == sorted(popularity, reverse=True)


@pytest.mark.parametrize("typed", ["Qwort Zzyzx", "", "???", "1999"])
def test_nobody_is_found_where_nobody_is_called_so(linker: PersonLinker, typed: str) -> None:
    assert linker.link(typed) == []


def test_no_more_people_than_asked_for(linker: PersonLinker) -> None:
    assert len(linker.link("John", limit=2)) <= 2


def test_a_surname_behind_the_whole_name_is_the_same_person() -> None:
    found = NameMatch(1, "Amelia Reed-Stone", 0.7, 1.0, "begins", 0.0, 0.0)
    assert quality("amelia reed", found) > 0.85
    assert quality("amelia", found) < 0.8
