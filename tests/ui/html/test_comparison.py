"""Two runs side by side."""

from dataclasses import replace

from eval.runs.compare import Change, Comparison, Turned
from tests.ui.reading import read
from ui.html.comparison import comparison_html


def change(low, high, difference=0.1):
    return Change("f1", 0.5, 0.6, difference, low, high, 0.02, 0.9, 40)


def test_measure_has_both_values_their_difference_and_how_sure_it_is():
    said = read(comparison_html(Comparison((change(0.05, 0.15),), (), ()))).said
    assert "f10.5000.600+0.100 +0.050 to +0.1500.02040" in said
    assert "No question was gained." in said


def test_interval_that_holds_zero_is_drawn_as_luck():
    kinds = [
        read(comparison_html(Comparison((each,), (), ()))).opened
        for each in (
            change(0.05, 0.15),
            change(-0.2, -0.1, -0.15),
            change(-0.1, 0.1),
            replace(change(0.05, 0.15), lower_is_better=True),
        )
    ]
    drawn = [[held["class"] for tag, held in opened if tag == "svg"] for opened in kinds]
    assert drawn == [["better"], ["worse"], ["luck"], ["worse"]]


def test_runs_that_are_the_same_are_drawn_too():
    assert "<svg" in comparison_html(Comparison((change(0.0, 0.0, 0.0),), (), ()))


def test_questions_that_turned_show_both_answers_as_text():
    attack = "<img src=x onerror=alert(1)>"
    turned = Turned("q1", f"Who {attack}?", ("Ada",), "", attack)
    reader = read(comparison_html(Comparison((), (turned,), ())))
    assert f"Who {attack}?Adanone{attack}" in reader.said
    assert "img" not in {tag for tag, _ in reader.opened}
