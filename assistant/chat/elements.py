"""Our own HTML within the conversation, made ready for Gradio's Chatbot once.

Given a component, the Chatbot would make it anew, and describe it in full, for every message of the
conversation at every step of an answer.
"""

from __future__ import annotations

import gradio as gr
from gradio.components.chatbot import ComponentMessage


def element(html: str) -> ComponentMessage:
    """A part of a message that shows HTML as it is."""
    return ComponentMessage(component="html", value=html, constructor_args={}, props=_PROPS)


# Made while this is imported: while an event runs, Gradio takes a new component for a change of an old one.
# What is None is left out, as Gradio leaves it out of a page: all of it is walked through at every step.
_PROPS = {
    name: value
    for name, value in gr.HTML("", render=False).get_config().items()
    if name != "value" and value is not None
}
