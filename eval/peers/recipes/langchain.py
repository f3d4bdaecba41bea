# /// script
# dependencies = [
#   "torch==2.13.0",
#   "transformers==5.23.0",
#   "sentence-transformers==6.2.0",
#   "chromadb==1.5.9",
#   "langchain-chroma==1.1.0",
#   "langchain-huggingface==1.2.3",
#   "langchain-text-splitters==1.1.3",
# ]
# ///
"""LangChain's textbook retrieval: recursive splitter, Chroma, all-MiniLM-L6-v2."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter


def ingest(articles: Path, index: Path, models: Path) -> None:
    documents = [
        Document(f"{row['title']}\n\n{row['text']}", metadata={"article": row["id"]})
        for row in map(json.loads, articles.open(encoding="utf-8"))
    ]
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    Chroma.from_documents(
        splitter.split_documents(documents), _embeddings(models), persist_directory=str(index)
    )


def answerer(index: Path, models: Path) -> Callable[[str, str], dict[str, Any]]:
    store = Chroma(persist_directory=str(index), embedding_function=_embeddings(models))

    def answer(question: str, as_of: str) -> dict[str, Any]:
        found = store.similarity_search_with_score(question, k=20)
        return {
            "answer": found[0][0].page_content,
            "confidence": 1 / (1 + found[0][1]),
            "hits": [
                {"article_id": document.metadata["article"], "text": document.page_content}
                for document, _ in found
            ],
        }

    return answer


def _embeddings(models: Path) -> HuggingFaceEmbeddings:
    return HuggingFaceEmbeddings(model_name=str(models / "all-MiniLM-L6-v2"))
