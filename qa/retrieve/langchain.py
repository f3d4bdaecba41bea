"""The retriever as LangChain sees retrievers."""

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, SkipValidation

from qa.records import Hit
from qa.retrieve.window import understand
from qa.seams import Retriever

__all__ = ["PassageRetriever", "to_document"]


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
