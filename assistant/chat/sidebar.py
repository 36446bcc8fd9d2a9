"""The list of saved conversations beside the talk, as HTML; what visitors wrote is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from assistant.chat.chats import MAX_TITLE, SHARE_DAYS, Chat
from assistant.chat.markup import escaped

DAY = 24 * 3600
# What the buttons and forms of the list tell the server; it takes nothing else from them.
SCRIPT = """
const tell = (act, chat, value) => trigger('click', {act, chat, value: value ?? ''});
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-act]');
  if (button) tell(button.dataset.act, button.dataset.chat);
});
element.addEventListener('submit', (event) => {
  event.preventDefault();
  tell('rename', event.target.dataset.chat, event.target.elements[0].value);
});
"""


def chat_list(chats: Sequence[Chat], current: str | None, now: float, searched: bool = False) -> str:
    """The conversations under the days they were last continued on; ``current`` is marked."""
    if not chats:
        return f'<p class="small">{_NONE_FOUND if searched else _NONE}</p>'
    groups: dict[str, list[Chat]] = {}
    for chat in chats:
        groups.setdefault(_when(chat.changed, now), []).append(chat)
    listed = "".join(
        f"<h3>{name}</h3><ul>{''.join(_entry(chat, chat.id == current) for chat in group)}</ul>"
        for name, group in groups.items()
    )
    return listed if searched else listed + _ALL


def link_box(token: str) -> str:
    """A new link to a shared conversation; page.js gives it the page's own address."""
    path = f"share/{escaped(token)}"
    return (
        '<div class="link" role="status"><p>Whoever has this link can read this conversation as it is now, '
        f"for {SHARE_DAYS} days, or until you revoke it.</p>"
        f'<p><a href="{path}" target="_blank" rel="noopener">Open</a>'
        f'<button type="button" data-copy-link="{path}">Copy link</button></p></div>'
    )


_NONE = "What you ask is kept here, for this browser alone."
# Unfolded first, so that nobody does it by a slip.
_ALL = (
    '<details class="all"><summary>All conversations</summary>'
    '<button type="button" class="delete" data-act="clear">Delete all for good</button></details>'
)
_NONE_FOUND = "No conversation holds all these words."


def _when(changed: float, now: float) -> str:
    days = int(now // DAY) - int(changed // DAY)
    if days <= 0:
        return "Today"
    if days == 1:
        return "Yesterday"
    return "This week" if days < 7 else f"{datetime.fromtimestamp(changed, UTC):%B %Y}"


def _entry(chat: Chat, current: bool) -> str:
    name, mark = escaped(chat.title), ' aria-current="true"' if current else ""
    opening = f'<button type="button" class="open" {_act("open", chat)}{mark} title="{name}">{name}</button>'
    return f"<li{' class=current' if current else ''}>{opening}{_menu(chat)}</li>"


def _menu(chat: Chat) -> str:
    name = escaped(chat.title)
    rename = (
        f'<form data-chat="{chat.id}"><input type="text" aria-label="New title" value="{name}" '
        f'maxlength="{MAX_TITLE}"><button>Rename</button></form>'
    )
    exports = "".join(
        f'<a href="chats/{chat.id}.{ending}" download>{label}</a>'
        for ending, label in (("md", "Markdown"), ("json", "JSON"))
    )
    share = f'<button type="button" {_act("share", chat)}>Share a link</button>'
    if chat.links:
        share += f'<button type="button" {_act("revoke", chat)}>Revoke {_links(chat.links)}</button>'
    delete = f'<button type="button" class="delete" {_act("delete", chat)}>Delete for good</button>'
    label = f'<summary data-chat="{chat.id}" aria-label="More for {name}">⋯</summary>'
    return f'<details>{label}<div class="menu">{rename}<p>{exports}</p>{share}{delete}</div></details>'


def _links(links: int) -> str:
    return "its link" if links == 1 else f"its {links} links"


def _act(act: str, chat: Chat) -> str:
    return f'data-act="{act}" data-chat="{chat.id}"'
