"""Pipelines as an evaluation asks them: with other parts than those that are set."""

from typing import Any

from eval.runs.run import Ask
from qa.build import COMPOSERS, READERS, make_composer
from qa.pipeline import Pipeline

__all__ = ["ask_function", "with_parts"]


def with_parts(
    pipeline: Pipeline,
    *,
    reader: str | None = None,
    composer: str | None = None,
    hits: int | None = None,
) -> Pipeline:
    """A pipeline over the same library with another reader or composer, as ``READERS`` and
    ``COMPOSERS`` name them, or another number of hits that are read (None: as it is).

    Its ``parts.names`` tell what is in it. The given pipeline is unchanged; closing that one closes
    the library of both. Raises ValueError for an unknown name, ConfigError for a part that is not
    set up.
    """
    changes: dict[str, Any] = {}
    names = dict(pipeline.parts.names)
    if reader is not None:
        if reader not in READERS:
            raise ValueError(f"unknown reader {reader!r}; choose one of: {', '.join(READERS)}")
        changes["reader"], names["reader"] = READERS[reader](), reader
    if composer is not None:
        if composer not in COMPOSERS:
            raise ValueError(
                f"unknown composer {composer!r}; choose one of: {', '.join(COMPOSERS)}"
            )
        changes["composer"] = make_composer(composer, pipeline.library.location)
        names["composer"] = composer
    if hits is not None:
        changes["hits"], names["hits"] = hits, str(hits)
    return pipeline.with_parts(**changes, names=names)


def ask_function(pipeline: Pipeline) -> Ask:
    """What ``run`` asks: each question on its own, on the day that the gold gives."""
    return lambda gold: pipeline.ask(gold.question, as_of=gold.as_of)
