from __future__ import annotations

import numpy as np

from evals.joint.graph import LEFT_OUT, read_graph
from indexer.joint.entities import ROLES, role_of
from indexer.joint.split import TEST, TRAIN, LeftOutTitles, PairSplit
from indexer.progress import Progress
from indexer.settings import VectorScope
from tests.indexer.joint.studio import Studio

STUDIO, SPLIT = Studio(), PairSplit(0.2, 0.2)
GRAPH = read_graph(STUDIO, VectorScope(), SPLIT, Progress.silent())


def test_every_pair_in_scope_is_there_once_in_its_part() -> None:
    pairs = {(credit.title_id, credit.person_id) for credit in STUDIO.credits}
    titles, people = (np.array(side) for side in zip(*sorted(pairs), strict=True))
    found = np.stack([GRAPH.title_ids[GRAPH.titles], GRAPH.person_ids[GRAPH.people]])
    assert (found == np.stack([titles, people])).all()
    assert (GRAPH.parts == SPLIT.parts(titles, people)).all()


def test_a_director_who_also_acts_is_one_pair_with_both_roles() -> None:
    studio = Studio()
    first = studio.credits[0]
    studio.credits.append(type(first)(first.title_id, first.person_id, 9, "actor"))
    graph = read_graph(studio, VectorScope(), SPLIT, Progress.silent())
    assert len(graph.titles) == len(GRAPH.titles)
    assert (graph.roles != GRAPH.roles).sum() == 1
    assert graph.roles.max() == 1 << ROLES.index("cast") | 1 << ROLES.index("director")


def test_titles_left_out_have_no_training_pair() -> None:
    left_out = LeftOutTitles(0.3)
    graph = read_graph(STUDIO, VectorScope(), SPLIT, Progress.silent(), left_out)
    out = left_out.mask(graph.title_ids)[graph.titles]
    assert (graph.parts[out] == LEFT_OUT).all()
    assert (graph.parts[~out] == GRAPH.parts[~out]).all()
    assert set(graph.pairs("film->person", LEFT_OUT).queries) == set(graph.titles[out])


def test_the_two_directions_ask_the_same_pairs() -> None:
    forth, back = GRAPH.pairs("film->person"), GRAPH.pairs("person->film")
    assert len(forth.queries) == (GRAPH.parts == TEST).sum()
    assert (forth.queries == back.targets).all()
    assert (forth.targets == back.queries).all()


def test_all_true_candidates_of_a_query_are_known_whatever_their_part() -> None:
    known = GRAPH.known("person->film")
    for place in range(len(GRAPH.person_ids)):
        mine = {GRAPH.title_ids[at] for at in known.take(np.array([place])).ids}
        assert mine == {c.title_id for c in STUDIO.credits if c.person_id == GRAPH.person_ids[place]}


def test_quarters_by_popularity_cover_every_pair_once() -> None:
    pairs, degrees = GRAPH.pairs("film->person"), GRAPH.degrees("film->person")
    groups = pairs.groups(degrees)
    quarters = [flags for name, flags in groups.items() if name not in ROLES]
    assert (np.sum(quarters, axis=0) == 1).all()
    assert degrees.sum() == (GRAPH.parts == TRAIN).sum()


def test_functions_that_have_no_role_of_their_own_are_other() -> None:
    assert [ROLES[role_of(name)] for name in ("actress", "self", "director", "casting_director")] == [
        "cast", "cast", "director", "other"
    ]  # fmt: skip
