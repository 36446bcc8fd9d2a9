from __future__ import annotations

import subprocess
import sys


def test_serving_does_not_import_torch() -> None:
    code = "import sys, indexer.joint.space; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
