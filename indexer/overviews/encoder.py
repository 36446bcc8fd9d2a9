"""Plot texts as unit vectors, by a BERT encoder that runs on this machine."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from indexer.errors import InputError
from indexer.overviews.batches import by_token_budget, padded
from indexer.overviews.recipes import Recipe, find
from indexer.progress import Progress
from indexer.settings import Settings

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer
    from torch import Tensor

Vectors = NDArray[np.float32]
Precision = Literal["fp32", "bf16"]
_CHARACTERS_A_TOKEN = 64  # no ordinary text has tokens this long; bounds the work on hostile input
_BF16_FLAGS = ("avx512_bf16", "amx_bf16")


class Encoder:
    """Texts -> unit vectors. Opening reads and checks the files; torch is imported with the first text."""

    def __init__(self, recipe: Recipe, settings: Settings) -> None:
        self._recipe = recipe
        self._threads = settings.threads
        self._budget = settings.overviews.batch_tokens
        self._tokenizer = _tokenizer(recipe)
        self._precision = precision(settings.overviews.precision)
        self._model: torch.nn.Module | None = None
        self._lock = threading.Lock()
        # The ways in which one question can be read ask for the same text.
        self._lately = lru_cache(maxsize=64)(self._encode_one)

    @classmethod
    def open(cls, name_or_path: str, settings: Settings | None = None) -> Encoder:
        """``minilm``, ``bert-wwm:FOLDER`` or a BERT folder. Raises InputError saying what is wrong."""
        settings = settings or Settings()
        return cls(find(name_or_path, settings.overviews.max_tokens), settings)

    @property
    def name(self) -> str:
        """As it was asked for."""
        return self._recipe.name

    @property
    def width(self) -> int:
        """D, the width of the vectors."""
        return self._recipe.width

    @property
    def fingerprint(self) -> str:
        """Changes with files, recipe and arithmetic; vectors of different fingerprints do not compare."""
        return f"{self._recipe.fingerprint[:32]}-{self._precision}"

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """(B, D) float32, unit rows in the order of ``texts``; (0, D) for none. An empty text has one too."""
        model = self._loaded()
        tokens = self._tokens(texts)
        found = np.empty((len(texts), self.width), dtype=np.float32)
        batches = by_token_budget([len(ids) for ids in tokens], self._budget)
        with (progress or Progress.silent()).task("overviews", len(texts), "texts") as task:
            for batch in batches:
                found[batch] = self._forward(model, [tokens[index] for index in batch])
                task.advance(len(batch))
        return found

    def encode_one(self, text: str) -> Vectors:
        """(D,) float32, read-only, the unit vector of one text: 5-10 ms once the model is loaded."""
        return self._lately(text)

    def _encode_one(self, text: str) -> Vectors:
        found: Vectors = self._forward(self._loaded(), self._tokens([text]))[0]
        found.flags.writeable = False
        return found

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """The word pieces of each text as the model's ids, with its marks of beginning and end."""
        return self._tokens(texts)

    @property
    def module(self) -> torch.nn.Module:
        """The network itself, loaded; shared by all encoders of its recipe, so nobody may train it."""
        return self._loaded()

    def _tokens(self, texts: Sequence[str]) -> list[list[int]]:
        longest = self._recipe.max_tokens * _CHARACTERS_A_TOKEN
        encodings = self._tokenizer.encode_batch([text[:longest] for text in texts])
        return [encoding.ids for encoding in encodings]

    def _forward(self, model: torch.nn.Module, tokens: list[list[int]]) -> Vectors:
        import torch

        device = next(model.parameters()).device
        ids, mask = _padded(tokens)
        with torch.inference_mode():
            output = model(
                input_ids=ids.to(device),
                attention_mask=mask.to(device),
                output_hidden_states=self._recipe.pooling == "last-four",
            )
            found: Vectors = self._pooled(output, mask.to(device)).cpu().numpy()
        return found

    def _pooled(self, output: Any, mask: Tensor) -> Tensor:
        """(B, D) unit rows: the mean of the hidden states of the real tokens."""
        import torch

        if self._recipe.pooling == "last-four":
            hidden = torch.stack([layer.float() for layer in output.hidden_states[-4:]]).mean(0)
        else:
            hidden = output.last_hidden_state.float()  # (B, L, D)
        weights = mask.unsqueeze(-1).float()  # (B, L, 1)
        mean = (hidden * weights).sum(1) / weights.sum(1)  # (B, D)
        return torch.nn.functional.normalize(mean, dim=-1)

    def _loaded(self) -> torch.nn.Module:
        with self._lock:
            if self._model is None:
                self._model = _load(self._recipe, self._precision)
                if self._threads > 0:
                    _use_threads(self._threads)
            return self._model


