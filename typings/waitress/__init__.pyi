"""What legacy_clients uses of Waitress 3, which ships no types."""

import socket
from collections.abc import Sequence
from typing import Any

from waitress.channel import HTTPChannel

class Server:
    effective_host: str
    effective_port: int
    channel_class: type[HTTPChannel]
    def run(self) -> None: ...
    def close(self) -> None: ...

def create_server(application: Any, *, sockets: Sequence[socket.socket] = ..., **options: Any) -> Server: ...
