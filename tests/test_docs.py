"""What the documents show is what the program does: the README's conversation, the table of questions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.core import Assistant
from assistant.reading.reading import Ask
from indexer.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
_ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| .+ \|$", re.MULTILINE)
_LABEL = "    you  "
_NEAREST = re.compile(r"By its plot.*?\(\d{4}\)")  # up to and with the first title


def _page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _section(page: str, heading: str) -> str:
    return page.split(f"\n## {heading}\n")[1].split("\n## ", maxsplit=1)[0]


def _kinds() -> dict[str, str]:
    """Each ask of the table of questions with its example."""
    return dict(_ROW.findall(_section(_page("docs/questions.md"), "Kinds of question")))


def _conversation() -> list[tuple[str, str]]:
    """The questions of the README with the replies below them."""
    block = _page("README.md").split("<!-- transcript")[1].split("-->\n\n")[1].split("\n\n")[0]
    turns = [turn.split("\n", 1) for turn in f"\n{block}".split(f"\n{_LABEL}")[1:]]
    return [(asked, reply.strip()) for asked, reply in turns]


def _firm(reply: str) -> str:
    """A reply without what may differ between processors: the order of plots after the nearest one."""
    nearest = _NEAREST.match(reply)
    return nearest[0] if nearest else reply


@pytest.fixture(scope="module")
def assistant(sample_index: Path) -> Iterator[Assistant]:
    opened = Assistant.open(sample_index)
    yield opened
    opened.close()


def test_every_kind_of_question_is_documented() -> None:
    assert sorted(_kinds()) == sorted(str(ask) for ask in Ask)


@pytest.mark.parametrize(("ask", "example"), sorted(_kinds().items()))
def test_the_example_of_a_kind_is_answered_as_that_kind(assistant: Assistant, ask: str, example: str) -> None:
    answer = assistant.answer(example)
    if ask == Ask.UNSUPPORTED:
        assert str(answer.status) == "unsupported"
    else:
        assert (answer.reading and str(answer.reading.ask), str(answer.status)) == (ask, "answered")


def test_the_conversation_of_the_readme_goes_as_shown(assistant: Assistant) -> None:
    shown = _conversation()
    assert len(shown) >= 5
    history: list[dict[str, str]] = []
    said = []
    for asked, _ in shown:
        reply = assistant.answer(asked, history).text
        said.append((asked, _firm(reply)))
        history += [{"role": "user", "content": asked}, {"role": "assistant", "content": reply}]
    assert said == [(asked, _firm(reply)) for asked, reply in shown]


def test_of_a_reply_by_plot_the_first_title_counts() -> None:
    shown = "By its plot, the nearest I know: I, Robot (2004), Toy Story (1995) and 7 more."
    assert _firm(shown) == "By its plot, the nearest I know: I, Robot (2004)"


def test_the_architecture_names_the_defaults() -> None:
    page = _page("docs/architecture.md")
    assert f"{Settings().vectors.min_votes} votes" in page
    assert f"width {Settings().joint.width}" in page