def precision(asked: str) -> Precision:
    """``auto`` -> bf16 where processor or GPU computes in it, else fp32; the others as they are."""
    if asked in ("fp32", "bf16"):
        return "bf16" if asked == "bf16" else "fp32"
    if asked != "auto":
        raise InputError(f"overviews.precision is {asked!r}: expected auto, fp32 or bf16")
    return "bf16" if _has_bf16() else "fp32"


@lru_cache(maxsize=1)
def _has_bf16() -> bool:
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        flags = ""
    if any(flag in flags for flag in _BF16_FLAGS):
        return True
    if not Path("/dev/nvidia0").exists():
        return False
    import torch

    return bool(torch.cuda.is_available() and torch.cuda.is_bf16_supported())


def _tokenizer(recipe: Recipe) -> Tokenizer:
    from tokenizers import BertWordPieceTokenizer, Tokenizer

    path = recipe.folder / "tokenizer.json"
    vocabulary = recipe.folder / "vocab.txt"
    try:
        if path.is_file():
            tokenizer = Tokenizer.from_file(str(path))
        else:
            lower = _lower_case(recipe.folder)
            tokenizer = BertWordPieceTokenizer(str(vocabulary), lowercase=lower)._tokenizer
    except Exception as error:  # tokenizers raises bare Exception for a file it cannot read
        raise InputError(f"cannot read the tokenizer in {recipe.folder}: {error}") from error
    tokenizer.no_padding()  # the published file pads everything to 128
    tokenizer.enable_truncation(recipe.max_tokens)
    return tokenizer


def _lower_case(folder: Path) -> bool:
    path = folder / "tokenizer_config.json"
    if not path.is_file():
        return True
    return bool(json.loads(path.read_text(encoding="utf-8")).get("do_lower_case", True))


def _use_threads(threads: int) -> None:
    import torch

    torch.set_num_threads(threads)


@lru_cache(maxsize=2)
def _load(recipe: Recipe, precision: Precision) -> torch.nn.Module:
    """The weights, shared by all encoders of one recipe in this process."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # read when transformers is imported
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModel
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers leaves it untyped
    folder = recipe.folder
    try:
        model = AutoModel.from_pretrained(
            str(folder),
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
            dtype=torch.bfloat16 if precision == "bf16" else torch.float32,
        )
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise InputError(f"cannot load the BERT in {folder}: {error}") from error
    loaded: torch.nn.Module = model.eval().to("cuda" if torch.cuda.is_available() else "cpu")
    return loaded


def _padded(tokens: list[list[int]]) -> tuple[Tensor, Tensor]:
    """Token ids and mask, both (B, L) int64, padded with 0; a text alone is not padded."""
    import torch

    longest = max(len(row) for row in tokens)
    ids = torch.zeros((len(tokens), padded(longest) if len(tokens) > 1 else longest), dtype=torch.int64)
    mask = torch.zeros_like(ids)
    for index, row in enumerate(tokens):
        ids[index, : len(row)] = torch.tensor(row)
        mask[index, : len(row)] = 1
    return ids, mask
