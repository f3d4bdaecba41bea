"""``article-qa eval`` and ``compare``: what they print, write, and exit with."""

import json

import pytest

from eval.runs.run import load_run
from ingest import ingest

ARTICLES = [
    {
        "id": "ferry",
        "text": "The ferry Maid of Orlen sank off Cape Tarrow. Nine sailors died in the cold sea.",
        "published": "2021-03-04",
        "source": "Gazette",
    },
    {"id": "bridge", "text": "Repairs to the Kessel Bridge will cost 12 million euros."},
]
GOLD = [
    {
        "id": "sailors",
        "question": "How many sailors died on the Maid of Orlen?",
        "answers": ["nine"],
        "articles": ["ferry"],
        "kind": "number",
        "as_of": "2021-03-05",
    },
    {
        "id": "cost",
        "question": "How much will repairs to the Kessel Bridge cost?",
        "answers": ["12 million euros"],
        "articles": ["bridge"],
        "kind": "number",
    },
    {"id": "palace", "question": "Who painted the Zanthor Palace?", "answers": [], "kind": "name"},
]


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def gold(tmp_path, monkeypatch):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    # As many as a comparison takes at least.
    monkeypatch.setattr("eval.runs.compare._EXCHANGES", 399)
    ingest([write(tmp_path / "articles.jsonl", ARTICLES)], library=tmp_path / "library")
    return write(tmp_path / "gold.jsonl", GOLD)


def test_gold_about_other_articles_is_measured_with_a_warning(article_qa, gold, tmp_path):
    other = write(tmp_path / "other.jsonl", [{**GOLD[0], "articles": ["elsewhere"]}])
    ran = article_qa("eval", other, "--out", tmp_path / "run.json", "--reader", "sentence")
    assert ran.status == 0
    assert "of the articles that these questions name 0% are here" in ran.err


def test_folder_that_is_not_there_is_told_before_anything_is_asked(article_qa, gold, tmp_path):
    here, none = tmp_path / "run.json", tmp_path / "none"
    for options in (["--out", none / "run.json"], ["--out", here, "--html", none / "run.html"]):
        ran = article_qa("eval", gold, *options)
        assert ran.status == 2
        assert f"{none} is no folder" in ran.err
        assert not here.exists()


def test_file_that_is_no_run_is_told_without_the_words_of_the_program(article_qa, gold):
    ran = article_qa("compare", gold, gold)
    assert ran.status == 2
    assert "is not a run; `article-qa eval --out FILE` writes one" in ran.err
    assert "Error(" not in ran.err


def test_eval_prints_the_headline_and_writes_the_run(article_qa, gold, tmp_path):
    ran = article_qa("eval", gold, "--out", tmp_path / "run.json", "--reader", "sentence")
    assert ran.status == 0
    assert "| exact_match | 1.000 |" in ran.out
    made = load_run(tmp_path / "run.json")
    assert [item.gold.id for item in made.items] == ["sailors", "cost", "palace"]
    assert made.setting.options["reader"] == "sentence"
    assert made.setting.library


@pytest.mark.parametrize(
    ("options", "differing"),
    [(("--sample", 2), "gold"), (("--reader", "span"), "reader")],
)
def test_eval_does_not_write_over_the_result_of_another(
    article_qa, gold, tmp_path, options, differing
):
    out = tmp_path / "run.json"
    article_qa("eval", gold, "--out", out, "--reader", "sentence")
    before = out.read_bytes()
    ran = article_qa("eval", gold, "--out", out, "--reader", "sentence", *options)
    assert ran.status == 2
    assert f"{out} has the result of another evaluation" in ran.err
    assert differing in ran.err
    assert "--out" in ran.err
    assert out.read_bytes() == before


def test_eval_writes_over_its_own_result_after_articles_came(article_qa, gold, tmp_path):
    out = tmp_path / "run.json"
    article_qa("eval", gold, "--out", out)
    before = load_run(out).setting
    ingest(
        [write(tmp_path / "more.jsonl", [ARTICLES[1] | {"id": "x"}])], library=tmp_path / "library"
    )
    assert article_qa("eval", gold, "--out", out, "--threads", 1).status == 0
    assert load_run(out).setting.library != before.library


def test_eval_does_not_write_over_what_is_no_run(article_qa, gold):
    before = gold.read_bytes()
    ran = article_qa("eval", gold, "--out", gold)
    assert ran.status == 2
    assert f"{gold} is there and is no run" in ran.err
    assert gold.read_bytes() == before


