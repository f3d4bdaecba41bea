"""What a server tells Prometheus: what it counted since its start, and how it is at this moment.

The only module that knows prometheus_client. No label holds anything that somebody typed.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily

from ingest.run import IngestReport
from qa.records.answer import Answer
from ui.tracing import Spans

__all__ = ["CONTENT_TYPE", "Metrics", "index_bytes"]

CONTENT_TYPE = CONTENT_TYPE_LATEST
# Steps of a trace that are stages, by the names that they have here.
_STAGES = {
    "search by words": "words",
    "search by meaning": "meaning",
    "fuse": "fusion",
    "read": "reading",
    "compose and verify": "composition",
    "records": "records",
}
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
# What an index is made of, in a library folder.
_PARTS = {
    "library": "library.db*",
    "vectors": "chroma",
    "snapshot": "index.vectors",
    "words": "words",
}
_T = TypeVar("_T")


class Metrics:
    """The counts of one server, and the spans of its answers if they go anywhere. Safe to share
    between threads.
    """

    def __init__(self, spans: Spans | None = None) -> None:
        self._spans = spans
        self._registry = CollectorRegistry()
        self._questions = Counter(
            "article_qa_questions",
            "Questions by the kind of answer they ask for and what became of them: answered, "
            "abstained, failed, or left before the end.",
            ["kind", "outcome"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "article_qa_answer_seconds",
            "Seconds from a question's turn to its verified answer.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._stages = Histogram(
            "article_qa_stage_seconds",
            "Seconds that a stage of an answer took.",
            ["stage"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._ingests = Counter(
            "article_qa_ingests",
            "Times that sources were taken in, by request or by a refresh, and whether they were.",
            ["by", "outcome"],
            registry=self._registry,
        )
        self._articles = Counter(
            "article_qa_ingested_articles",
            "Articles that came of them.",
            ["outcome"],
            registry=self._registry,
        )

    def watched(self, events: Iterable[_T]) -> Iterator[_T]:
        """The events of one question as they come, the answer among them counted."""
        start_time, outcome, answer = time.perf_counter(), "failed", None
        try:
            for event in events:
                if isinstance(event, Answer):
                    outcome, answer = "abstained" if event.abstained else "answered", event
                    self._seconds.observe(time.perf_counter() - start_time)
                    for step in event.trace:
                        if stage := _STAGES.get(step.name):
                            self._stages.labels(stage).observe(step.took_ms / 1000)
                yield event
        except GeneratorExit:
            outcome = "left" if outcome == "failed" else outcome
            raise
        finally:
            self._questions.labels(answer.kind if answer else "", outcome).inc()
            if self._spans:
                self._spans.record(answer, outcome, start_time)

    def close(self) -> None:
        """Send the spans that wait."""
        if self._spans:
            self._spans.close()

    def count_ingest(self, by: str, report: IngestReport | None) -> None:
        """Count what was taken in; ``by`` is "request" or "refresh", None that it failed."""
        self._ingests.labels(by, "failed" if report is None else "done").inc()
        if report is not None:
            for outcome in ("added", "updated", "unchanged"):
                self._articles.labels(outcome).inc(getattr(report, outcome))
            self._articles.labels("failed").inc(len(report.failed))

    def text(self, gauges: Mapping[str, tuple[str, str, Mapping[str, float]]]) -> bytes:
        """Everything in Prometheus's text format; ``gauges`` by name: what one tells, the name of
        its label (empty: none), and its values by that label.
        """
        lines = [generate_latest(self._registry)]
        lines.append(generate_latest(_Gauges(gauges)))
        return b"".join(lines)


class _Gauges:
    """Gauges of this moment, as a registry has them."""

    def __init__(self, gauges: Mapping[str, tuple[str, str, Mapping[str, float]]]) -> None:
        self._gauges = gauges

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """A family for each."""
        for name, (told, label, values) in self._gauges.items():
            family = GaugeMetricFamily(f"article_qa_{name}", told, labels=[label] if label else [])
            for key, value in values.items():
                family.add_metric([key] if label else [], value)
            yield family


def index_bytes(folder: Path) -> dict[str, float]:
    """Bytes on the disk of the parts of a library folder; 0 for what is not there."""
    return {
        part: float(sum(_size(path) for path in folder.glob(pattern)))
        for part, pattern in _PARTS.items()
    }


def _size(path: Path) -> int:
    try:
        if path.is_dir():
            return sum(_size(each) for each in path.iterdir())
        return path.stat().st_size
    except FileNotFoundError:
        return 0  # its owner took it away just now
