"""A held-out credit that is told in every place a catalogue can tell it must be found in no input."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from evals.joint.graph import Graph, read_graph
from evals.joint.inputs import TrainingView, blanked, overview_vectors
from indexer.catalog.records import Credit
from indexer.fields.arrays import Bag, Csr
from indexer.ids import PersonId, TitleId
from indexer.joint.columns import Columns
from indexer.joint.entities import Entities
from indexer.joint.space import JointSpace
from indexer.joint.training import embed_entities, train_joint
from indexer.progress import Progress
from indexer.settings import JointSettings, Settings, VectorScope
from tests.indexer.joint.studio import Studio

SILENT, SCOPE = Progress.silent(), VectorScope()
FILM, STAR = TitleId(103), PersonId(503)
NAME, CHARACTER = "Zelda Quixley", "Captain Vortigern"


class Told(Studio):
    """Says everywhere that Zelda Quixley directed one film and played Captain Vortigern in it."""

    def __init__(self) -> None:
        super().__init__()
        star = replace(
            self.people[3], name=NAME, professions=("actor", "director", "soundtrack"), popularity=9_999
        )
        self.people[3] = star
        self.credits = [
            credit for credit in self.credits if (credit.title_id, credit.person_id) != (FILM, STAR)
        ]
        self.credits += [
            Credit(FILM, STAR, 90, "director"),
            Credit(FILM, STAR, 91, "actor", None, (CHARACTER,)),
        ]
        self.credits.sort(key=lambda credit: (credit.title_id, credit.ordering))
        self.overviews = {
            FILM: f"{NAME} is CAPTAIN VORTIGERN. Quixley's Vortigern sails; the captain waits.",
            TitleId(104): f"A film that {NAME} only saw.",
        }

    def iter_keywords(self) -> Iterator[tuple[int, str]]:
        yield from ((int(FILM), word) for word in ("directed by zelda quixley", "captain vortigern", "ship"))
        yield int(TitleId(104)), "zelda quixley"

    def iter_overviews(self) -> Iterator[tuple[TitleId, str]]:
        yield from self.overviews.items()


class Encoder:
    """Vectors that say which text they are of."""

    width = 4
    fingerprint = "texts"

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> np.ndarray:
        digests = [hashlib.sha256(text.encode()).digest()[:4] for text in texts]
        return np.array([list(digest) for digest in digests], np.float32) / 255 + 0.1


CATALOGUE = Told()
VIEW = TrainingView(CATALOGUE, {(int(FILM), int(STAR))})


def inputs(view: Told | TrainingView) -> Entities:
    return Entities.from_catalog(view, SCOPE, SILENT)


@cache
def _space() -> JointSpace:
    return train_joint(CATALOGUE, SETTINGS, SILENT)


def features(found: Entities) -> dict[str, set[int]]:
    """By field, the feature ids of the planted film and of the planted person, whole rows."""
    columns = Columns(_space().towers, found)
    rows = columns.whole("title", found.places("title", [FILM])) | columns.whole(
        "person", found.places("person", [STAR])
    )
    return {key: set(np.asarray(bag.ids).tolist()) for key, bag in rows.items() if isinstance(bag, Bag)}


SETTINGS = Settings(threads=1, joint=JointSettings(width=16, epochs=1, batch=64))


def strings(found: Entities, field: str, place: int, pool: str) -> list[str]:
    lists: Csr = found.lists[field]
    return [found.pools[pool][at] for at in lists.take(np.array([place])).ids.tolist()]


def test_the_plant_is_seen_where_nothing_is_held_out() -> None:
    found = inputs(CATALOGUE)
    film = int(found.places("title", [FILM])[0])
    assert "zelda quixley" in strings(found, "title/director", film, "names")
    assert "captain vortigern" in strings(found, "title/character", film, "characters")


@pytest.fixture(scope="module")
def known() -> Entities:
    return inputs(VIEW)


def test_no_list_of_the_film_names_the_person_or_the_character(known: Entities) -> None:
    film = int(known.places("title", [FILM])[0])
    for field in known.lists:
        if field.startswith("title/") and field not in ("title/title",):
            pool = "characters" if field == "title/character" else "names"
            assert not {"zelda quixley", "captain vortigern"} & set(strings(known, field, film, pool)), field


def test_no_list_of_the_person_names_the_film_its_cast_or_the_character(known: Entities) -> None:
    star, film = int(known.places("person", [STAR])[0]), int(known.places("title", [FILM])[0])
    name = strings(known, "title/title", film, "titles")[0]
    assert name in strings(inputs(CATALOGUE), "person/title", star, "titles")
    assert name not in strings(known, "person/title", star, "titles")
    assert "captain vortigern" not in strings(known, "person/character", star, "characters")
    others = {int(credit.title_id) for credit in CATALOGUE.credits if credit.person_id == STAR} - {int(FILM)}
    met = {int(credit.person_id) - 500 for credit in CATALOGUE.credits if credit.title_id in others}
    for field in ("person/cast", "person/director"):
        assert set(known.lists[field].take(np.array([star])).ids.tolist()) <= met - {star}, field


def test_the_character_is_in_no_pool_at_all(known: Entities) -> None:
    assert "captain vortigern" in inputs(CATALOGUE).pools["characters"]
    assert "captain vortigern" not in known.pools["characters"]


def test_professions_and_popularity_are_those_of_the_known_credits(known: Entities) -> None:
    star = int(known.places("person", [STAR])[0])
    shown = {
        credit.category
        for credit in CATALOGUE.credits
        if credit.person_id == STAR and credit.title_id != FILM
    }
    assert set(known.values["person/profession"][star]) == shown & {"actor", "director"}
    assert "soundtrack" not in known.values["person/profession"][star]
    votes = {title.id: title.votes for title in CATALOGUE.titles}
    expected = sum(votes[c.title_id] for c in CATALOGUE.credits if c.person_id == STAR and c.title_id != FILM)
    assert [person.popularity for person in VIEW.iter_people() if person.id == STAR] == [expected]


def test_keywords_of_that_film_alone_lose_the_names(known: Entities) -> None:
    assert list(VIEW.iter_keywords()) == [(FILM, "ship"), (104, "zelda quixley")]
    assert known.values["title/keywords"][3] == ("ship",)


def test_neighbours_and_pairs_to_train_on_lack_the_credit(known: Entities) -> None:
    star, film = int(known.places("person", [STAR])[0]), int(known.places("title", [FILM])[0])
    assert (film, star) not in set(zip(*(side.tolist() for side in known.credits), strict=True))
    assert len(known.credits[0]) == len(CATALOGUE.credits) - 2


def test_the_overview_is_encoded_without_the_name_and_the_character() -> None:
    changed = dict(VIEW.blanked_overviews())
    assert list(changed) == [FILM]
    left = changed[int(FILM)].lower()
    assert "zelda" not in left
    assert "vortigern" not in left
    assert "quixley's" not in left
    ids = np.array(sorted(CATALOGUE.overviews), np.int64)
    before = Encoder().encode([CATALOGUE.overviews[TitleId(key)] for key in ids.tolist()])
    _, after, count = overview_vectors(VIEW, ids, before, Encoder(), SILENT)
    assert count == 1
    assert (after[1] == before[1]).all()
    np.testing.assert_array_equal(after[0], Encoder().encode([changed[int(FILM)]])[0])


def test_blanked_overviews_are_encoded_once_where_a_cache_is_given(tmp_path: Path) -> None:
    ids = np.array(sorted(CATALOGUE.overviews), np.int64)
    before = np.zeros((len(ids), 4), np.float32)
    first = overview_vectors(VIEW, ids, before, Encoder(), SILENT, tmp_path / "kept.db")
    encoder = Encoder()
    encoder.encode = None  # type: ignore[method-assign, assignment]
    second = overview_vectors(VIEW, ids, before, encoder, SILENT, tmp_path / "kept.db")
    assert first[1].any()
    assert (first[1] == second[1]).all()


def test_no_feature_of_either_entity_depends_on_the_held_out_credit() -> None:
    """Another catalogue that never had the credit gives the very same features."""
    never = Told()
    never.credits = [
        credit for credit in never.credits if (credit.title_id, credit.person_id) != (FILM, STAR)
    ]
    clean = TrainingView(never, VIEW.held)
    texts = {"title/keywords"}  # told in words, not by the credit
    one, other = features(inputs(VIEW)), features(inputs(clean))
    assert {key: ids for key, ids in one.items() if key not in texts} == {
        key: ids for key, ids in other.items() if key not in texts
    }
    told = features(inputs(CATALOGUE))
    assert {key for key in told if told[key] != one[key]} >= {
        "title/director",
        "title/character",
        "person/title",
    }


def test_the_trained_space_is_the_one_of_a_catalogue_without_the_credit() -> None:
    never = Told()
    never.credits = [
        credit for credit in never.credits if (credit.title_id, credit.person_id) != (FILM, STAR)
    ]

    def embedded(view: TrainingView) -> np.ndarray:
        space: JointSpace = train_joint(view, SETTINGS, SILENT)
        return embed_entities(space, view, "person", [STAR], SILENT)

    plain = TrainingView(never, VIEW.held)
    plain.__dict__["told"] = VIEW.told  # the words of keywords are taken out either way
    np.testing.assert_array_equal(embedded(VIEW), embedded(plain))


def test_a_view_of_a_graph_holds_back_every_part_but_training() -> None:
    from indexer.joint.split import LeftOutTitles, PairSplit

    graph: Graph = read_graph(CATALOGUE, SCOPE, PairSplit(0.2, 0.2), SILENT, LeftOutTitles(0.1))
    entities = inputs(TrainingView.of(CATALOGUE, graph))
    trained = set(zip(*(side.tolist() for side in entities.credits), strict=True))
    at = graph.parts == 0
    assert trained == set(zip(graph.titles[at].tolist(), graph.people[at].tolist(), strict=True))


def test_blanking_leaves_words_that_are_only_alike() -> None:
    text = "Rose Field walks a field of roses; Rosemary and the rose watch Field."
    assert blanked(text, ["Rose Field"]) == "  walks a field of roses; Rosemary and the rose watch ."
    assert blanked("The King and I", ["The Doctor"]) == "The King and I"
    assert blanked("zoë ÇELIK sings", ["Zoë Çelik"]) == "  sings"
    assert blanked(text, []) == text
