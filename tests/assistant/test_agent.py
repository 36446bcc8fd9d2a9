"""The adapters as tools of a LlamaIndex agent, whose model says what a script holds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from llama_index.core.agent.workflow import FunctionAgent, ToolCallResult
from llama_index.core.base.llms.types import ChatMessage, MessageRole, TextBlock, ToolCallBlock
from llama_index.core.llms.mock import MockFunctionCallingLLM
from llama_index.core.tools import BaseTool, FunctionTool, RetrieverTool, ToolMetadata

from assistant.core import Assistant
from assistant.engine import CatalogRetriever, MovieChatEngine

FOUND, ASKED = "find_in_catalogue", "ask_the_movies"


class ScriptedModel:
    """Says its turns one after the other; keeps what it was told."""

    def __init__(self, *turns: ChatMessage) -> None:
        self._turns = list(turns)
        self.told: list[list[ChatMessage]] = []

    def __call__(self, messages: Sequence[ChatMessage], **_: Any) -> ChatMessage:
        self.told.append(list(messages))
        return self._turns.pop(0)

    def results(self) -> list[str]:
        """What the tools gave, as the model was told."""
        return [message.content or "" for message in self.told[-1] if message.role is MessageRole.TOOL]


def _calls(tool: str, **arguments: str) -> ChatMessage:
    block = ToolCallBlock(tool_call_id=f"call {tool}", tool_name=tool, tool_kwargs=arguments)
    return ChatMessage(role=MessageRole.ASSISTANT, blocks=[TextBlock(text=""), block])


def _says(text: str) -> ChatMessage:
    return ChatMessage(role=MessageRole.ASSISTANT, content=text)


def _agent(assistant: Assistant, model: ScriptedModel) -> FunctionAgent:
    engine = MovieChatEngine(assistant)

    async def ask(question: str) -> str:
        """Answer a question about films, series and people from the catalogue."""
        return str(await engine.achat(question))

    find = ToolMetadata(name=FOUND, description="Find titles and people by their names.")
    retriever = CatalogRetriever(assistant.index.linker, kinds=("title",), limit=2)
    tools: list[BaseTool | Callable[..., Any]] = [
        RetrieverTool(retriever, find),
        FunctionTool.from_defaults(async_fn=ask, name=ASKED),
    ]
    return FunctionAgent(tools=tools, llm=MockFunctionCallingLLM(response_generator=model), streaming=False)


async def _ran(agent: FunctionAgent, question: str) -> tuple[str, list[str]]:
    """The agent's last words, and the tools it called."""
    running = agent.run(user_msg=question)
    called = [event.tool_name async for event in running.stream_events() if isinstance(event, ToolCallResult)]
    return str(await running), called


# LlamaIndex 0.14's workflows look at every attribute of a model, pydantic's deprecated ones among them.
@pytest.mark.filterwarnings("ignore::pydantic.warnings.PydanticDeprecationWarning")
def test_an_agent_finds_a_title_asks_about_it_and_asks_on(assistant: Assistant) -> None:
    model = ScriptedModel(
        _calls(FOUND, input="the matrix"),
        _calls(ASKED, question="who played the Oracle in The Matrix"),
        _calls(ASKED, question="and who directed it"),
        _says("Gloria Foster did."),
    )
    said, called = asyncio.run(_ran(_agent(assistant, model), "Who was the Oracle?"))
    assert (said, called) == ("Gloria Foster did.", [FOUND, ASKED, ASKED])
    found, role, crew = model.results()
    assert "The Matrix (1999)" in found
    assert "Gloria Foster played the Oracle in The Matrix (1999)" in role
    assert "Wachowski" in crew  # the engine remembers what "it" is
