"""Articles set in the layouts of newspapers come back as they were."""

import pytest

from eval.benchmarks.pdf_layouts import LAYOUTS, demo_texts, measure

pytest.importorskip("reportlab")


def test_there_are_seventeen_texts():
    assert len(demo_texts()) == 17


@pytest.mark.parametrize("layout", LAYOUTS)
def test_paragraphs_come_back_from_every_layout(layout):
    results = [measure(article, LAYOUTS[layout]) for article in demo_texts()[:5]]
    assert sum(each.intact for each in results) >= 0.95 * sum(each.paragraphs for each in results)
    assert not any(each.head_left for each in results)
