# /// script
# dependencies = [
#   "torch==2.13.0",
#   "transformers==5.23.0",
#   "sentence-transformers==6.2.0",
#   "llama-index-core==0.14.25",
#   "llama-index-embeddings-huggingface==0.8.0",
# ]
# ///
"""LlamaIndex's defaults (passages of 1,024 tokens, its own vector store), all-MiniLM-L6-v2."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from llama_index.core import (
    Document,
    Settings,
    StorageContext,
    VectorStoreIndex,
    load_index_from_storage,
)
from llama_index.embeddings.huggingface import HuggingFaceEmbedding


def ingest(articles: Path, index: Path, models: Path) -> None:
    _use(models)
    documents = [
        Document(text=row["text"], id_=row["id"], metadata={"title": row["title"]})
        for row in map(json.loads, articles.open(encoding="utf-8"))
    ]
    VectorStoreIndex.from_documents(documents).storage_context.persist(str(index))


def answerer(index: Path, models: Path) -> Callable[[str, str], dict[str, Any]]:
    _use(models)
    stored = load_index_from_storage(StorageContext.from_defaults(persist_dir=str(index)))
    retriever = stored.as_retriever(similarity_top_k=20)

    def answer(question: str, as_of: str) -> dict[str, Any]:
        found = retriever.retrieve(question)
        return {
            "answer": found[0].node.get_content(),
            "confidence": min(1.0, max(0.0, found[0].score or 0.0)),
            "hits": [
                {"article_id": item.node.ref_doc_id, "text": item.node.get_content()}
                for item in found
            ],
        }

    return answer


def _use(models: Path) -> None:
    Settings.embed_model = HuggingFaceEmbedding(model_name=str(models / "all-MiniLM-L6-v2"))
    Settings.llm = None
