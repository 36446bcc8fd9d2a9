from typing import ClassVar

from waitress.task import Task

class HTTPChannel:
    error_task_class: ClassVar[type[Task]]
