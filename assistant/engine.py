"""LlamaIndex adapters: the catalogue as a retriever, field models as a reranker, the assistant as an engine.

Thin over ``Linker`` and ``Assistant.answer``; no language model is asked, none is needed. They work in any
LlamaIndex program:

    engine = MovieChatEngine(Assistant.open())
    print(engine.chat("who played the Oracle in the first Matrix"))
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncGenerator, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, MessageRole
from llama_index.core.chat_engine.types import (
    AgentChatResponse,
    BaseChatEngine,
    StreamingAgentChatResponse,
)
from llama_index.core.memory import Memory
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from llama_index.core.storage.chat_store.base_db import AsyncDBChatStore, MessageStatus
from llama_index.core.tools import ToolOutput
from pydantic import PrivateAttr

from assistant.answer import Answer, Evidence
from indexer.catalog.records import dated
from indexer.fields.rows import Kind, Row
from indexer.ids import format_person_id, format_title_id

if TYPE_CHECKING:
    from indexer.linking.linker import Candidate

MEMORY_WORDS = 6_000  # what a conversation remembers; "she" and "it" lie in the newest turns
# An answer arrives in at most so many pieces, however long it is, and a short one whole: each is a message to
# a page, which costs about as much as finding the answer.
STREAM_STEPS = 5
SHORTEST_PIECE = 12  # words
_KINDS: tuple[Kind, ...] = ("title", "person")


class Answerer(Protocol):
    """What the chat engine asks: ``assistant.core.Assistant``, or anything that answers alike."""

    def answer(
        self, question: str, history: Sequence[Mapping[str, str]] = (), *, explain: bool = False
    ) -> Answer:
        """The answer to a question, given the turns before it, oldest first."""


class Links(Protocol):
    """What the retriever and the reranker ask: ``indexer.linking.linker.Linker``."""

    def link(self, row: Row, limit: int = 10) -> Sequence[Candidate]:
        """Candidates of a query row, best first."""

    def names(self, kind: Kind, text: str, limit: int = 20) -> Sequence[Candidate]:
        """Candidates of a name alone, best first."""


# ------------------------------------------------------------------------------- retriever and reranker


@dataclass
class RowBundle(QueryBundle):
    """A LlamaIndex query that is a query row: what is known of a title or a person."""

    row: Row | None = None

    @classmethod
    def of(cls, row: Row) -> RowBundle:
        """With the row's own words as the text that LlamaIndex shows."""
        return cls(query_str=", ".join(_words(value) for value in row.values.values() if value), row=row)


class CatalogRetriever(BaseRetriever):
    """Titles and people of the catalogue as nodes, best first.

    A string is looked up as a name, a RowBundle as a query row. A node's metadata holds ``title_id`` or
    ``person_id``, name, year and the score's parts; its text is the name a person reads. [] when nothing
    fits.
    """

    def __init__(self, linker: Links, kinds: Sequence[Kind] = _KINDS, limit: int = 10) -> None:
        super().__init__()
        self._linker, self._kinds, self._limit = linker, tuple(kinds), limit

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._candidates(query_bundle)
        ranked = sorted(found, key=lambda candidate: -candidate.score)
        return [_candidate_node(candidate) for candidate in ranked[: self._limit]]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)

    def _candidates(self, query: QueryBundle) -> list[Candidate]:
        if isinstance(query, RowBundle) and query.row is not None:
            return list(self._linker.link(query.row, self._limit))
        text = query.query_str.strip()
        if not text:
            return []
        return [found for kind in self._kinds for found in self._linker.names(kind, text, self._limit)]


class FieldReranker(BaseNodePostprocessor):
    """Orders nodes of the catalogue by how well their fields explain a query row.

    Nodes that the field models do not consider keep their order, after those they do. Without a query all
    nodes keep theirs.
    """

    top_n: int = 10
    _linker: Links = PrivateAttr()

    def __init__(self, linker: Links, top_n: int = 10) -> None:
        super().__init__()
        self.top_n = top_n
        self._linker = linker

    @classmethod
    def class_name(cls) -> str:
        """As LlamaIndex writes it into a serialised pipeline."""
        return "FieldReranker"

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        scored = {} if query_bundle is None else self._scored(query_bundle, nodes)
        known = [scored[item.node.node_id] for item in nodes if item.node.node_id in scored]
        unknown = [item for item in nodes if item.node.node_id not in scored]
        return [*sorted(known, key=_by_score), *unknown][: self.top_n]

    def _scored(self, query: QueryBundle, nodes: Sequence[NodeWithScore]) -> dict[str, NodeWithScore]:
        limit = max(50, 5 * self.top_n)
        linked = [found for row in _rows(query, nodes) for found in self._linker.link(row, limit)]
        return {item.node.node_id: item for item in map(_candidate_node, linked)}


def _by_score(item: NodeWithScore) -> float:
    return -(item.score or 0.0)


