"""Spans for OpenTelemetry: one for each question, with one for each step of its answer.

The only module that knows OpenTelemetry, and imports it when it is wanted. No span holds anything
that somebody typed or an article says.
"""

import os
import time
from typing import TYPE_CHECKING

from qa.errors import ConfigError
from qa.records.answer import Answer

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

__all__ = ["Spans", "spans_by_environment"]

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_MILLION = 1_000_000


class Spans:
    """Sends the spans of answers to a provider of tracers. Safe to share between threads."""

    def __init__(self, provider: "TracerProvider") -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("article_qa")

    def record(self, answer: Answer | None, outcome: str, start_time: float) -> None:
        """A span from ``start_time``, in seconds of ``time.perf_counter``, to now, and within it a
        span for each step that took time; without an answer the first alone.
        """
        from opentelemetry.trace import Status, StatusCode, set_span_in_context

        # Steps are timed by a clock that has no date.
        offset = time.time_ns() - time.perf_counter_ns()
        question = self._tracer.start_span("question", start_time=offset + int(start_time * 1e9))
        question.set_attribute("article_qa.outcome", outcome)
        if answer is None:
            question.set_status(Status(StatusCode.ERROR if outcome == "failed" else StatusCode.OK))
        else:
            question.set_attribute("article_qa.kind", answer.kind)
            question.set_attribute("article_qa.statements", len(answer.statements))
            question.set_attribute("gen_ai.usage.input_tokens", answer.usage.input_tokens)
            question.set_attribute("gen_ai.usage.output_tokens", answer.usage.output_tokens)
        context = set_span_in_context(question)
        for step in answer.trace if answer else ():
            if step.took_ms and step.end_time >= start_time:
                end_time = offset + int(step.end_time * 1e9)
                begin = end_time - int(step.took_ms * _MILLION)
                self._tracer.start_span(step.name, context, start_time=begin).end(end_time)
        # By the clock of the steps, which nobody sets back meanwhile.
        question.end(offset + time.perf_counter_ns())

    def close(self) -> None:
        """Send what waits, and stop."""
        self._provider.shutdown()


def spans_by_environment() -> Spans | None:
    """Where OpenTelemetry's own variables say that spans go; None where they name no collector.

    ``OTEL_EXPORTER_OTLP_ENDPOINT`` (or ``…_TRACES_ENDPOINT``) is the collector's address, and
    ``OTEL_SERVICE_NAME``, ``OTEL_EXPORTER_OTLP_HEADERS`` and the other standard variables hold as
    everywhere (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/).
    Raises ConfigError for a protocol other than gRPC.
    """
    environment = os.environ
    disabled = environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    exporter = environment.get("OTEL_TRACES_EXPORTER", "otlp").strip() or "otlp"
    if disabled or exporter == "none" or not any(environment.get(name) for name in _ENDPOINTS):
        return None
    if exporter != "otlp":
        raise ConfigError(f"OTEL_TRACES_EXPORTER is {exporter!r}; set it to otlp or to none")
    for name in _PROTOCOLS:
        protocol = environment.get(name) or "grpc"
        if protocol != "grpc":
            raise ConfigError(
                f"{name} is {protocol!r}; spans are sent by gRPC, set it to grpc and"
                f" {_ENDPOINTS[1]} to the collector's port for it (usually 4317)"
            )
    # A third of a second that a server without a collector need not spend.
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    service = environment.get("OTEL_SERVICE_NAME") or "article-qa"
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: service}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Spans(provider)