def test_eval_writes_every_kind_of_report(article_qa, gold, tmp_path):
    files = [tmp_path / f"r.{suffix}" for suffix in ("html", "md", "xml")]
    options = zip(("--html", "--markdown", "--junit"), files, strict=True)
    article_qa("eval", gold, *(part for option in options for part in option))
    assert all(file.stat().st_size > 200 for file in files)


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (["--where", "kind=number"], ["sailors", "cost"]),
        (["--where", "year=2021"], ["sailors"]),
        (["--where", "answerable=false"], ["palace"]),
        (["--where", "kind=number", "--where", "id=cost"], ["cost"]),
    ],
)
def test_eval_of_some_questions(article_qa, gold, tmp_path, options, ids):
    article_qa("eval", gold, "--out", tmp_path / "run.json", *options)
    assert [item.gold.id for item in load_run(tmp_path / "run.json").items] == ids


def test_sample_is_the_same_for_a_seed(article_qa, gold, tmp_path):
    drawn = []
    for name in ("a.json", "b.json"):
        article_qa("eval", gold, "--out", tmp_path / name, "--sample", 2, "--seed", 7)
        drawn.append([item.gold.id for item in load_run(tmp_path / name).items])
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == 2


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--where", "colour=red"], "colour=red"),
        (["--where", "kind=nothing"], "no question meets"),
        (["--reader", "crystal"], "choose one of: span, sentence"),
        (["--composer", "poet"], "choose one of: extract"),
        (["--judge", "jury"], "choose one of: words"),
    ],
)
def test_wrong_option_is_named(article_qa, gold, options, told):
    ran = article_qa("eval", gold, *options)
    assert (ran.status, told in ran.err) == (2, True)


def test_faulty_gold_is_an_error_with_its_line(article_qa, gold, tmp_path):
    bad = write(tmp_path / "bad.jsonl", [*GOLD, {"id": "x", "question": "?", "answers": "y"}])
    ran = article_qa("eval", bad)
    assert ran.status == 1
    assert "line 4: answers is 'y'" in ran.err


def test_answers_of_another_system_are_scored_without_a_library(article_qa, gold, tmp_path):
    answers = write(
        tmp_path / "theirs.jsonl",
        [
            {"id": "sailors", "answer": "Nine sailors died.", "short": "nine"},
            {"id": "cost", "answer": "It will cost a lot."},
            {"id": "palace", "answer": ""},
        ],
    )
    ran = article_qa("eval", gold, "--answers", answers, "--out", tmp_path / "r")
    assert "| exact_match | 0.500 |" in ran.out
    made = load_run(tmp_path / "r")
    assert (made.setting.system, made.setting.library) == ("answers of theirs.jsonl", "")
    assert made.items[0].scores["quotation_located"] is None


def test_quotations_of_another_system_are_located_in_the_library(article_qa, gold, tmp_path):
    theirs, ours, page = tmp_path / "theirs.json", tmp_path / "ours.json", tmp_path / "r.html"
    said, other = "Nine sailors died.", "Repairs will cost 12 million euros."
    rows = [
        {"id": "sailors", "answer": said, "citations": ["Nine sailors died in the cold sea."]},
        {"id": "cost", "answer": other, "citations": [other]},
        {"id": "palace", "answer": ""},
    ]
    answers = write(tmp_path / "theirs.jsonl", rows)
    library = ("--library", tmp_path / "library")
    article_qa("eval", gold, "--answers", answers, *library, "--out", theirs, "--html", page)
    right, made_up, _ = load_run(theirs).items
    assert right.answer.citations[0].article_id == right.answer.hits[0].passage.article_id
    assert right.answer.citations[0].article_id == "ferry"
    assert (right.scores["quotation_located"], right.scores["citation_recall"]) == (1, 1)
    assert (made_up.scores["quotation_located"], made_up.scores["citation_recall"]) == (0, 0)
    assert made_up.scores["faithfulness"] == 0
    assert "stand nowhere in the library" in page.read_text()
    # Over the same library, they are compared with ours.
    article_qa("eval", gold, *library, "--out", ours)
    assert article_qa("compare", ours, theirs).status == 0


# Compare


