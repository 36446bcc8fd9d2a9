"""Two processes learn as well as one, and have the same weights."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.indexer.tiny import ROOT

PROGRAM = ("-m", "tests.indexer.joint.two_processes")
TORCHRUN = ("-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2")


def run(folder: Path, *command: str) -> list[dict[str, Any]]:
    """What each process told, by rank."""
    folder.mkdir()
    variables = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, *command, str(folder)],
        cwd=ROOT,
        env=variables,
        check=False,
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(path.read_text()) for path in sorted(folder.iterdir())]


def test_two_processes_reach_the_quality_of_one(tmp_path: Path) -> None:
    (alone,) = run(tmp_path / "one", *PROGRAM)
    two = run(tmp_path / "two", *TORCHRUN, *PROGRAM)
    assert [(line["rank"], line["of"]) for line in two] == [(0, 2), (1, 2)]
    assert two[0]["weights"] == two[1]["weights"] != alone["weights"]
    assert two[0]["validation"] == two[1]["validation"]
    assert two[0]["validation"] >= alone["validation"] - 0.1
    assert alone["validation"] > 0.7  # 0.13 by chance
