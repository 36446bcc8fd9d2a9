"""How well each candidate explains each thing that a query row says, as one table of numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.linking.evidence import Evidence
from indexer.linking.facts import BETWEEN
from indexer.linking.likelihood import FIELDS, FieldLikelihood
from indexer.linking.names import FEATURES as SPELLING
from indexer.text import without_article

Array = npt.NDArray[Any]
LEXICAL = tuple(
    "name same_name name_held cast cast_least director character role_words title together".split()
)
STRUCTURED = FIELDS  # nats, of the catalogue's value
GUESSED = tuple(f"{name}_guessed" for name in FIELDS)  # nats, the joint model's, of missing values
DENSE = ("dense", "near_name", "near_role", "near_cast", "near_director", "near_title")  # nats
PRIORS = ("votes", "votes_alone")
FEATURES = (*LEXICAL, *STRUCTURED, *GUESSED, *DENSE, *PRIORS)
# Under which field's name a feature counts when a score is shown; those left out have their own.
SHOWN = {
    "same_name": "name", "name_held": "name", "cast_least": "cast", "role_words": "character",
    "dense": "vector", "near_name": "name by vector", "near_role": "character by vector",
    "near_cast": "cast by vector", "near_director": "director by vector", "near_title": "title by vector",
    "votes_alone": "votes",
} | {f"{name}_guessed": f"{name} by model" for name in FIELDS}  # fmt: skip
TITLE_FIELDS, PERSON_FIELDS = FIELDS[:5], FIELDS[5:]
MOST_CREDITS = 40  # of one title that are compared with a character letter by letter
_SAME = (SPELLING.index("exact"), SPELLING.index("key"))


def title_parts(evidence: Evidence, rows: Array) -> dict[str, Array]:
    """By feature: (K,) how well names and roles of K titles, by row number, fit; of what is asked alone."""
    columns = evidence.facts.columns
    found = _named(evidence, columns.title_ids[rows])
    if evidence.cast:
        cast = np.stack([part[rows] for part in evidence.cast])
        found["cast"], found["cast_least"] = cast.mean(axis=0), cast.min(axis=0)
    if evidence.director is not None:
        found["director"] = evidence.director[rows]
    if evidence.character is not None:
        found["role_words"] = evidence.character[rows]
        credit, owner = _speaking(evidence, *evidence.facts.credits_of_titles(rows))
        found["character"] = _best_role(evidence, credit, owner, len(rows))
    return found


def person_parts(evidence: Evidence, rows: Array) -> dict[str, Array]:
    """``title_parts`` for people."""
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
    return found


def _named(evidence: Evidence, ids: Array) -> dict[str, Array]:
    if evidence.probe is None:
        return {}
    table, held = evidence.probe.compare(ids)
    return {
        "name": evidence.probe.spelling_score(table) / 10,
        "same_name": table[:, _SAME].max(axis=1),
        "name_held": held,
    }


def value_parts(values: FieldLikelihood, evidence: Evidence, rows: Array) -> dict[str, Array]:
    """By field that the row speaks of and this kind of row has: (K,) nats by the catalogue's values."""
    own = PERSON_FIELDS if evidence.asked.kind == "person" else TITLE_FIELDS
    found = {field: values.nats(evidence.asked, field, rows) for field in own}
    return {field: nats for field, nats in found.items() if nats is not None}


def by_field(row: Array) -> dict[str, float]:
    """What each field adds, of one (F,) row of weighted features; fields that add nothing are left out."""
    found: dict[str, float] = {}
    for name, value in zip(FEATURES, row, strict=True):
        if value:
            shown = SHOWN.get(name, name)
            found[shown] = found.get(shown, 0.0) + float(value)
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
    for held, whose in zip(evidence.facts.characters.many(credit), owner.tolist(), strict=True):
        for text in held.split(BETWEEN):
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


def prior_parts(evidence: Evidence, rows: Array) -> dict[str, Array]:
    """(K,) log popularity over ten, and the same shared among the things said: saying more leaves it less."""
    columns = evidence.facts.columns
    votes = (columns.votes if evidence.asked.kind == "title" else columns.fame)[rows] / 10
    return {"votes": votes, "votes_alone": votes / max(evidence.asked.size, 1)}


def stacked(found: dict[str, Array], size: int) -> Array:
    """(K, F) in the order of FEATURES; what was not found is 0."""
    empty = np.zeros(size)
    return np.stack([np.asarray(found.get(name, empty), np.float64) for name in FEATURES], axis=1)
