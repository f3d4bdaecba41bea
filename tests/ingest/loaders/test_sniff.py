"""The content decides what a file is, not its name or what a server calls it."""

import json

import pytest

from ingest.loaders.sniff import suffix_of_content
from ingest.sources import Intake, Loaded
from tests.ingest.samples import ATOM, PAGE, RDF, RSS, docx, pdf

LINES = b'{"title": "A", "text": "One."}\n{"title": "B", "text": "Two."}\n'


@pytest.mark.parametrize(
    ("head", "suffix", "read_as"),
    [
        (RSS.encode(), ".html", ".xml"),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?><!-- a - b --><feed>", ".txt", ".xml"),
        (RDF.encode(), ".htm", ".xml"),
        (RSS.encode(), ".rss", ".rss"),
        (pdf("Rain."), ".html", ".pdf"),
        (docx("Rain."), ".html", ".docx"),
        (PAGE.encode(), ".xml", ".html"),
        (b"<?xml version='1.0'?><!DOCTYPE html><html>", ".xml", ".html"),
        (PAGE.encode(), ".txt", ".html"),
        (PAGE.encode(), ".pdf", ".html"),
        (pdf("Rain."), ".pdf", ".pdf"),
        (b"Rain fell.", ".pdf", ".pdf"),
        (b"<p>It rained.", ".txt", ".txt"),
        (b"<p>It rained.", "", ".html"),
        (LINES, ".json", ".jsonl"),
        (b'{\n "text": "One."\n}', ".json", ".json"),
        (b'[{"text": "One."}]', ".jsonl", ".json"),
        (b'{"text": "One."}', ".html", ".jsonl"),
        (b"{\\rtf1 It rained.}", ".txt", ".txt"),
        (b"[Updated] It rained.", ".txt", ".txt"),
        (b"[1](x) is a link", ".md", ".md"),
        (RSS.encode(), ".csv", ".csv"),
    ],
)  # fmt: skip
def test_suffix_of_content(head, suffix, read_as):
    assert suffix_of_content(head, suffix) == read_as


@pytest.mark.parametrize(
    ("name", "data", "count"),
    [
        ("a.html", RSS.encode(), 1),
        ("a.txt", ATOM.encode(), 1),
        ("a.xml", PAGE.encode(), 1),
        ("a.html", pdf("It rained over Elmford."), 1),
        ("a.json", LINES, 2),
        ("a.rdf", RDF.encode(), 1),
    ],
)
def test_file_of_a_false_name_is_read_as_what_it_is(tmp_path, name, data, count):
    (tmp_path / name).write_bytes(data)
    found = list(Intake([tmp_path]))
    assert [type(each) for each in found] == [Loaded] * count
    assert all("<" not in each.article.text for each in found)


def test_json_lines_whose_first_is_long_are_read_under_the_name_of_json(tmp_path):
    articles = [{"text": "It rained. " * 9000}, {"text": "It snowed."}]
    (tmp_path / "a.json").write_text("\n".join(map(json.dumps, articles)))
    assert [type(each) for each in Intake([tmp_path])] == [Loaded, Loaded]
