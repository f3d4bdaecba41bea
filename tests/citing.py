"""Answers as they were given when an article still read so."""

from qa.records.answer import Answer, Hit, Statement


def answer_citing(article, quote):
    """One statement that quotes these words of it."""
    passage = article.passage(0, len(article.text))
    start = article.text.index(quote)
    cited = passage.cite(start, start + len(quote))
    return Answer(
        question="When?",
        short="",
        statements=(Statement(quote, (cited,), "verified"),),
        hits=(Hit(passage, 1.0),),
        confidence=0.5,
        abstained=False,
    )
