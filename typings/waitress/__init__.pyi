"""What legacy_clients uses of waitress 3.0.2, which ships no types."""

from collections.abc import Sequence
from socket import socket

from _typeshed.wsgi import WSGIApplication

class Server:
    effective_host: str
    effective_port: int
    def run(self) -> None: ...
    def close(self) -> None: ...

def create_server(
    application: WSGIApplication, *, sockets: Sequence[socket] = ..., threads: int = ..., ident: str = ...
) -> Server: ...