def _rows(query: QueryBundle, nodes: Sequence[NodeWithScore]) -> list[Row]:
    """The query row, or a name's row for each kind that occurs among the nodes."""
    if isinstance(query, RowBundle) and query.row is not None:
        return [query.row]
    kinds = [kind for kind in _KINDS if any(f"{kind}_id" in item.node.metadata for item in nodes)]
    return [Row(kind, {kind: query.query_str}) for kind in kinds]


def _words(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _node_id(kind: Kind, entity_id: int) -> str:
    return format_title_id(entity_id) if kind == "title" else format_person_id(entity_id)


def _candidate_node(candidate: Candidate) -> NodeWithScore:
    identity = _node_id(candidate.kind, candidate.id)
    metadata: dict[str, Any] = {
        f"{candidate.kind}_id": identity,
        "name": candidate.name,
        "year": candidate.year,
        "parts": dict(candidate.parts),
    }
    return NodeWithScore(
        node=TextNode(id_=identity, text=dated(candidate.name, candidate.year), metadata=metadata),
        score=candidate.score,
    )


# ------------------------------------------------------------------------------------------------ chat


class MovieChatEngine(BaseChatEngine):
    """A conversation with the assistant; each engine is one conversation, with a Memory of its own.

    A response's ``source_nodes`` are the answer's evidence, ``answer_of(response)`` is the Answer itself.
    Raises what ``Assistant.answer`` raises: InputError for a question that is empty or too long; the memory
    then stays as it was.
    """

    def __init__(
        self,
        assistant: Answerer,
        memory: Memory | None = None,
        chat_history: Iterable[ChatMessage] = (),
    ) -> None:
        self._assistant = assistant
        self._memory = own_memory() if memory is None else memory
        before = list(chat_history)
        if before:
            self._memory.set(before)

    @classmethod
    def from_turns(cls, assistant: Answerer, turns: Sequence[Mapping[str, str]]) -> MovieChatEngine:
        """An engine that goes on with a conversation of {"role", "content"} turns, oldest first."""
        messages = [ChatMessage(role=MessageRole(turn["role"]), content=turn["content"]) for turn in turns]
        return cls(assistant, chat_history=messages)

    def chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:
        """The whole answer at once. ``chat_history`` replaces what the engine remembers."""
        if chat_history is not None:
            self._memory.set(chat_history)
        answer = self._assistant.answer(message, _turns(self._memory.get_all(MessageStatus.ACTIVE)))
        self._memory.put_messages(_exchange(message, answer))
        return _response(answer)

    async def achat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:
        """As ``chat``; the event loop stays free meanwhile."""
        if chat_history is not None:
            await self._memory.aset(chat_history)
        turns = _turns(await self._memory.aget_all(MessageStatus.ACTIVE))
        answer = await asyncio.to_thread(self._assistant.answer, message, turns)
        await self._memory.aput_messages(_exchange(message, answer))
        return _response(answer)

    def stream_chat(
        self, message: str, chat_history: list[ChatMessage] | None = None
    ) -> StreamingAgentChatResponse:
        """As ``chat``, the text in words from ``response_gen``; remembered whole, read to its end or not."""
        whole = self.chat(message, chat_history)
        return StreamingAgentChatResponse(
            response=whole.response,
            sources=whole.sources,
            source_nodes=whole.source_nodes,
            chat_stream=_stream(whole.response),
            is_writing_to_memory=False,
        )

    async def astream_chat(
        self, message: str, chat_history: list[ChatMessage] | None = None
    ) -> StreamingAgentChatResponse:
        """As ``stream_chat``, from ``async_response_gen``."""
        whole = await self.achat(message, chat_history)
        return StreamingAgentChatResponse(
            response=whole.response,
            sources=whole.sources,
            source_nodes=whole.source_nodes,
            achat_stream=_astream(whole.response),
            is_writing_to_memory=False,
        )

    def reset(self) -> None:
        """Forget the conversation."""
        self._memory.reset()

    @property
    def chat_history(self) -> list[ChatMessage]:
        """Every turn since the last reset, oldest first."""
        return list(self._memory.get_all())


def answer_of(response: AgentChatResponse | StreamingAgentChatResponse) -> Answer:
    """The Answer behind a response of MovieChatEngine. Raises ValueError for another engine's response."""
    for source in response.sources:
        if isinstance(source.raw_output, Answer):
            return source.raw_output
    raise ValueError("this response holds no Answer: it does not come from a MovieChatEngine")


def pieces(text: str, steps: int = STREAM_STEPS) -> list[str]:
    """The text cut between words into at most ``steps`` pieces that, joined, give it back. [] for no text.

    None but the last is shorter than ``SHORTEST_PIECE`` words.
    """
    words = text.split(" ")
    size = max(SHORTEST_PIECE, math.ceil(len(words) / steps))
    cut = [" ".join(words[start : start + size]) for start in range(0, len(words), size)]
    return [f"{piece} " for piece in cut[:-1]] + cut[-1:] if text else []


def _turns(messages: Iterable[ChatMessage]) -> list[dict[str, str]]:
    return [{"role": str(message.role.value), "content": message.content or ""} for message in messages]


def _exchange(question: str, answer: Answer) -> list[ChatMessage]:
    return [
        ChatMessage(role=MessageRole.USER, content=question),
        ChatMessage(role=MessageRole.ASSISTANT, content=answer.text),
    ]


def _response(answer: Answer) -> AgentChatResponse:
    return AgentChatResponse(
        response=answer.text,
        sources=[ToolOutput(tool_name="catalog", content=answer.text, raw_input={}, raw_output=answer)],
        source_nodes=[_evidence_node(record, answer.confidence) for record in answer.evidence],
        metadata={"status": str(answer.status), "confidence": answer.confidence},
    )


def _evidence_node(record: Evidence, confidence: float) -> NodeWithScore:
    return NodeWithScore(node=TextNode(text=_sentence(record), metadata=record.to_json()), score=confidence)


def _sentence(record: Evidence) -> str:
    """A record as one line: "Gloria Foster, actress, as Oracle, in The Matrix (1999)"."""
    parts = [record.person, record.job or record.category]
    if record.characters:
        parts.append(f"as {' / '.join(record.characters)}")
    if record.title is not None:
        titled = dated(record.title, record.year)
        parts.append(f"in {titled}" if record.person else titled)
    return ", ".join(part for part in parts if part)


def _stream(text: str) -> Generator[ChatResponse, None, None]:
    said = ""
    for piece in pieces(text):
        said += piece
        yield ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content=said), delta=piece)


