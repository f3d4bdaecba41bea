"""Keeps the libraries from reporting to their makers. They read these variables when imported."""

import os

__all__ = ["disable_telemetry"]

_SWITCHES = {
    # Reports ten seconds after its import and keeps a store in the user's cache folder. Nothing
    # but this variable prevents it: `disable_telemetry_events()` comes too late.
    "ORT_DISABLE_TELEMETRY": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}


def disable_telemetry() -> None:
    """Turn it off in this process and its children; call it before importing such a library.

    Tracing that the user asks for, as with ``LANGSMITH_TRACING``, stays as it is: off by default.
    """
    os.environ.update(_SWITCHES)
