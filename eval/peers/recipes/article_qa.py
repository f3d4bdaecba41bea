"""Ours, as it comes."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from ingest import ingest as ingest_articles
from qa import open_pipeline


def ingest(articles: Path, index: Path, models: Path) -> None:
    ingest_articles([articles], library=index)


def answerer(index: Path, models: Path) -> Callable[[str, str], dict[str, Any]]:
    pipeline = open_pipeline(index)

    def answer(question: str, as_of: str) -> dict[str, Any]:
        day = date.fromisoformat(as_of) if as_of else None
        return pipeline.ask(question, as_of=day).to_dict()

    return answer
