"""Whether the app can answer questions now: its database, its tables, its models.

What a load balancer wants to know. A process that lives may not be ready yet, or for a while.
"""

import threading
from contextlib import suppress

from qa.errors import QAError
from qa.pipeline import Pipeline

__all__ = ["Readiness"]


class Readiness:
    """Of one pipeline. Safe to share between threads."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._warmed = False
        self._warming = threading.Lock()

    def warm(self) -> None:
        """Load what the first question would have to; at once where another thread is at it.
        Raises QAError where that fails.
        """
        if self._warmed or not self._warming.acquire(blocking=False):
            return
        try:
            self._pipeline.warm()
            self._warmed = True
        finally:
            self._warming.release()

    def problems(self) -> list[str]:
        """What is missing, without a word of where it is; empty when questions can be answered.

        Models that could not be loaded are tried again, in a thread of their own.
        """
        problems = []
        library = self._pipeline.library
        try:
            version, expected = library.database.schema_versions()
        except QAError:
            problems.append("the database of the library cannot be reached")
        else:
            if version != expected:
                problems.append(f"the tables have version {version}, not {expected}")
        if not self._warmed:
            problems.append("the models are not loaded yet")
            threading.Thread(target=self._try_again, name="warm", daemon=True).start()
        return problems

    def _try_again(self) -> None:
        # What cannot be loaded is told to who asks.
        with suppress(QAError):
            self.warm()