async def _astream(text: str) -> AsyncGenerator[ChatResponse, None]:
    for response in _stream(text):
        yield response


# ---------------------------------------------------------------------------------------------- memory


def own_memory(words: int = MEMORY_WORDS) -> Memory:
    """An empty Memory held in this process, which forgets (archives) its oldest turns above ``words`` words.

    Words are counted by spaces: LlamaIndex's own default is a language model's tokens and an SQLite
    connection for each conversation, and neither is of use here.
    """
    return Memory.from_defaults(token_limit=words, tokenizer_fn=str.split, chat_store=ConversationStore())


class ConversationStore(AsyncDBChatStore):
    """The turns of conversations in a list; gone when the process ends."""

    _kept: list[tuple[str, MessageStatus, ChatMessage]] = PrivateAttr(default_factory=list)

    async def get_messages(
        self,
        key: str,
        status: MessageStatus | None = MessageStatus.ACTIVE,
        limit: int | None = None,
        offset: int | None = None,
    ) -> list[ChatMessage]:
        """Oldest first; ``status`` None means any."""
        found = [self._kept[at][2] for at in self._places(key, status)]
        start = offset or 0
        return found[start:] if limit is None else found[start : start + limit]

    async def count_messages(self, key: str, status: MessageStatus | None = MessageStatus.ACTIVE) -> int:
        """How many ``get_messages`` gives."""
        return len(self._places(key, status))

    async def add_message(
        self, key: str, message: ChatMessage, status: MessageStatus = MessageStatus.ACTIVE
    ) -> None:
        """At the end."""
        self._kept.append((key, status, message))

    async def add_messages(
        self, key: str, messages: list[ChatMessage], status: MessageStatus = MessageStatus.ACTIVE
    ) -> None:
        """At the end, in their order."""
        self._kept.extend((key, status, message) for message in messages)

    async def set_messages(
        self, key: str, messages: list[ChatMessage], status: MessageStatus = MessageStatus.ACTIVE
    ) -> None:
        """In place of all that the conversation had."""
        self._drop(self._places(key, None))
        await self.add_messages(key, messages, status)

    async def delete_message(self, key: str, idx: int) -> ChatMessage | None:
        """The ``idx``-th turn, removed; None where there is none."""
        return next(iter(self._drop(self._places(key, None)[idx : idx + 1])), None)

    async def delete_messages(self, key: str, status: MessageStatus | None = None) -> None:
        """All of that status, or all."""
        self._drop(self._places(key, status))

    async def delete_oldest_messages(self, key: str, n: int) -> list[ChatMessage]:
        """The ``n`` oldest active turns, removed."""
        return self._drop(self._places(key, MessageStatus.ACTIVE)[:n])

    async def archive_oldest_messages(self, key: str, n: int) -> list[ChatMessage]:
        """The ``n`` oldest active turns, kept but no longer active."""
        places = self._places(key, MessageStatus.ACTIVE)[:n]
        for at in places:
            self._kept[at] = (key, MessageStatus.ARCHIVED, self._kept[at][2])
        return [self._kept[at][2] for at in places]

    async def get_keys(self) -> list[str]:
        """The conversations that have turns."""
        return list(dict.fromkeys(key for key, _, _ in self._kept))

    def _places(self, key: str, status: MessageStatus | None) -> list[int]:
        return [
            at
            for at, (owner, held, _) in enumerate(self._kept)
            if owner == key and (status is None or held is status)
        ]

    def _drop(self, places: Sequence[int]) -> list[ChatMessage]:
        gone = [self._kept[at][2] for at in places]
        for at in reversed(places):
            del self._kept[at]
        return gone
