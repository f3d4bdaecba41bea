# /// script
# dependencies = [
#   "torch==2.13.0",
#   "transformers==5.23.0",
#   "sentence-transformers==6.2.0",
#   "haystack-ai==3.4.0",
#   "sentence-transformers-haystack==2.0.0",
# ]
# ///
"""Haystack's hybrid retrieval: BM25 and all-MiniLM-L6-v2, joined by reciprocal rank fusion."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import (
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)


def ingest(articles: Path, index: Path, models: Path) -> None:
    documents = [
        Document(content=f"{row['title']}\n\n{row['text']}", meta={"article": row["id"]})
        for row in map(json.loads, articles.open(encoding="utf-8"))
    ]
    splitter = DocumentSplitter(split_by="word", split_length=200, split_overlap=0)
    splitter.warm_up()
    passages = splitter.run(documents=documents)["documents"]
    embedder = SentenceTransformersDocumentEmbedder(model=_model(models), progress_bar=False)
    embedder.warm_up()
    store = InMemoryDocumentStore()
    store.write_documents(embedder.run(documents=passages)["documents"])
    index.mkdir(parents=True)
    store.save_to_disk(str(index / "store.json"))


def answerer(index: Path, models: Path) -> Callable[[str, str], dict[str, Any]]:
    store = InMemoryDocumentStore.load_from_disk(str(index / "store.json"))
    pipeline = Pipeline()
    pipeline.add_component("embedder", SentenceTransformersTextEmbedder(model=_model(models)))
    pipeline.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=20))
    pipeline.add_component("words", InMemoryBM25Retriever(store, top_k=20))
    pipeline.add_component("joiner", DocumentJoiner("reciprocal_rank_fusion", top_k=20))
    pipeline.connect("embedder.embedding", "dense.query_embedding")
    pipeline.connect("dense", "joiner")
    pipeline.connect("words", "joiner")

    def answer(question: str, as_of: str) -> dict[str, Any]:
        found = pipeline.run({"embedder": {"text": question}, "words": {"query": question}})
        documents = found["joiner"]["documents"]
        return {
            "answer": documents[0].content,
            "confidence": min(1.0, max(0.0, documents[0].score or 0.0)),
            "hits": [
                {"article_id": document.meta["article"], "text": document.content}
                for document in documents
            ],
        }

    return answer


def _model(models: Path) -> str:
    return str(models / "all-MiniLM-L6-v2")