@pytest.fixture
def runs(article_qa, tmp_path, monkeypatch):
    """``runs(right, of=…)``: a run of that many right answers to as many questions."""

    def make(name, right, of=60):
        asked = [{"id": f"q{n}", "question": "How many?", "answers": ["nine"]} for n in range(of)]
        gold = write(tmp_path / f"gold{of}.jsonl", asked)
        said = [{"id": f"q{n}", "answer": "nine" if n < right else "ten"} for n in range(of)]
        answers = write(tmp_path / f"{name}.jsonl", said)
        article_qa("eval", gold, "--answers", answers, "--out", tmp_path / f"{name}.json")
        return tmp_path / f"{name}.json"

    return make


def test_significant_loss_fails(article_qa, runs):
    ran = article_qa("compare", runs("base", 50), runs("new", 30), "--fail-if-worse", "f1")
    assert ran.status == 1
    assert "significantly worse: f1" in ran.err
    assert "| f1 | 0.833 | 0.500 | -0.333 |" in ran.out
    assert "| lost (20) | question | accepted | base | new |" in ran.out
    assert "| q30 | How many? | nine | nine | ten |" in ran.out


def test_loss_within_luck_passes(article_qa, runs):
    ran = article_qa("compare", runs("base", 50), runs("new", 49), "--fail-if-worse", "f1")
    assert ran.status == 0
    assert "f1 is worse by 0.017, but not significantly (n = 60)" in ran.err


def test_alpha_is_the_significance_level(article_qa, runs):
    base, new = runs("base", 50), runs("new", 47)
    assert article_qa("compare", base, new, "--fail-if-worse", "f1").status == 0
    strict = article_qa("compare", base, new, "--fail-if-worse", "f1", "--alpha", 0.2)
    assert strict.status == 1


def test_runs_over_other_gold_are_not_comparable(article_qa, runs):
    ran = article_qa("compare", runs("base", 50), runs("new", 30, of=40))
    assert ran.status == 4
    assert "another gold" in ran.err


def test_unknown_measure_is_wrong_usage(article_qa, runs):
    ran = article_qa("compare", runs("base", 50), runs("new", 30), "--fail-if-worse", "charm")
    assert (ran.status, ran.out) == (2, "")
    assert "no measure of both runs is called 'charm'; choose from: abstention, " in ran.err
    assert ", f1, " in ran.err


def test_file_that_is_no_run(article_qa, tmp_path):
    (tmp_path / "x.json").write_text("{}")
    ran = article_qa("compare", tmp_path / "x.json", tmp_path / "x.json")
    assert (ran.status, "not a run" in ran.err) == (2, True)


# Sweep


def test_sweep_cuts_the_library_anew_and_writes_table_and_chart(article_qa, gold, tmp_path):
    out = tmp_path / "sweep"
    options = ("--set", "split.size=200,400", "--set", "retrieve.k=5", "--out", out)
    ran = article_qa("sweep", gold, "--measure", "abstention", *options)
    assert ran.status == 0
    assert "split.size=400 retrieve.k=5" in ran.out
    assert {"sweep.md", "sweep.svg", "sweep.json"} <= {path.name for path in out.iterdir()}


def test_sweep_of_an_unknown_knob_is_wrong_usage(article_qa, gold):
    ran = article_qa("sweep", gold, "--set", "colour=red")
    assert (ran.status, "choose from split.size" in ran.err) == (2, True)


# Feedback


def test_feedback_becomes_gold_that_is_asked(article_qa, gold, tmp_path):
    asked = GOLD[0]["question"]
    ran = article_qa("feedback", asked, "right", "--as-of", "2021-03-05")
    assert (ran.status, "feedback saved: right" in ran.err) == (0, True)
    out = tmp_path / "feedback.jsonl"
    assert "1 question from 1 verdict\n" in article_qa("gold-feedback", "--out", out).err
    assert "| exact_match | 1.000 |" in article_qa("eval", out).out


def test_unknown_verdict_is_wrong_usage(article_qa, gold):
    ran = article_qa("feedback", GOLD[0]["question"], "so so")
    assert (ran.status, "choose one of: right" in ran.err) == (2, True)


def test_feedback_of_which_nothing_comes_is_told_and_nothing_written(article_qa, gold, tmp_path):
    out = tmp_path / "feedback.jsonl"
    ran = article_qa("gold-feedback", "--out", out)
    assert (ran.status, "no feedback is saved in the library" in ran.err) == (1, True)
    ran = article_qa("feedback", GOLD[0]["question"], "wrong")
    assert "becomes gold once --better says what is right" in ran.err
    ran = article_qa("gold-feedback", "--out", out)
    assert (ran.status, "no question comes of 1 verdict: a wrong answer" in ran.err) == (1, True)
    assert not out.exists()


