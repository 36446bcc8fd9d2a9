class Error:
    code: int
    reason: str
    body: str

class Request:
    error: Error

class Task:
    status: str
    response_headers: list[tuple[str, str]]
    content_length: int | None
    request: Request
    def set_close_on_finish(self) -> None: ...
    def write(self, data: bytes) -> None: ...
    def execute(self) -> None: ...

class ErrorTask(Task): ...
