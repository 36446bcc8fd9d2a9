"""One tiny index and one Assistant over it for the whole folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.core import Assistant
from tests.assistant.tiny import tiny_index

Ask = Callable[..., Answer]


@pytest.fixture(scope="session")
def movies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The place of an index of some sixty titles."""
    return tiny_index(tmp_path_factory.mktemp("movies"))


@pytest.fixture(scope="session")
def assistant(movies: Path) -> Iterator[Assistant]:
    """The Assistant over it."""
    opened = Assistant.open(movies)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def ask(assistant: Assistant) -> Ask:
    """``ask(question)``, or ``ask(question, "earlier question", "its answer"...)``."""

    def answered(question: str, *earlier: str, **options: bool) -> Answer:
        roles = ("user", "assistant")
        turns = [{"role": roles[place % 2], "content": text} for place, text in enumerate(earlier)]
        return assistant.answer(question, turns, **options)

    return answered
