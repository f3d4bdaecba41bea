"""Gold questions from every kind of file, and what is wrong with a bad one."""

import gzip
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.gold.questions import Gold, GoldError, articles_of, fingerprint, load_gold

ROW = {"id": "q1", "question": "Who left?", "answers": ["Reke", "Tomas Reke"]}
FULL = {**ROW, "articles": ["a"], "as_of": "2024-06-13", "kind": "entity", "reviewed": False}
SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "Ferry",
            "paragraphs": [
                {
                    "context": "Nine sailors died.",
                    "qas": [
                        {
                            "id": "s1",
                            "question": "How many died?",
                            "answers": [
                                {"text": "Nine", "answer_start": 0},
                                {"text": "Nine", "answer_start": 0},
                            ],
                        },
                        {"id": "s2", "question": "Who?", "answers": [], "is_impossible": True},
                    ],
                }
            ],
        }
    ],
}
NEWS = {
    "id": "n1",
    "question": "Which city?",
    "answer": "Oslo",
    "aliases": ["Oslo", "Oslo, Norway"],
    "question_date": "2024-06-13",
    "kind": "entity",
    "answerable": True,
    "gold_articles": ["rt1"],
}


def write(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_line_of_ours(tmp_path):
    (gold,) = load_gold(write(tmp_path / "g.jsonl", FULL))
    assert gold == Gold(
        "q1", "Who left?", ("Reke", "Tomas Reke"), ("a",), date(2024, 6, 13), "entity", False
    )


def test_what_is_left_out_has_its_default(tmp_path):
    (gold,) = load_gold(write(tmp_path / "g.jsonl", ROW))
    assert (gold.articles, gold.as_of, gold.kind, gold.reviewed) == ((), None, "", True)


def test_no_answers_means_abstain(tmp_path):
    (gold,) = load_gold(write(tmp_path / "g.jsonl", {**ROW, "answers": []}))
    assert not gold.answerable


def test_blank_lines_and_compression(tmp_path):
    path = tmp_path / "g.jsonl.gz"
    path.write_bytes(gzip.compress(f"\n{json.dumps(ROW)}\n\n".encode()))
    assert [gold.id for gold in load_gold(path)] == ["q1"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"id": "q2", "question": "Who?"}, "answers is missing"),
        ({**ROW, "id": 5}, "id is 5"),
        ({**ROW, "id": "q2", "question": " "}, "question is ' '"),
        ({**ROW, "id": "q2", "answers": "Reke"}, "answers is 'Reke'"),
        ({**ROW, "id": "q2", "answers": [""]}, "answers is ['']"),
        ({**ROW, "id": "q2", "as_of": "June"}, "as_of is 'June'"),
        ({**ROW, "id": "q2", "articles": [3]}, "articles is [3]"),
        ({**ROW, "id": "q2", "reviewed": "no"}, "reviewed is 'no'"),
        (["q2"], "expected an object"),
    ],
)
def test_fault_names_line_and_field(tmp_path, row, told):
    with pytest.raises(GoldError) as fault:
        load_gold(write(tmp_path / "g.jsonl", ROW, row))
    assert "g.jsonl, line 2: " in str(fault.value)
    assert told in str(fault.value)


def test_what_is_not_json_names_the_line(tmp_path):
    path = tmp_path / "g.jsonl"
    path.write_text(json.dumps(ROW) + "\n{")
    with pytest.raises(GoldError, match="line 2: not JSON"):
        load_gold(path)


@pytest.mark.parametrize("name", ["g.jsonl", "g.json"])
def test_json_nested_too_deep_is_said_to_be(tmp_path, name):
    (tmp_path / name).write_text("[" * 100_000)
    with pytest.raises(GoldError, match="nested too deep"):
        load_gold(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "told"), [("none.jsonl", "cannot be read"), ("x.csv", "gold is"), (".", "neither")]
)
def test_path_that_is_no_gold(tmp_path, name, told):
    (tmp_path / "x.csv").touch()
    with pytest.raises(GoldError, match=told):
        load_gold(tmp_path / name)


