"""The pipeline as a LangChain ``Runnable``: invoke, stream, batch, compose with ``|``."""

from collections.abc import Iterator
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig

from qa.pipeline import Found, Pipeline, Restart, Text
from qa.records import Answer

__all__ = ["PipelineRunnable"]


class PipelineRunnable(Runnable[str | dict[str, Any], Found | Text | Restart | Answer]):
    """Takes a question, or a dict with ``question`` and the options of ``Pipeline.ask``.

    ``batch`` and the async forms are LangChain's own, over threads.

    >>> from langchain_core.runnables import RunnableLambda
    >>> chain = PipelineRunnable(pipeline) | RunnableLambda(str)  # doctest: +SKIP
    """

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    def invoke(
        self, input: str | dict[str, Any], config: RunnableConfig | None = None, **kwargs: Any
    ) -> Answer:
        """The verified answer."""

        def answer(asked: str | dict[str, Any]) -> Answer:
            return self._pipeline.ask(**_asked(asked))

        answered = self._call_with_config(answer, input, config)
        assert isinstance(answered, Answer)
        return answered

    def stream(
        self, input: str | dict[str, Any], config: RunnableConfig | None = None, **kwargs: Any
    ) -> Iterator[Found | Text | Restart | Answer]:
        """Found once, Text as it comes, and last the verified Answer."""

        def events(
            inputs: Iterator[str | dict[str, Any]],
        ) -> Iterator[Found | Text | Restart | Answer]:
            for asked in inputs:
                yield from self._pipeline.stream(**_asked(asked))

        return self._transform_stream_with_config(iter([input]), events, config)


def _asked(asked: str | dict[str, Any]) -> dict[str, Any]:
    return {"question": asked} if isinstance(asked, str) else dict(asked)
