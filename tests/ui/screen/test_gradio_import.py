"""Gradio comes without the work that it does for its developers."""

import subprocess
import sys

_CHILD = """
import inspect
original = inspect.getfile
from ui.screen.gradio_import import import_gradio
gradio = import_gradio()
assert inspect.getfile is original
print(inspect.getfile(gradio.Textbox).rpartition("/")[2], gradio.Textbox(label="a").label)
"""


def test_gradio_is_whole_and_inspection_as_before():
    # Its imports warn of one another's deprecations.
    command = [sys.executable, "-W", "ignore", "-c", _CHILD]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["textbox.py", "a"]
