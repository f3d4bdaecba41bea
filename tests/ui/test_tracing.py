"""What a collector of OpenTelemetry is sent of a question."""

from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import (
    TraceServiceServicer,
    add_TraceServiceServicer_to_server,
)
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from qa.errors import ConfigError
from ui.metrics import Metrics
from ui.schemas import AskRequest
from ui.service import open_service
from ui.tracing import Spans, spans_by_environment

COLLECTOR = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4317"}


@pytest.fixture
def exporter():
    return InMemorySpanExporter()


@pytest.fixture
def metrics(exporter):
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    made = Metrics(Spans(provider))
    yield made
    made.close()


def test_a_question_has_a_span_with_one_for_each_step(service, metrics, exporter):
    service.metrics = metrics
    answer = service.ask(AskRequest(question="How many sailors died?"))
    *steps, question = exporter.get_finished_spans()
    assert question.name == "question"
    assert question.attributes["article_qa.outcome"] == "answered"
    assert question.attributes["article_qa.kind"] == "fact"
    assert {step.name for step in steps} == {step.name for step in answer.trace if step.took_ms}
    assert {"search by words", "read"} <= {step.name for step in steps}
    for step in steps:
        assert step.parent.span_id == question.context.span_id
        assert question.start_time <= step.start_time <= step.end_time <= question.end_time


def test_spans_hold_nothing_that_was_typed(service, metrics, exporter):
    service.metrics = metrics
    service.ask(AskRequest(question="How many sailors died?"))
    for span in exporter.get_finished_spans():
        assert "sailors" not in f"{span.name} {span.attributes} {span.status.description}"


def test_what_failed_is_an_error(metrics, exporter):
    def events():
        raise OSError("the disk is gone")
        yield

    with pytest.raises(OSError, match="gone"):
        list(metrics.watched(events()))
    (span,) = exporter.get_finished_spans()
    assert span.status.status_code is StatusCode.ERROR
    assert span.attributes["article_qa.outcome"] == "failed"


def set_environment(monkeypatch, variables):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"OTEL_SERVICE_NAME": "articles"},
        COLLECTOR | {"OTEL_SDK_DISABLED": "true"},
        COLLECTOR | {"OTEL_TRACES_EXPORTER": "none"},
    ],
)
def test_without_a_collector_there_are_none(environment, monkeypatch):
    set_environment(monkeypatch, environment)
    assert spans_by_environment() is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_TRACES_EXPORTER", "zipkin")],
)
def test_what_is_not_spoken_is_refused_by_name(name, value, monkeypatch):
    set_environment(monkeypatch, COLLECTOR | {name: value})
    with pytest.raises(ConfigError, match=name) as caught:
        spans_by_environment()
    assert value in str(caught.value)


class Collector(TraceServiceServicer):
    """Keeps what it is sent."""

    def __init__(self):
        self.names, self.services = [], set()

    def Export(self, request, context):  # gRPC's name
        for resource in request.resource_spans:
            for attribute in resource.resource.attributes:
                if attribute.key == "service.name":
                    self.services.add(attribute.value.string_value)
            for scope in resource.scope_spans:
                self.names += [span.name for span in scope.spans]
        return ExportTraceServiceResponse()


def test_a_server_sends_them_to_the_collector_that_is_named(
    make_library, ferry, library_folder, monkeypatch
):
    collector, server = Collector(), grpc.server(ThreadPoolExecutor(1))
    add_TraceServiceServicer_to_server(collector, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    set_environment(monkeypatch, {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}"})
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    monkeypatch.setenv("QA_READER", "sentence")
    make_library(ferry)
    with open_service(library_folder) as service:
        service.ask(AskRequest(question="How many sailors died?"))
    server.stop(None).wait()
    assert "question" in collector.names
    assert "read" in collector.names
    assert collector.services == {"article-qa"}
