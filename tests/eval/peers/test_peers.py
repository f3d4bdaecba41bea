"""Other systems, measured in their own environments. Small recipes stand in for them."""

import json

import pytest

from eval.gold.questions import load_gold
from eval.peers.__main__ import main
from eval.peers.environment import NotInstalled, needs, python_of
from eval.peers.measure import RECIPES, Cost, measure
from eval.peers.table import peers_markdown
from eval.runs.run import load_run

RECIPE = """
import json

def ingest(articles, index, models):
    index.mkdir(parents=True)
    (index / "all").write_text(articles.read_text("utf-8"), "utf-8")

def answerer(index, models):
    rows = [json.loads(line) for line in (index / "all").open(encoding="utf-8")]
    (row,) = [row for row in rows if "ferry" in row["text"]]
    hits = [{"article_id": row["id"], "text": row["text"]}]
    return lambda question, as_of: {"answer": "nine sailors", "hits": hits}
"""
NEEDY = '# /// script\n# dependencies = [\n#   "no such package",\n# ]\n# ///\n'


@pytest.fixture
def news(tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    articles = [
        {"id": "a", "title": "Ferry", "text": "The ferry sank. Nine sailors died.", "url": ""},
        {"id": "b", "title": "Rain", "text": "It rained in the hills.", "url": ""},
    ]
    questions = [
        {"id": "1", "question": "Who died?", "answer": "nine sailors", "gold_articles": ["a"]},
        {"id": "2", "question": "Who won?", "answer": "nobody", "answerable": False},
    ]
    for name, rows in (("articles", articles), ("questions", questions)):
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text, "utf-8")
    return folder


@pytest.fixture
def recipes(tmp_path, monkeypatch):
    """The recipes replaced by one of the test's."""

    def replace(**texts):
        for name in list(RECIPES):
            monkeypatch.delitem(RECIPES, name)
        for name, text in texts.items():
            path = tmp_path / f"{name}.py"
            path.write_text(text, "utf-8")
            monkeypatch.setitem(RECIPES, name, path)

    monkeypatch.setattr("eval.peers.__main__.weights", lambda cache: cache)
    return replace


def run(news, tmp_path, *more):
    main([str(news), "--out", str(tmp_path / "out"), "--cache", str(tmp_path / "cache"), *more])
    return tmp_path / "out"


def test_every_shipped_recipe_says_what_it_needs_with_exact_versions():
    for name, recipe in RECIPES.items():
        packages = needs(recipe)
        assert all("==" in package for package in packages)
        assert bool(packages) == (name != "article-qa")


def test_peer_is_measured_and_scored_like_ours(news, tmp_path, recipes, capsys):
    recipes(ours=RECIPE, theirs=RECIPE)
    out = run(news, tmp_path, "--rounds", "2")
    table = capsys.readouterr().out
    assert "| exact match of `short` | 1.000" in table
    assert "| ours | theirs |" in table
    items = load_run(out / "theirs.json").items
    assert [item.scores["passage:Success@1"] for item in items] == [1.0, None]
    assert [item.gold for item in items] == load_gold(news)


def test_peer_that_cannot_be_installed_is_reported_and_the_others_go_on(
    news, tmp_path, recipes, capsys
):
    recipes(ours=RECIPE, needy=NEEDY + RECIPE)
    run(news, tmp_path, "--rounds", "1")
    told = capsys.readouterr()
    assert "needy is missing: -m pip install failed" in told.out
    assert "exact match" in told.out


def test_peer_that_fails_is_reported_with_its_last_words(news, tmp_path, recipes, capsys):
    recipes(ours=RECIPE, broken=RECIPE.replace("rows = [", "1 / 0; rows = ["))
    run(news, tmp_path, "--rounds", "1")
    assert "broken is missing: ask failed: ZeroDivisionError" in capsys.readouterr().out


def test_step_that_is_done_is_not_repeated(news, tmp_path, recipes):
    recipes(ours=RECIPE)
    out = run(news, tmp_path, "--rounds", "1")
    (RECIPES["ours"]).write_text("1 / 0", "utf-8")
    before = (out / "ours-1" / "cost.json").read_text("utf-8")
    run(news, tmp_path, "--rounds", "1")
    assert (out / "ours-1" / "cost.json").read_text("utf-8") == before


def test_question_that_got_no_line_is_not_dropped_but_an_error(news, tmp_path, recipes):
    recipes(ours=RECIPE)
    out = run(news, tmp_path, "--rounds", "1")
    lines = (out / "ours-1" / "answers.jsonl").read_text("utf-8").splitlines()
    (out / "ours-1" / "answers.jsonl").write_text(lines[0] + "\n", "utf-8")
    with pytest.raises(Exception, match="has no answer to '2'"):
        run(news, tmp_path, "--rounds", "1")


def test_environment_names_what_pip_could_not_do(tmp_path):
    recipe = tmp_path / "needy.py"
    recipe.write_text(NEEDY, "utf-8")
    with pytest.raises(NotInstalled, match="no such package"):
        python_of(recipe, tmp_path)


def test_costs_are_measured_not_assumed(news, tmp_path):
    recipe = tmp_path / "slow.py"
    text = RECIPE.replace("index.mkdir", "import time; time.sleep(0.5); index.mkdir")
    recipe.write_text(text, "utf-8")
    questions = tmp_path / "q.jsonl"
    questions.write_text('{"id": "1", "question": "Who?", "as_of": ""}\n', "utf-8")
    cost = measure(
        python_of(recipe, tmp_path),
        recipe,
        news / "articles.jsonl",
        questions,
        tmp_path,
        tmp_path / "work",
    )
    assert cost.seconds > 0.5
    assert cost.index == pytest.approx((news / "articles.jsonl").stat().st_size / 1e6)
    assert len(cost.milliseconds) == 1


def test_ratios_are_taken_within_a_round():
    def cost(seconds):
        return Cost(seconds, 100, 100, 1, (1.0,))

    costs = {"ours": [cost(10), cost(20)], "theirs": [cost(20), cost(60)]}
    runs = {name: load_run_of_nothing() for name in costs}
    table = peers_markdown(runs, costs, {})
    assert "| ingest | 15 s | 40 s (x 2.5, 2 to 3) |" in table


def load_run_of_nothing():
    from eval.runs.run import Run, Setting

    return Run(Setting("gold", "", "words", "nobody"), ())
