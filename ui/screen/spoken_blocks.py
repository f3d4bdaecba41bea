"""Gradio's app, whose functions speak the language of whoever called them."""

from typing import Any

import gradio as gr

from ui.locales.wording import language_of, speaking

__all__ = ["SpokenBlocks"]


class SpokenBlocks(gr.Blocks):
    """Gradio runs a function by this, each step of a generator too, in a task of its own that
    knows nothing of the request.
    """

    async def call_function(
        self, block_fn: Any, processed_input: Any, iterator: Any = None, requests: Any = None,
        *rest: Any, **more: Any,
    ) -> Any:  # fmt: skip
        """As Gradio has it."""
        request = requests[0] if isinstance(requests, list) else requests
        headers = dict(request.headers) if request is not None else {}
        with speaking(language_of(headers)):
            return await super().call_function(
                block_fn, processed_input, iterator, requests, *rest, **more
            )