@pytest.mark.parametrize(
    ("row", "answers"),
    [
        ({"answer": "Reke"}, ("Reke",)),
        ({"ground_truth": "Reke"}, ("Reke",)),
        ({"reference": ["Reke", "Ms Reke"]}, ("Reke", "Ms Reke")),
        ({"answer": ""}, ()),
    ],
)
def test_rows_of_others_need_no_id_and_may_have_one_answer(tmp_path, row, answers):
    path = write(tmp_path / "g.jsonl", {"question": "Who leads it?", **row})
    (first,), (second,) = load_gold(path), load_gold(path)
    assert (first.answers, first.id) == (answers, second.id)


def test_byte_order_mark_is_no_fault(tmp_path):
    path = tmp_path / "g.jsonl"
    path.write_text(json.dumps(ROW), encoding="utf-8-sig")
    assert len(load_gold(path)) == 1


def test_id_that_stands_twice_is_a_fault(tmp_path):
    with pytest.raises(GoldError, match="'q1' stands twice"):
        load_gold(write(tmp_path / "g.jsonl", ROW, ROW))


def test_empty_file_is_a_fault(tmp_path):
    with pytest.raises(GoldError, match="no question"):
        load_gold(write(tmp_path / "g.jsonl"))


def test_squad_with_its_contexts_as_articles(tmp_path):
    path = tmp_path / "dev.json"
    path.write_text(json.dumps(SQUAD))
    answered, impossible = load_gold(path)
    (article,) = articles_of(path)
    assert (answered.answers, answered.articles) == (("Nine",), (article.id,))
    assert not impossible.answerable
    assert article.text == "Nine sailors died."


def test_other_json_is_a_fault(tmp_path):
    (tmp_path / "x.json").write_text("[]")
    with pytest.raises(GoldError, match="not SQuAD"):
        load_gold(tmp_path / "x.json")


def test_news_folder(tmp_path):
    write(tmp_path / "questions.jsonl", NEWS, {**NEWS, "id": "n2", "answerable": False})
    answerable, unanswerable = load_gold(tmp_path)
    assert answerable == Gold(
        "n1", "Which city?", ("Oslo", "Oslo, Norway"), ("rt1",), date(2024, 6, 13), "entity"
    )
    assert not unanswerable.answerable


def test_beir_folder(tmp_path):
    write(tmp_path / "queries.jsonl", {"_id": "1", "text": "rain"}, {"_id": "2", "text": "x"})
    write(tmp_path / "corpus.jsonl", {"_id": "d", "title": "Rain", "text": "It fell."})
    (tmp_path / "qrels").mkdir()
    judged = "query-id\tcorpus-id\tscore\n1\td\t2\n1\te\t0\n"
    (tmp_path / "qrels" / "test.tsv").write_text(judged)
    (gold,) = load_gold(tmp_path)
    assert (gold.question, gold.answers, gold.articles, gold.answerable) == (
        "rain",
        (),
        ("d",),
        True,
    )
    assert [article.id for article in articles_of(tmp_path)] == ["d"]


def test_demo_gold_is_valid():
    gold = load_gold(Path(__file__).parents[3] / "demo" / "gold.jsonl")
    assert len(gold) == 60
    assert sum(not item.answerable for item in gold) == 12


@given(st.lists(st.builds(Gold, st.text(), st.text(), st.lists(st.text()).map(tuple)), min_size=1))
def test_fingerprint_follows_every_change(gold):
    changed = [*gold[:-1], Gold(gold[-1].id, gold[-1].question + "!", gold[-1].answers)]
    assert fingerprint(gold) == fingerprint(list(gold))
    assert fingerprint(gold) != fingerprint(changed)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[1]", "is not SQuAD's JSON: expected an object with a list named data"),
        ('{"data": [5]}', "is not SQuAD's JSON: expected an object with a list named data"),
        ('{"data": [{}]}', "is not SQuAD's JSON: 'paragraphs' is missing"),
        ("nonsense", "is not JSON: "),
    ],
)
def test_file_that_is_not_squads_is_told_in_words(tmp_path, content, told):
    path = tmp_path / "gold.json"
    path.write_text(content)
    with pytest.raises(GoldError) as caught:
        load_gold(path)
    assert f"{path} {told}" in str(caught.value)
    assert "TypeError" not in str(caught.value)
