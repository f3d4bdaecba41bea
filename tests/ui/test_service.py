"""The one function behind every door, and what it knows of the collection."""

from datetime import date

import pytest

from ingest.run import IngestReport, Progress
from qa.build import renew_pipeline
from qa.errors import ArticleNotFound, LibraryLocked
from qa.library.accounts.preferences import keep_preferences
from qa.library.store import Library
from qa.library.writer import open_writer
from qa.records.article import Article
from ui.schemas import AskRequest
from ui.screen.coverage import coverage_chart
from ui.service import open_service


def test_progress_counts_over_all_sources_and_never_goes_back(service, tmp_path):
    paths = []
    for number in range(40):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"The lighthouse keeper number {number} of Orrin wrote a letter.")
        paths.append(str(path))
    paths.append(str(tmp_path / "missing.txt"))
    *events, report = service.take_in(paths)
    assert isinstance(report, IngestReport)
    assert (report.added, len(report.failed)) == (40, 1)
    assert all(isinstance(event, Progress) for event in events)
    for told in (
        [event.done_bytes for event in events],
        [event.sources for event in events],
        [event.articles for event in events],
        [event.embedded for event in events],
    ):
        assert told == sorted(told)
    assert {event.sources for event in events} >= set(range(1, 41))
    assert [failure.origin for failure in events[-1].failed] == [paths[-1]]


def test_what_was_read_stays_when_the_rest_is_given_up(service, tmp_path):
    paths = []
    for number in range(450):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"Otter number {number} of Orrin sleeps in a boat called Wanda.")
        paths.append(str(path))
    events = service.take_in(paths)
    while next(events).articles < 200:
        pass
    events.close()
    # The next one waits until the first has put its things in order.
    (tmp_path / "later.txt").write_text("The ferry to Skerry sails at noon.")
    *_, report = service.take_in([str(tmp_path / "later.txt")])
    assert report.added == 1
    counts = service.library.counts()
    assert 200 < counts["articles"] < 450
    assert counts["pending"] == 0
    assert service.health().vectors == counts["passages"]


def test_stop_takes_effect_in_the_middle_of_a_file(odd_loader, service, tmp_path, monkeypatch):
    monkeypatch.setenv("QA_PARSE_SECONDS", "3600")
    odd_loader("def load(source):\n    while True:\n        pass\n    yield")
    slow = tmp_path / "slow.odd"
    slow.write_text("Words.")
    events = service.take_in([str(slow)])
    # It is told of while the file is parsed, so that there is a moment to stop.
    assert [next(events).sources for _ in range(10)] == [0] * 10
    events.close()
    (tmp_path / "later.txt").write_text("The ferry to Skerry sails at noon.")
    *_, report = service.take_in([str(tmp_path / "later.txt")])
    assert (report.added, report.failed) == (1, ())


def test_what_was_taken_in_is_found_at_once(service, tmp_path):
    (tmp_path / "heron.txt").write_text("The heron of Quillmere weighs 1,400 grams.")
    asked = AskRequest(question="What does the heron of Quillmere weigh?")
    assert "1,400" not in service.ask(asked).text
    list(service.take_in([str(tmp_path / "heron.txt")]))
    assert "1,400 grams" in service.ask(asked).text
    assert len(service.summaries()) == 4


def test_another_process_that_writes_is_named(service, tmp_path):
    (tmp_path / "a.txt").write_text("Words.")
    with open_writer(Library.open(service.library.folder)):
        with pytest.raises(LibraryLocked):
            list(service.take_in([str(tmp_path / "a.txt")]))
        with pytest.raises(LibraryLocked):
            service.remove(["ferry"])


def test_all_are_removed_or_none(service):
    with pytest.raises(ArticleNotFound, match="nonsense"):
        service.remove(["ferry", "nonsense"])
    assert service.remove(["ferry"]) == {"ferry": "Ferry lost off Cape Tarrow"}
    assert {each.id for each in service.summaries()} == {"bridge", "orchard"}
    assert service.health().vectors == service.library.counts()["passages"]


