"""The LlamaIndex adapters over a scripted assistant and a linker of three candidates."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.core.chat_engine.types import StreamingAgentChatResponse
from llama_index.core.schema import NodeWithScore, TextNode

from assistant.engine import (
    STREAM_STEPS,
    CatalogRetriever,
    FieldReranker,
    MovieChatEngine,
    RowBundle,
    answer_of,
    own_memory,
    pieces,
)
from indexer.errors import InputError
from indexer.fields.rows import Kind, Row
from indexer.linking.linker import Candidate
from tests.assistant.chat.fakes import ScriptedAssistant

ASKED = "who played the Oracle in the first Matrix"
ANSWER = "Gloria Foster played the Oracle in The Matrix (1999)."


class ThreeLinks:
    """Names are scored by their length; a row by its year's nearness, and only films have years."""

    titles = (
        Candidate("title", 1, "Alien", 1979, 5.0, 0.5, {"name": 1.0}),
        Candidate("title", 2, "Aliens", 1986, 6.0, 0.5, {"name": 0.9}),
    )
    people = (Candidate("person", 3, "Al", None, 2.0, 0.5, {"name": 0.4}),)

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def link(self, row: Row, limit: int = 10) -> Sequence[Candidate]:
        self.rows.append(row)
        found = self.titles if row.kind == "title" else ()
        year = row.values.get("year", 1986)
        assert isinstance(year, int)
        scored = [
            Candidate(
                "title", held.id, held.name, held.year, -abs((held.year or 0) - year), 0.5, {"year": 1.0}
            )
            for held in found
        ]
        return sorted(scored, key=lambda held: -held.score)[:limit]

    def names(self, kind: Kind, text: str, limit: int = 20) -> Sequence[Candidate]:
        return (self.titles if kind == "title" else self.people)[:limit]


def _ids(nodes: Sequence[NodeWithScore]) -> list[str]:
    return [item.node.node_id for item in nodes]


def test_a_name_is_retrieved_among_titles_and_people_best_first() -> None:
    nodes = CatalogRetriever(ThreeLinks()).retrieve("alien")
    assert _ids(nodes) == ["tt0000002", "tt0000001", "nm0000003"]
    assert [item.score for item in nodes] == [6.0, 5.0, 2.0]
    assert nodes[0].node.get_content() == "Aliens (1986)"
    assert nodes[2].node.get_content() == "Al"
    assert nodes[0].node.metadata == {
        "title_id": "tt0000002",
        "name": "Aliens",
        "year": 1986,
        "parts": {"name": 0.9},
    }
    assert nodes[2].node.metadata["person_id"] == "nm0000003"


def test_kinds_and_limit_bound_what_is_retrieved() -> None:
    assert _ids(CatalogRetriever(ThreeLinks(), kinds=("person",)).retrieve("al")) == ["nm0000003"]
    assert _ids(CatalogRetriever(ThreeLinks(), limit=1).retrieve("al")) == ["tt0000001"]


def test_a_query_row_is_linked_as_a_row() -> None:
    links = ThreeLinks()
    row = Row("title", {"title": "alien", "cast": ("Sigourney Weaver",), "year": 1979})
    nodes = asyncio.run(CatalogRetriever(links).aretrieve(RowBundle.of(row)))
    assert _ids(nodes) == ["tt0000001", "tt0000002"]
    assert links.rows == [row]
    assert RowBundle.of(row).query_str == "alien, Sigourney Weaver, 1979"


def test_an_empty_query_retrieves_nothing() -> None:
    assert CatalogRetriever(ThreeLinks()).retrieve("   ") == []


def test_reranking_orders_by_the_row_and_keeps_the_unknown_last() -> None:
    links = ThreeLinks()
    nodes = CatalogRetriever(links).retrieve("alien")
    stranger = NodeWithScore(node=TextNode(id_="x", text="elsewhere"), score=9.0)
    row = Row("title", {"title": "alien", "year": 1979})
    reranked = FieldReranker(links).postprocess_nodes([stranger, *nodes], RowBundle.of(row))
    assert _ids(reranked) == ["tt0000001", "tt0000002", "x", "nm0000003"]
    assert [item.score for item in reranked] == [0, -7, 9.0, 2.0]
    assert reranked[0].node.metadata["parts"] == {"year": 1.0}


def test_reranking_by_a_name_asks_for_the_kinds_that_are_there() -> None:
    links = ThreeLinks()
    nodes = CatalogRetriever(links, kinds=("title",)).retrieve("alien")
    assert _ids(FieldReranker(links, top_n=1).postprocess_nodes(nodes, query_str="alien")) == ["tt0000002"]
    assert links.rows == [Row("title", {"title": "alien"})]


