"""Ask questions of a collection of articles and get answers you can check."""

from typing import TYPE_CHECKING, Any

from qa.errors import QAError
from qa.records.answer import Answer, Conflict, Hit, Statement
from qa.records.article import Article, Citation, Passage
from qa.records.conversation import Turn

if TYPE_CHECKING:
    from qa.build import open_pipeline
    from qa.pipeline import Pipeline

__all__ = [
    "Answer",
    "Article",
    "Citation",
    "Conflict",
    "Hit",
    "Passage",
    "Pipeline",
    "QAError",
    "Statement",
    "Turn",
    "ask",
    "open_pipeline",
]


def ask(question: str, *, library: str | None = None, **options: Any) -> Answer:
    """Ask once: opens the library (default: ``QA_LIBRARY``), asks, closes.

    ``options`` are those of ``Pipeline.ask``. For several questions keep a pipeline open.
    """
    from qa.build import open_pipeline

    with open_pipeline(library) as pipeline:
        return pipeline.ask(question, **options)


def __getattr__(name: str) -> Any:
    # Loaded on first use, so that importing the package stays quick.
    if name == "open_pipeline":
        from qa.build import open_pipeline

        return open_pipeline
    if name == "Pipeline":
        from qa.pipeline import Pipeline

        return Pipeline
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