def test_examples_are_questions_that_the_articles_answer(service):
    (example, *_) = service.examples()
    answer = service.ask(AskRequest(question=example))
    assert not answer.abstained


def test_examples_name_the_newest_of_each_outlet_and_change_with_the_library(
    monkeypatch, make_library, library_folder, store
):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    monkeypatch.setenv("QA_READER", "sentence")
    make_library(
        *(
            Article.create(
                f"Some {n} people work in the mill of Thornby.",
                id=f"{n}",
                title=f"Mill {n}",
                source="Post",
                published=date(2024, 1, n + 1),
            )
            for n in range(5)
        ),
        Article.create("Nine live in Orrin.", id="other", title="Orrin", source="Gazette"),
    )
    with open_service(library_folder) as service:
        assert service.examples() == [
            "Summarise “Mill 4”.",
            "Summarise “Orrin”.",
            "What is in here?",
        ]
        service.remove(["other"])
        assert service.examples() == ["Summarise “Mill 4”.", "What is in here?"]
        for example in service.examples():
            assert not service.ask(AskRequest(question=example)).abstained


def test_outlets_with_most_articles_come_first(service, make_library):
    assert service.outlets() == ["Courier", "Gazette"]


def test_chart_stacks_weeks_by_outlet(service):
    chart = coverage_chart(service.summaries())
    assert {bar.name: list(bar.x) for bar in chart.data} == {
        "Courier": ["2023-05-15"],
        "Gazette": ["2021-03-01"],
    }


@pytest.mark.parametrize(("articles", "step"), [(1, 1), (5, 1), (60, None)])
def test_chart_marks_no_parts_of_an_article(make_library, articles, step):
    week = [
        Article.create("Words.", id=f"{n}", published=date(2024, 1, 1)) for n in range(articles)
    ]
    axis = coverage_chart(make_library(*week).library.summaries()).layout.yaxis
    assert (axis.dtick, axis.tickformat) == (step, "d")


def test_chart_names_few_outlets_and_no_markup(make_library):
    articles = [
        Article.create("Words.", id=f"{n}", source=f"<b>{n}</b>", published=date(2024, 1, n + 1))
        for n in range(9)
    ]
    chart = coverage_chart(make_library(*articles).library.summaries())
    names = [bar.name for bar in chart.data]
    assert len(names) == 7
    assert "all others" in names
    assert not any("<" in name for name in names)


def test_collection_without_dates_has_no_chart(make_library, orchard):
    assert coverage_chart(make_library(orchard).library.summaries()) is None


@pytest.fixture
def database_service(database_url, monkeypatch):
    """A service over a library in a database, with the quickest models."""
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    monkeypatch.setenv("QA_READER", "sentence")
    with open_service(database_url) as service:
        yield service


def test_library_in_a_database_is_changed_as_a_folder_is(database_service, ferry, bridge, tmp_path):
    service = database_service
    (tmp_path / "some.jsonl").write_text(f"{ferry.to_json()}\n{bridge.to_json()}\n")
    *_, report = service.take_in([str(tmp_path / "some.jsonl")])
    assert report.added == 2
    asked = AskRequest(question="When did the Maid of Orlen sink?")
    assert "3 March 2021" in service.ask(asked).text
    service.curation.edit(["ferry"], {"title": "Off Cape Tarrow"})
    assert service.library.article("ferry").title == "Off Cape Tarrow"
    assert service.curation.erase(["ferry"]).proved
    assert service.library.find("ferry") is None
    assert service.health().healthy


def test_settings_that_a_database_keeps_are_answered_by(database_service):
    service = database_service
    keep_preferences(service.library, {"QA_HITS": "7"})
    assert renew_pipeline(service.pipeline).parts.hits == 7
