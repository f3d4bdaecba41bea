"""What questions say of days."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.question.date_window import read_dates
from qa.records.trace import Window

ROOT = Path(__file__).resolve().parents[3]
THURSDAY = date(2024, 6, 13)
DEMO = [
    json.loads(line) for line in (ROOT / "demo" / "dates.jsonl").read_text("utf-8").splitlines()
]


def days(question, as_of=THURSDAY):
    window = read_dates(question, as_of).window
    return window and tuple(day and day.isoformat() for day in (window.since, window.until))


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("Who resigned today?", "2024-06-13", "2024-06-13"),
        ("Who resigned last night?", "2024-06-12", "2024-06-12"),
        ("Who resigned the day before yesterday?", "2024-06-11", "2024-06-11"),
        ("Who resigned this week?", "2024-06-06", "2024-06-13"),
        ("Who resigned last week?", "2024-06-03", "2024-06-09"),
        ("Who resigned on Monday?", "2024-06-10", "2024-06-10"),
        ("Who resigned Thursday?", "2024-06-13", "2024-06-13"),
        ("Who resigned last Thursday?", "2024-06-06", "2024-06-06"),
        ("Who resigned at the weekend?", "2024-06-08", "2024-06-09"),
        ("Who resigned a fortnight ago?", "2024-05-27", "2024-06-02"),
        ("Who resigned two months ago?", "2024-04-01", "2024-04-30"),
        ("Who resigned in the past two years?", "2022-06-13", "2024-06-13"),
        ("Who resigned this year?", "2024-01-01", "2024-06-13"),
        ("Who resigned last quarter?", "2024-01-01", "2024-03-31"),
        ("Who resigned last decade?", "2010-01-01", "2019-12-31"),
        ("Who resigned in May 2017?", "2017-05-01", "2017-05-31"),
        ("Who resigned in July?", "2023-07-01", "2023-07-31"),
        ("Who resigned last June?", "2023-06-01", "2023-06-30"),
        ("Who resigned on 3 June?", "2024-06-03", "2024-06-03"),
        ("Who resigned on June 20th?", "2023-06-20", "2023-06-20"),
        ("Who died on 29 February?", "2024-02-29", "2024-02-29"),
        ("Who resigned on 13/05/2024?", "2024-05-13", "2024-05-13"),
        ("Who resigned on 3.5.2024?", "2024-05-03", "2024-05-03"),
        ("Who resigned in 2019?", "2019-01-01", "2019-12-31"),
        ("Who won the 1998 World Cup?", "1998-01-01", "1998-12-31"),
        ("Who led in the 1990s?", "1990-01-01", "1999-12-31"),
        ("Who led in the early '90s?", "1990-01-01", "1993-12-31"),
        ("Who led in the 18th century?", "1701-01-01", "1800-12-31"),
        ("Who led in the winter of 2023?", "2023-12-01", "2024-02-29"),
        ("Who led last winter?", "2023-12-01", "2024-02-29"),
        ("Who led in H2 2023?", "2023-07-01", "2023-12-31"),
        ("Who led before 12 March?", None, "2024-03-11"),
        ("Who led after 12 March?", "2024-03-13", None),
        ("Who led until 12 March?", None, "2024-03-12"),
        ("Who led after 2019?", "2020-01-01", None),
        ("Who led from 2019 onwards?", "2019-01-01", None),
        ("Who led after the 2023 election?", "2023-01-01", None),
        ("Who led before the election of 2023?", None, "2023-12-31"),
        ("Who has led since the election of 2024?", "2024-01-01", None),
        ("Who led from November to February 2021?", "2020-11-01", "2021-02-28"),
        ("Who led in 2019-2021?", "2019-01-01", "2021-12-31"),
        ("Who led after March 2023 and before June 2023?", "2023-04-01", "2023-05-31"),
        ("Did prices rise in 2019 or in 2021?", "2019-01-01", "2021-12-31"),
        ("Who resigned on Monday, in the first half of 2024?", "2024-06-10", "2024-06-10"),
    ],
)
def test_days_of_a_question(question, since, until):
    assert days(question) == (since, until)


@pytest.mark.parametrize(
    "question",
    [
        "Who resigned?",
        "Who may resign?",
        "Which bridge won the award of Harland TODAY?",
        "Which film led over Thanksgiving weekend?",
        "Did Theresa May resign?",
        "Who led the march on the capital?",
        "How many of the 2000 workers were fired?",
        "Who paid $2000 for it?",
        "What did 2,019 people sign?",
        "What is going on between Harland and Vesk?",
        "Which song is heard for the first time in ten years?",
        "Who will tour later this year?",
        "What will be banned by 2030?",
        "Who will host the 2034 Games?",
        "Who resigned on 03/04/2024?",
        "Who resigned on 31 February 2024?",
        "",
    ],
)
def test_what_names_no_day_or_only_later_ones_narrows_nothing(question):
    assert days(question) is None


@pytest.mark.parametrize(
    ("question", "strict", "only"),
    [
        ("Who led in May 2021?", False, False),
        ("Who led between March and May 2021?", True, False),
        ("Using only articles from May 2021, who led?", True, True),
        ("Which articles published in May 2021 name the leader?", True, True),
        ("Who led, according to reports written since 2021?", True, True),
        ("Who led in May 2021 only?", True, True),
        # A novel is no article.
        ("Which novel was published in 2021?", False, False),
        ("Which articles of the law changed in 2021?", False, False),
    ],
)
def test_what_is_strict_is_said_so(question, strict, only):
    window = read_dates(question, THURSDAY).window
    assert (window.strict, window.only) == (strict, only)


def test_as_of_moves_the_day_and_all_that_is_counted_from_it():
    read = read_dates("What was the rate as of 3 June, and who resigned last week?", THURSDAY)
    assert (read.as_of, read.moved) == (date(2024, 6, 3), True)
    assert read.window.since == date(2024, 5, 27)


def test_window_keeps_the_words_of_the_question():
    window = read_dates("Who has led since the election of 2024, and in May?", THURSDAY).window
    assert window.said == "since the election of 2024, in May"


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("Was sagte der Minister am 3. Juni 2023?", "2023-06-03", "2023-06-03"),
        ("Que s'est-il passé en mai 2017 ?", "2017-05-01", "2017-05-31"),
        ("¿Quién ganó el 5 de mayo de 2021?", "2021-05-05", "2021-05-05"),
    ],
)
def test_days_written_out_in_other_languages(question, since, until):
    assert days(question) == (since, until)


@pytest.mark.parametrize("row", DEMO, ids=lambda row: row["id"])
def test_questions_of_the_demo_are_read_exactly(row):
    read = read_dates(row["question"], date.fromisoformat(row["as_of"]))
    wanted = row["window"] or {}
    ends = (wanted.get(name) and date.fromisoformat(wanted[name]) for name in ("since", "until"))
    expected = Window(*ends, strict=wanted["strict"]) if wanted else None
    found = read.window
    assert (found and Window(found.since, found.until, found.strict)) == expected
    assert (read.as_of.isoformat() if read.moved else None) == row.get("moved_to")


def test_there_are_enough_questions_of_the_demo():
    assert len({row["question"] for row in DEMO}) >= 60


WORDS = """
    the of in on since before after between and from to until by as of last this past two few 3 31
    29 99 2024 1990s '90s 0000 9999 10000 13/13/2023 2024-02-30 30.2.2024 day days week weekend
    month months quarter half year years decade century ago early mid- late first Q3 winter spring
    Monday yesterday today February March may May im Mai de articles published only election – on
""".split()  # noqa: SIM905  - a paragraph reads better
said = st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=14).map(" ".join)


@given(said | st.text(), st.dates())
def test_any_question_is_read_and_no_window_ends_before_it_begins(question, as_of):
    window = read_dates(question, as_of).window
    if window is not None:
        assert window.said
        assert window.since or window.until
        assert (window.since or date.min) <= (window.until or date.max)


def test_english_needs_no_library_of_dates():
    code = (
        "import sys; from datetime import date; from qa.question.date_window import read_dates;"
        "read_dates('Who resigned on 3 June 2024, between May and July?', date(2024, 7, 1));"
        "print('dateparser' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