# Drafts


@pytest.mark.parametrize("command", ["gold-draft", "gold-feedback"])
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("none/gold.jsonl", "none is no folder; make it"),
        ("", "is a folder; name a file"),
        ("notes.txt", "is no name for gold questions; name a .jsonl file"),
        ("articles.jsonl", "is there and holds no gold questions; name another"),
        ("gold.jsonl", "has 3 questions that would be lost"),
    ],
)
def test_file_that_is_no_place_for_questions_is_refused(
    article_qa, gold, tmp_path, command, name, words
):
    before = {file: file.read_bytes() for file in tmp_path.glob("*.jsonl")}
    ran = article_qa(command, "--out", tmp_path / name)
    assert (ran.status, ran.out, words in ran.err) == (2, "", True), ran.err
    assert {file: file.read_bytes() for file in tmp_path.glob("*.jsonl")} == before


def test_drafts_are_drafted_again_until_one_is_reviewed(article_qa, gold, tmp_path):
    out = tmp_path / "draft.jsonl"
    ran = article_qa("gold-draft", "--out", out)
    assert "of the 50 asked for: at most two an article" in ran.err
    assert article_qa("gold-draft", "--out", out).status == 0
    out.write_text(out.read_text().replace("false", "true"))
    ran = article_qa("gold-draft", "--out", out)
    assert (ran.status, "that would be lost, reviewed or" in ran.err) == (2, True)


def test_drafts_are_scored_apart(article_qa, gold, tmp_path):
    out = tmp_path / "draft.jsonl"
    article_qa("gold-draft", "--n", 2, "--out", out)
    assert out.read_text().count('"reviewed": false') == out.read_text().count("\n") > 0
    article_qa("eval", out, "--html", tmp_path / "r.html")
    assert "Unreviewed gold" in (tmp_path / "r.html").read_text()


# A chat model that costs


@pytest.fixture
def costly(monkeypatch):
    """A chat model that says the same to every question, for a million tokens of input each."""
    from itertools import repeat

    from langchain_core.language_models import GenericFakeChatModel
    from langchain_core.messages import AIMessage

    from qa.chat import models as chat_models
    from qa.chat.models import ChatModel

    usage = {"input_tokens": 1_000_000, "output_tokens": 0, "total_tokens": 1_000_000}
    said = AIMessage("Nine\nNine sailors died [1].", usage_metadata=usage)

    class Costly(GenericFakeChatModel):
        def _stream(self, *arguments, **more):
            chunks = list(super()._stream(*arguments, **more))
            chunks[-1].message.usage_metadata = usage
            yield from chunks

    model = ChatModel(Costly(messages=repeat(said)), "fake", 1000)
    monkeypatch.setattr(chat_models, "make_chat_model", lambda *names, **options: model)
    monkeypatch.setenv("QA_CHAT", "fake:model")
    monkeypatch.setenv("QA_CHAT_PRICE", "0.5,0")


@pytest.mark.parametrize(("limit", "asked"), [("0", 1), ("0.4", 1), ("0.9", 2), ("1", 2), ("9", 3)])
def test_eval_stops_when_the_answers_have_cost_the_limit(
    article_qa, gold, tmp_path, costly, limit, asked
):
    out = tmp_path / "run.json"
    ran = article_qa("eval", gold, "--out", out, "--limit-cost", limit, "--threads", 1)
    assert ran.status == 0
    made = load_run(out)
    assert len(made.items) == asked
    assert sum(item.answer.usage.cost for item in made.items) == pytest.approx(0.5 * asked)
    assert made.setting.options["chat"] == "fake:model"


def test_eval_asks_the_composer_that_is_named(article_qa, gold, tmp_path, costly):
    out = tmp_path / "run.json"
    article_qa("eval", gold, "--out", out, "--composer", "extract")
    assert [item.answer.usage.cost for item in load_run(out).items] == [0, 0, 0]


def test_composer_that_is_not_set_up_is_an_error_with_the_way_out(article_qa, gold):
    ran = article_qa("eval", gold, "--composer", "chat")
    assert ran.status == 1
    assert "QA_CHAT=provider:model" in ran.err
