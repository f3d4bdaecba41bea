"""Pipeline and search as LangChain sees them: a ``Runnable`` (invoke, stream, batch, compose with
``|``) and a retriever.
"""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig
from pydantic import ConfigDict, SkipValidation

from qa.protocols import Restart, Retriever
from qa.question.understand import understand
from qa.records.answer import Answer, Hit
from qa.records.events import Found, Text

__all__ = ["PassageRetriever", "PipelineRunnable", "to_document"]


class Answering(Protocol):
    """What of a pipeline is needed here."""

    @property
    def ask(self) -> Callable[..., Answer]:
        """The verified answer to a question, with the options of ``Pipeline.ask``."""

    @property
    def stream(self) -> Callable[..., Iterator[Found | Text | Restart | Answer]]:
        """What comes before it, and last the answer."""


class PassageRetriever(BaseRetriever):
    """``invoke(question)`` gives at most ``k`` documents, best first.

    A document's metadata holds article_id, start and end (offsets into the article's text),
    title, url, source, published (ISO day or None) and score.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    retriever: SkipValidation[Retriever]
    k: int = 20

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [to_document(hit) for hit in self.retriever.retrieve(understand(query), self.k).hits]


def to_document(hit: Hit) -> Document:
    """The hit's passage as a document, under an id that names its place in the article."""
    passage = hit.passage
    return Document(
        id=f"{passage.article_id}:{passage.start}",
        page_content=passage.text,
        metadata={
            "article_id": passage.article_id,
            "start": passage.start,
            "end": passage.end,
            "title": passage.title,
            "url": passage.url,
            "source": passage.source,
            "published": passage.published.isoformat() if passage.published else None,
            "score": hit.score,
        },
    )


class PipelineRunnable(Runnable[str | dict[str, Any], Found | Text | Restart | Answer]):
    """Takes a question, or a dict with ``question`` and the options of ``Pipeline.ask``.

    ``batch`` and the async forms are LangChain's own, over threads.

    >>> from langchain_core.runnables import RunnableLambda
    >>> chain = PipelineRunnable(pipeline) | RunnableLambda(str)  # doctest: +SKIP
    """

    def __init__(self, pipeline: Answering) -> None:
        self._pipeline = pipeline

    def invoke(
        self, input: str | dict[str, Any], config: RunnableConfig | None = None, **kwargs: Any
    ) -> Answer:
        """The verified answer."""

        def answer(question: str | dict[str, Any]) -> Answer:
            return self._pipeline.ask(**_question_options(question))

        result = self._call_with_config(answer, input, config)
        assert isinstance(result, Answer)
        return result

    def stream(
        self, input: str | dict[str, Any], config: RunnableConfig | None = None, **kwargs: Any
    ) -> Iterator[Found | Text | Restart | Answer]:
        """Found once, Text as it comes, and last the verified Answer."""

        def events(
            inputs: Iterator[str | dict[str, Any]],
        ) -> Iterator[Found | Text | Restart | Answer]:
            for question in inputs:
                yield from self._pipeline.stream(**_question_options(question))

        return self._transform_stream_with_config(iter([input]), events, config)


def _question_options(question: str | dict[str, Any]) -> dict[str, Any]:
    return {"question": question} if isinstance(question, str) else dict(question)
