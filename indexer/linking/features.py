"""How well each candidate explains each thing that a query row says, as one table of numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.linking.evidence import Evidence
from indexer.linking.facts import BETWEEN
from indexer.linking.names import FEATURES as SPELLING
from indexer.text import without_article

Array = npt.NDArray[Any]
LEXICAL = tuple(
    "name same_name name_held cast cast_least director character role_words title together".split()
)
STRUCTURED = tuple(
    "year_equal year_near year_far decade genres type runtime_near runtime_far born profession".split()
)
DENSE = ("dense", "likelihood")
PRIORS = ("votes", "votes_alone")
FEATURES = (*LEXICAL, *STRUCTURED, *DENSE, *PRIORS)
MOST_CREDITS = 40  # of one title that are compared with a character letter by letter
_SAME = (SPELLING.index("exact"), SPELLING.index("key"))


def title_table(evidence: Evidence, rows: Array) -> Array:
    """(K, F) features of K titles by row number, in the order of FEATURES; a field not asked for is 0."""
    columns = evidence.facts.columns
    found = {**_named(evidence, columns.title_ids[rows]), **_numbers(evidence, rows)}
    if evidence.cast:
        cast = np.stack([part[rows] for part in evidence.cast])
        found["cast"], found["cast_least"] = cast.mean(axis=0), cast.min(axis=0)
    if evidence.director is not None:
        found["director"] = evidence.director[rows]
    if evidence.character is not None:
        found["role_words"] = evidence.character[rows]
        credit, owner = _speaking(evidence, *evidence.facts.credits_of_titles(rows))
        found["character"] = _best_role(evidence, credit, owner, len(rows))
    return _stacked(found, len(rows), columns.votes[rows], evidence)


def person_table(evidence: Evidence, rows: Array) -> Array:
    """(K, F) features of K people by row number, in the order of FEATURES; a field not asked for is 0."""
    facts = evidence.facts
    columns = facts.columns
    credit, owner = facts.credits_of_people(rows)
    titles = columns.credit_titles[credit]
    found = _named(evidence, columns.person_ids[rows])
    if evidence.cast:
        parts = np.stack([_best(part[titles], owner, len(rows)) for part in evidence.cast])
        found["cast"], found["cast_least"] = parts.mean(axis=0), parts.min(axis=0)
    for name, part in (("director", evidence.director), ("title", evidence.titled)):
        if part is not None:
            found[name] = _best(part[titles], owner, len(rows))
    if evidence.asked.character:
        found["character"] = _best_role(evidence, credit, owner, len(rows))
        found["role_words"] = _best(_role_shares(evidence, credit), owner, len(rows))
    found["together"] = _together(evidence, credit, titles, owner, len(rows))
    found.update(_of_person(evidence, rows))
    return _stacked(found, len(rows), columns.fame[rows], evidence)


def _named(evidence: Evidence, ids: Array) -> dict[str, Array]:
    if evidence.probe is None:
        return {}
    table, held = evidence.probe.compare(ids)
    return {
        "name": evidence.probe.spelling_score(table) / 10,
        "same_name": table[:, _SAME].max(axis=1),
        "name_held": held,
    }


def _numbers(evidence: Evidence, rows: Array) -> dict[str, Array]:
    asked, columns, codes = evidence.asked, evidence.facts.columns, evidence.facts.codes
    years, found = columns.years[rows].astype(np.float64), {}
    if "year" in asked.numbers:
        away = np.where(years > 0, np.abs(years - asked.numbers["year"]), 15)
        found["year_equal"], found["year_near"] = away == 0, away <= 1
        found["year_far"] = np.minimum(away, 20) / 20
    if asked.decade is not None:
        found["decade"] = (years >= asked.decade) & (years < asked.decade + 10)
    if "runtime" in asked.numbers:
        runtimes = columns.runtimes[rows].astype(np.float64)
        away = np.where(runtimes > 0, np.abs(runtimes - asked.numbers["runtime"]), 30)
        found["runtime_near"], found["runtime_far"] = away <= 5, np.minimum(away, 40) / 40
    masks = codes["genres"].known_bits(asked.genres)
    if masks:
        found["genres"] = np.mean([(columns.genres[rows] & mask) > 0 for mask in masks], axis=0)
    if asked.type is not None:
        found["type"] = columns.types[rows] == codes["types"].get(asked.type, -1)
    return found


def _of_person(evidence: Evidence, rows: Array) -> dict[str, Array]:
    asked, columns, found = evidence.asked, evidence.facts.columns, {}
    if "born" in asked.numbers:
        births = columns.births[rows].astype(np.float64)
        away = np.where(births > 0, np.abs(births - asked.numbers["born"]), 4)
        found["born"] = np.maximum(1 - away / 8, 0)
    masks = evidence.facts.codes["professions"].known_bits([asked.profession] if asked.profession else [])
    if masks:
        found["profession"] = (columns.professions[rows] & masks[0]) > 0
    return found


def _best(values: Array, owner: Array, size: int) -> Array:
    best = np.zeros(size)
    np.maximum.at(best, owner, values)
    return best


def _role_shares(evidence: Evidence, credit: Array) -> Array:
    """(M,) the share of the character's words that each of M credits holds."""
    known, share = evidence.roles
    if not len(known):
        return np.zeros(len(credit))
    places = np.minimum(np.searchsorted(known, credit), len(known) - 1)
    return np.where(known[places] == credit, share[places], 0.0)


def _speaking(evidence: Evidence, credit: Array, owner: Array) -> tuple[Array, Array]:
    """Credits worth reading letter by letter: the first of each title, and those that hold a word asked for.

    A long series has thousands.
    """
    first = np.concatenate([[True], owner[1:] != owner[:-1]]) if len(owner) else np.zeros(0, np.bool_)
    within = np.arange(len(owner)) - np.flatnonzero(first)[np.cumsum(first) - 1] if len(owner) else owner
    kept = (within < MOST_CREDITS) | (_role_shares(evidence, credit) > 0)
    return credit[kept], owner[kept]


def _best_role(evidence: Evidence, credit: Array, owner: Array, size: int) -> Array:
    """(K,) how alike the most similar character of each candidate is, letter by letter."""
    from rapidfuzz import fuzz, process

    wanted = evidence.role
    texts, owners = [], []
    for place, whose in zip(credit, owner, strict=True):
        for text in evidence.facts.characters[place].split(BETWEEN):
            if text:
                texts.append(without_article(text))
                owners.append(whose)
    if not texts or not wanted:
        return np.zeros(size)
    alike = process.cdist([wanted], texts, scorer=fuzz.ratio, dtype=np.float32)[0] / 100
    return _best(alike.astype(np.float64), np.asarray(owners), size)


def _together(evidence: Evidence, credit: Array, titles: Array, owner: Array, size: int) -> Array:
    """(K,) how much of what a person's row says of titles and roles is true of one and the same credit."""
    said = len(evidence.cast) + (evidence.director is not None) + (evidence.titled is not None)
    values = evidence.hints()[titles].astype(np.float64)
    if evidence.asked.character:
        values, said = values + _role_shares(evidence, credit), said + 1
    return _best(values / said, owner, size) if said > 1 else np.zeros(size)


def _stacked(found: dict[str, Array], size: int, votes: Array, evidence: Evidence) -> Array:
    found["votes"] = votes / 10
    found["votes_alone"] = votes / 10 / max(evidence.asked.size, 1)
    empty = np.zeros(size)
    return np.stack([np.asarray(found.get(name, empty), np.float64) for name in FEATURES], axis=1)
