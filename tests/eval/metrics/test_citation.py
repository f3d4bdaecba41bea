"""ALCE's citation recall and precision, with judges that are known."""

from dataclasses import replace

import pytest

from eval.metrics.citation import all_cited, citation_precision, citation_recall, faithfulness
from eval.metrics.judges import WordsJudge
from qa.records.answer import Statement
from qa.records.article import Citation, Copy


class SetJudge:
    """Supports a statement if the quotations together hold all of its words."""

    name = "sets"

    def supports(self, statement, quotes):
        return bool(quotes) and set(statement.split()) <= set(" ".join(quotes).split())


def cited(text, *quotes):
    return Statement(text, tuple(Citation("ferry", 0, len(quote), quote) for quote in quotes))


@pytest.fixture
def stating(make_answer):
    return lambda *statements: replace(make_answer(), statements=statements)


def test_statements_that_are_quoted_are_perfect(make_answer, judge):
    answer = make_answer()
    assert citation_recall(answer, judge) == citation_precision(answer, judge) == 1.0


def test_statement_without_citation_lowers_recall(stating):
    answer = stating(cited("a b", "a b"), cited("c"))
    assert citation_recall(answer, SetJudge()) == 0.5
    assert citation_precision(answer, SetJudge()) == 1.0


def test_what_the_record_says_is_not_judged_by_quotations(stating):
    record = Statement("3 articles mention pears.", (), "recorded")
    assert citation_recall(stating(record), SetJudge()) is None
    assert faithfulness(stating(record), SetJudge()) is None
    assert citation_recall(stating(record, cited("a", "a")), SetJudge()) == 1.0


def test_citations_that_support_only_together_are_all_needed(stating):
    answer = stating(cited("a b", "a", "b"))
    assert citation_recall(answer, SetJudge()) == citation_precision(answer, SetJudge()) == 1.0


def test_citation_that_adds_nothing_lowers_precision(stating):
    answer = stating(cited("a b", "a b", "z"))
    assert citation_recall(answer, SetJudge()) == 1.0
    assert citation_precision(answer, SetJudge()) == 0.5


def test_citations_of_an_unsupported_statement_are_imprecise(stating):
    answer = stating(cited("a b", "z"))
    assert citation_recall(answer, SetJudge()) == citation_precision(answer, SetJudge()) == 0.0


def test_precision_is_over_citations_and_recall_over_statements(stating):
    # Micro and macro would be confused if both were taken over one of them.
    answer = stating(cited("a", "a", "z", "y"), cited("b", "b"))
    assert citation_recall(answer, SetJudge()) == 1.0
    assert citation_precision(answer, SetJudge()) == 0.5


def test_nothing_stated_is_not_applicable(make_answer, judge):
    silent = make_answer(short="", text="")
    assert citation_recall(silent, judge) is None
    assert citation_precision(silent, judge) is None
    assert faithfulness(silent, judge) is None


def test_statement_that_another_passage_supports_is_faithful(stating, judge):
    answer = stating(Statement("Repairs will cost 12 million euros."))
    assert faithfulness(answer, judge) == 1.0
    assert citation_recall(answer, judge) == 0.0


# Judges


@pytest.mark.parametrize(
    ("statement", "quotes", "supported"),
    [
        ("Nine sailors died.", ["Nine sailors died."], True),
        ("9 sailors died.", ["In the storm nine sailors died."], True),
        ("Ten sailors died.", ["Nine sailors died."], False),
        ("Nine sailors did not die.", ["Nine sailors died."], False),
        ("Tomas Reke sailed the ferry.", ["Ilse Brandvold sailed the ferry."], False),
        ("It sank on 4 March 2021.", ["It sank on 3 March 2021."], False),
        ("It sank in March 2021.", ["It sank on 3 March 2021."], True),
        ("The harbour was closed for weeks by ice.", ["Nine sailors died."], False),
        ("Nine sailors died.", [], False),
    ],
)
def test_words_judge(statement, quotes, supported):
    assert WordsJudge().supports(statement, quotes) is supported


def test_every_article_of_the_gold_or_a_copy_of_it_is_cited(make_gold, make_answer):
    answer = make_answer()
    assert all_cited(make_gold(kind="multi", articles=("ferry",)), answer) == 1
    both = make_gold(kind="multi", articles=("ferry", "copied"))
    assert all_cited(both, answer) == 0
    first, *rest = answer.hits
    carried = replace(first, copies=(Copy("copied"),))
    assert all_cited(both, replace(answer, hits=(carried, *rest))) == 1
    assert all_cited(make_gold(kind="number"), answer) is None
