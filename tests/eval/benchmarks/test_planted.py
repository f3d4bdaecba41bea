"""Planted errors and paraphrases: made by rules, from sentences, the same every time."""

from datetime import date
from random import Random

import pytest

from eval.benchmarks.planted.__main__ import main, trials
from eval.benchmarks.planted.errors import ERRORS
from eval.benchmarks.planted.paraphrases import PARAPHRASES
from eval.benchmarks.planted.source import Source, sources
from ingest.split import split
from qa.records.article import Article
from qa.verify.prove import prove

TEXT = (
    "The ferry Maid of Orlen, which was old, sank off Cape Tarrow on 3 March 2021. On Tuesday, "
    "nine sailors were not found and 41 passengers were rescued by the crew of the Petrel. "
    "The captain, Ilse Brandvold, had reported a broken pump 12 miles from Kessel, the owner said. "
    "She was questioned for five hours by Tomas Reke of the coast guard in Kessel. "
    "Later he mended the lamp and praised the weather before the others had landed."
)
ARTICLE = Article.create(
    "\n\n".join([TEXT, TEXT.replace("ferry", "boat"), "Keepers waited for boats at Linden."] * 3),
    id="ferry", source="Gazette", published=date(2021, 3, 12),
)  # fmt: skip
OTHER = Article.create("The council of Brackmoor met and spoke of rain for a long while.", id="o")
FOUND = [*sources(ARTICLE, split(ARTICLE), split(OTHER)[0])]


def test_sources_are_whole_plain_sentences():
    assert len(FOUND) > 6
    assert all(source.text in " ".join(source.passage.text.split()) for source in FOUND)


@pytest.mark.parametrize("kind", [kind for kind in ERRORS if kind != "other article cited"])
def test_error_changes_what_is_said_or_cited(kind):
    made = [made for source in FOUND if (made := ERRORS[kind](source, Random(3)))]
    assert made
    for statement in made:
        quotes = [" ".join(each.quote.split()) for each in statement.citations]
        assert statement.text not in quotes
        assert statement.support == "unsupported"


@pytest.mark.parametrize("kind", ["as written", "aside dropped", "outlet named", "date moved"])
def test_paraphrase_is_made_and_proved(kind):
    made = [made for source in FOUND if (made := PARAPHRASES[kind](source, Random(3)))]
    assert made
    for statement in made:
        (proved,) = prove((statement,), {"ferry": ARTICLE}.__getitem__, keep=True).statements
        assert proved.support != "unsupported", statement.text


def test_trials_are_the_same_every_time_and_of_one_half():
    articles = [ARTICLE, OTHER]
    assert trials(articles, ERRORS, "tune", 3) == trials(articles, ERRORS, "tune", 3)
    cited = {
        citation.article_id
        for made in trials(articles, PARAPHRASES, "report", 3).values()
        for statement in made
        for citation in statement.citations
    }
    assert cited == {"o"}


def test_command_prints_a_table_for_errors_and_one_for_truths(tmp_path, capsys):
    (tmp_path / "a.txt").write_text(ARTICLE.text, encoding="utf-8")
    written = tmp_path / "written.jsonl"
    written.write_text(
        '{"articles": ["a.txt"], "statement": "Ten sailors were not found.", "supported": false}\n'
    )
    main([str(tmp_path / "a.txt"), "--half", "tune", "--each", "2", "--written", str(written)])
    out = capsys.readouterr().out
    assert "| planted errors | n | detected |" in out
    assert "| true statements | n | false alarm |" in out
    assert "| false | 1 | 1.000" in out


def test_source_without_a_stranger_cites_no_other_article():
    source = Source(ARTICLE, tuple(split(ARTICLE)), 0, FOUND[0].text, "")
    assert ERRORS["other article cited"](source, Random(3)) is None
