"""The declared table: which column of which row is which kind of field, and with what weight it starts.

Adding a field is one line here, and its values in ``indexer/joint/entities.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from indexer.fields.base import Field
from indexer.fields.boolean import BooleanField
from indexer.fields.category import CategoryField
from indexer.fields.convolution import ConvolutionField
from indexer.fields.numbers import NumericDigitCategoryField
from indexer.fields.rows import Kind
from indexer.fields.scalar import ScalarField
from indexer.fields.text import TextField
from indexer.fields.vector import VectorField
from indexer.fields.words import WordVectorField

# Every kind that a line of the table may name; importing this module makes all of them known to saved files.
KINDS: tuple[type[Field], ...] = (
    TextField,
    ConvolutionField,
    CategoryField,
    NumericDigitCategoryField,
    ScalarField,
    BooleanField,
    VectorField,
    WordVectorField,
)

_LEAST_BITS, _ROWS_A_STRING = 12, 8


@dataclass(frozen=True)
class FieldSpec:
    """One line of the table.

    weight: the share in a row's vector to start from (training moves it). asked: how often training's query
    rows name the field, 0-1. derived_from_credits: its values are other entities' credits; such a field knows
    held-out credits, so evaluations of film -> person switch it off or fill it from training credits only.
    reconstructed: whether training teaches its decoder, so that log-likelihoods of it mean something.
    """

    kind: Kind
    name: str
    model: type[Field]
    weight: float = 1.0
    asked: float = 0.0
    derived_from_credits: bool = False
    reconstructed: bool = True
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def neighbours(self) -> bool:
        """Whether its values are ids of other entities: who somebody works with, not what is said of them."""
        return self.options.get("units") == "whole"

    @property
    def key(self) -> str:
        """``title/year``: the name of the field and its weights."""
        return f"{self.kind}/{self.name}"

    def make(self, width: int, strings: int | None = None) -> Field:
        """The field, with nothing learned yet; a text's table no higher than ``strings`` of them need."""
        options = dict(self.options)
        if strings is not None and "hashes" in options:
            needed = 1 << max(_LEAST_BITS, (_ROWS_A_STRING * strings).bit_length())
            options["hashes"] = min(options["hashes"], needed)
        return self.model(self.key, width, **options)


_TITLES = {"table": "titles", "hashes": 1 << 17, "numbers": True}
_NAMES = {"table": "names", "hashes": 1 << 17}
_CHARACTERS = {"table": "characters", "hashes": 1 << 16}
# Who somebody is beyond their name: a row for each id. Names say which title is meant, neighbours who works
# with whom, which is what finds a credit that is not there.
_PEOPLE = {"table": "people", "hashes": 1 << 19, "units": "whole"}
_FILMS = {"table": "films", "hashes": 1 << 18, "units": "whole"}


def _neighbours(kind: Kind, name: str, weight: float, options: dict[str, Any]) -> FieldSpec:
    """A field that holds ids of the other kind; nobody says one, and nothing decodes it."""
    return FieldSpec(
        kind, name, TextField, weight, derived_from_credits=True, reconstructed=False, options=options
    )


TABLE: tuple[FieldSpec, ...] = (
    # With original and alternative titles: a question says any of them. A field of their own for those found
    # 69 % of first titles instead of 65 %, of the others 22 % instead of 63 % (hit@1, 142 thousand titles).
    FieldSpec("title", "title", TextField, 1.6, 0.75, options=_TITLES),
    FieldSpec("title", "type", CategoryField, 0.3, 0.1),
    FieldSpec("title", "year", NumericDigitCategoryField, 0.6, 0.3),
    FieldSpec("title", "decade", CategoryField, 0.4, 0.08),
    FieldSpec("title", "runtime", ScalarField, 0.2, 0.05, options={"scale": "log"}),
    FieldSpec("title", "genres", CategoryField, 0.4, 0.2, options={"multi": True}),
    # By `python -m evals run fields` digits are exact more often in years; scales err less in the others.
    FieldSpec("title", "rating", ScalarField, 0.1),
    FieldSpec("title", "votes", ScalarField, 0.1, options={"scale": "log"}),
    FieldSpec("title", "adult", BooleanField, 0.1),
    FieldSpec("title", "keywords", WordVectorField, 0.3),
    FieldSpec("title", "character", TextField, 0.8, 0.3, derived_from_credits=True, options=_CHARACTERS),
    FieldSpec("title", "cast", TextField, 1.0, 0.4, derived_from_credits=True, options=_NAMES),
    FieldSpec("title", "director", TextField, 0.7, 0.2, derived_from_credits=True, options=_NAMES),
    _neighbours("title", "acted_by", 0.8, _PEOPLE),
    _neighbours("title", "directed_by", 0.6, _PEOPLE),
    _neighbours("title", "made_by", 0.8, _PEOPLE),
    FieldSpec("person", "person", TextField, 1.6, 0.85, options=_NAMES),
    FieldSpec("person", "born", NumericDigitCategoryField, 0.3, 0.1),
    FieldSpec("person", "died", NumericDigitCategoryField, 0.2, options={"missing": "class"}),
    FieldSpec("person", "profession", CategoryField, 0.3, 0.15, options={"multi": True}),
    # What somebody is known for: their most voted titles.
    FieldSpec("person", "title", TextField, 1.0, 0.35, derived_from_credits=True, options=_TITLES),
    FieldSpec("person", "character", TextField, 0.8, 0.25, derived_from_credits=True, options=_CHARACTERS),
    FieldSpec("person", "cast", TextField, 0.6, 0.15, derived_from_credits=True, options=_NAMES),
    FieldSpec("person", "director", TextField, 0.4, 0.05, derived_from_credits=True, options=_NAMES),
    _neighbours("person", "acted_in", 1.0, _FILMS),
    _neighbours("person", "made", 1.0, _FILMS),
)


def overview_spec(size: int) -> FieldSpec:
    """The line for overview vectors of ``size`` numbers, where the build has them."""
    return FieldSpec("title", "overview", VectorField, 0.5, 0.05, options={"size": size})


def specs(overview_size: int | None = None, *, credits: bool = True) -> tuple[FieldSpec, ...]:
    """The table, with an overview if its size is given; without what derives from credits if ``credits`` is
    false.
    """
    lines: Sequence[FieldSpec] = TABLE + ((overview_spec(overview_size),) if overview_size else ())
    return tuple(line for line in lines if credits or not line.derived_from_credits)