def test_reranking_without_a_query_keeps_the_order() -> None:
    nodes = CatalogRetriever(ThreeLinks()).retrieve("alien")
    assert FieldReranker(ThreeLinks()).postprocess_nodes(nodes) == nodes


def test_chat_answers_with_its_evidence_as_source_nodes() -> None:
    response = MovieChatEngine(ScriptedAssistant()).chat(ASKED)
    assert str(response) == ANSWER
    assert response.metadata == {"status": "answered", "confidence": 0.95}
    assert [item.node.get_content() for item in response.source_nodes] == [
        "Gloria Foster, actress, as Oracle, in The Matrix (1999)"
    ]
    assert response.source_nodes[0].node.metadata["title_id"] == "tt0133093"
    assert response.source_nodes[0].score == 0.95
    assert answer_of(response).text == ANSWER


def test_a_follow_up_is_answered_from_what_the_engine_remembers() -> None:
    assistant = ScriptedAssistant()
    engine = MovieChatEngine(assistant)
    engine.chat(ASKED)
    assert str(engine.chat("and who directed it")).startswith("Lana Wachowski and Lilly Wachowski")
    assert assistant.heard[1] == ("and who directed it", (("user", ASKED), ("assistant", ANSWER)))
    assert [message.role for message in engine.chat_history] == ["user", "assistant"] * 2


def test_streamed_pieces_join_to_the_answer_and_it_is_remembered() -> None:
    engine = MovieChatEngine(ScriptedAssistant())
    response = engine.stream_chat("many")
    heard = list(response.response_gen)
    assert 1 < len(heard) <= STREAM_STEPS
    assert "".join(heard) == str(response) == engine.chat_history[-1].content
    assert list(engine.stream_chat(ASKED).response_gen) == [ANSWER]


def test_an_answer_is_remembered_though_nobody_reads_its_stream() -> None:
    engine = MovieChatEngine(ScriptedAssistant())
    engine.stream_chat(ASKED)
    assert engine.chat_history[-1].content == ANSWER


def test_async_chat_and_stream_say_the_same() -> None:
    async def both() -> tuple[str, str, str, int]:
        engine = MovieChatEngine(ScriptedAssistant())
        whole = await engine.achat(ASKED)
        response = await engine.astream_chat("and who directed it")
        assert isinstance(response, StreamingAgentChatResponse)
        streamed = "".join([piece async for piece in response.async_response_gen()])
        return str(whole), streamed, answer_of(response).text, len(await engine._memory.aget_all())

    whole, streamed, answer, turns = asyncio.run(both())
    assert whole == ANSWER
    assert streamed == answer == "Lana Wachowski and Lilly Wachowski directed The Matrix (1999)."
    assert turns == 4


def test_reset_forgets_and_a_given_history_replaces() -> None:
    assistant = ScriptedAssistant()
    engine = MovieChatEngine(assistant)
    engine.chat(ASKED)
    engine.reset()
    assert engine.chat_history == []
    before = [
        ChatMessage(role=MessageRole.USER, content="a"),
        ChatMessage(role=MessageRole.ASSISTANT, content="b"),
    ]
    engine.chat("c", before)
    assert assistant.heard[-1] == ("c", (("user", "a"), ("assistant", "b")))
    assert len(engine.chat_history) == 4


def test_two_engines_remember_apart() -> None:
    first, second = MovieChatEngine(ScriptedAssistant()), MovieChatEngine(ScriptedAssistant())
    first.chat(ASKED)
    assert second.chat_history == []


def test_a_refused_question_leaves_the_memory_as_it_was() -> None:
    engine = MovieChatEngine(ScriptedAssistant())
    engine.chat(ASKED)
    with pytest.raises(InputError, match="<films>"):
        engine.chat("refuse")
    assert len(engine.chat_history) == 2


def test_a_long_conversation_gives_the_assistant_its_newest_turns() -> None:
    assistant = ScriptedAssistant()
    engine = MovieChatEngine(assistant, memory=own_memory(words=60))
    for at in range(20):
        engine.chat(f"question {at}")
    heard = assistant.heard[-1][1]
    assert 0 < len(heard) < 20
    assert heard[-2] == ("user", "question 18")
    assert heard[0][0] == "user"
    assert len(engine.chat_history) == 40


def test_another_engines_response_has_no_answer() -> None:
    with pytest.raises(ValueError, match="MovieChatEngine"):
        answer_of(StreamingAgentChatResponse())


@pytest.mark.parametrize("text", ["", "one", "a  b", " lead and trail ", "line\nbreak", "w " * 999])
def test_pieces_join_to_the_text_in_bounded_number(text: str) -> None:
    cut = pieces(text)
    assert "".join(cut) == text
    assert len(cut) <= STREAM_STEPS
