"""What every test relies on: no network, an index and user folders of its own, options for real data."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

# Set before any test module imports a library that reads them.
os.environ.update(HF_HUB_OFFLINE="1", GRADIO_ANALYTICS_ENABLED="False", ANONYMIZED_TELEMETRY="False")
if "PYTEST_XDIST_WORKER" in os.environ:  # one of several processes: they share the cores as they are
    os.environ.setdefault("OMP_NUM_THREADS", "1")

_HOME = Path(tempfile.mkdtemp(prefix="whoplayed-tests-"))
os.environ.update(
    WHOPLAYED_INDEX=str(_HOME / "index"),
    XDG_DATA_HOME=str(_HOME / "data"),
    XDG_STATE_HOME=str(_HOME / "state"),
    XDG_CACHE_HOME=str(_HOME / "cache"),
    XDG_CONFIG_HOME=str(_HOME / "config"),
)

REAL_SECONDS = 3600  # for all tests on IMDb's own files together
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class NetworkUsed(RuntimeError):
    """A test tried to leave this machine."""


def _stay_here(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: sockets may reach this machine alone, from whichever library."""
    if event != "socket.connect":
        return
    address = arguments[1]
    if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost", "0.0.0.0"):  # noqa: S104
        raise NetworkUsed(f"a test connects to {address[0]}: tests use no network")


sys.addaudithook(_stay_here)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("whoplayed")
    group.addoption(
        "--real", type=Path, metavar="DIR", help="folder of IMDb's files: also run the tests marked real"
    )
    group.addoption(
        "--sets", type=Path, metavar="DIR", help="folder of the question sets, for tests marked real"
    )
    group.addoption(
        "--screenshots", type=Path, metavar="DIR", help="folder for the browser tests' pictures of the page"
    )


@pytest.hookimpl(tryfirst=True)  # before pytest-timeout reads it
def pytest_configure(config: pytest.Config) -> None:
    """Real files take longer than a suite without them may."""
    if config.getoption("--real") is not None and config.getoption("session_timeout") is None:
        config.option.session_timeout = REAL_SECONDS


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what needs data that was not given, skips what needs a program that is not installed."""
    if config.getoption("--real") is None:
        real = [item for item in items if item.get_closest_marker("real")]
        config.hook.pytest_deselected(items=real)
        items[:] = [item for item in items if item not in real]
    missing = {"browser": _no_chromium(), "display": _no_display()}
    for item in items:
        for marker, reason in missing.items():
            if reason and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))
        if "sample_index" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.timeout(400))  # whichever comes first waits for the build


def pytest_unconfigure() -> None:
    shutil.rmtree(_HOME, ignore_errors=True)


def _chromium() -> str | None:
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def _no_chromium() -> str | None:
    return None if _chromium() else f"none of {', '.join(CHROMIUM_NAMES)} is installed"


def _no_display() -> str | None:
    return None if shutil.which("Xvfb") else "Xvfb is not installed (Debian: apt-get install xvfb)"


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path; for tests marked browser."""
    path = _chromium()
    assert path is not None, "mark the test with @pytest.mark.browser"
    return path


@pytest.fixture(scope="session")
def real_data(pytestconfig: pytest.Config) -> Path:
    """The folder of IMDb's files; for tests marked real."""
    folder = pytestconfig.getoption("--real")
    assert isinstance(folder, Path), "mark the test with @pytest.mark.real"
    return folder


@pytest.fixture(scope="session")
def real_sets(pytestconfig: pytest.Config) -> Path:
    """The folder of the question sets; skips where --sets is not given."""
    folder = pytestconfig.getoption("--sets")
    if not isinstance(folder, Path):
        pytest.skip("needs --sets DIR")
    return folder


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """An index of the bundled sample with every step, built once for all tests; for reading only."""
    base = tmp_path_factory.getbasetemp()
    together = base if worker_id == "master" else base.parent  # of all processes of this run
    place = together / "sample-index"
    with (together / "sample-index.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # whoever comes first builds, the others wait
        if not (place / "current").exists():
            _build_sample(place)
    return place


def _build_sample(place: Path) -> None:
    from indexer.build import BuildOptions, build
    from indexer.progress import Progress
    from indexer.sources.bundled import sample_dir
    from indexer.sources.files import Sources

    sample = sample_dir()
    sources = Sources.find(sample, sample / "movies_metadata.csv", sample / "keywords.csv")
    build(BuildOptions(place, sources), Progress.silent())


@pytest.fixture
def own_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place for an index of this test alone, named by WHOPLAYED_INDEX as well."""
    place = tmp_path / "index"
    monkeypatch.setenv("WHOPLAYED_INDEX", str(place))
    yield place
