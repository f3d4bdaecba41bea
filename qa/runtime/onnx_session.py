"""Networks in ONNX Runtime. The only module that imports it."""

from pathlib import Path
from typing import Any

from qa.runtime.telemetry import disable_telemetry

__all__ = ["open_session"]


def open_session(model: Path | bytes, *, threads: int, is_fused: bool = False) -> Any:
    """An ``InferenceSession`` on the processor, safe to share between threads of Python.

    ``model`` is a file or what stands in one; ``threads`` is how many compute one operation; of a
    graph that ``is_fused`` no nodes are looked for to fuse, which takes as long as loading it.
    Raises whatever ONNX Runtime raises.
    """
    disable_telemetry()
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    if is_fused:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    # A thread that waits for work leaves the processor to the other session runs and to Python.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    source = model if isinstance(model, bytes) else str(model)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
