"""Imports Gradio without what only its own developers need, which is half of the time."""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["import_gradio"]


def import_gradio() -> Any:
    """The package.

    For each class of a component it would otherwise parse the source, and write a stub for editors
    beside it, where it may.
    """
    with _components_without_source():
        import gradio

        return gradio


@contextmanager
def _components_without_source() -> Iterator[None]:
    original = inspect.getfile

    def getfile(thing: Any) -> str:
        if isinstance(thing, type) and thing.__module__.startswith("gradio."):
            raise OSError(f"the source of {thing.__name__} is not needed")
        return original(thing)

    inspect.getfile = getfile  # type: ignore[assignment]
    try:
        yield
    finally:
        inspect.getfile = original
