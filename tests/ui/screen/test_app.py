"""The screen as it is made, without a browser."""

import json

from ui.screen.app import FIRST_COMPONENTS, QUEUE_PAUSE
from ui.screen.bundle import make_bundles

# Gradio makes event loops that it does not close: in a process of its own.
TOLD = """
import json
from ui.evaluations import Evaluations
from ui.screen.gradio_import import import_gradio
from ui.service import open_service
import_gradio()
from ui.screen.app import make_app
with open_service(FOLDER) as service:
    screen = make_app(service, Evaluations(service))
    queue = screen._queue
    print(json.dumps({
        "pauses": [queue.sleep_when_free, queue.progress_update_sleep_when_free],
        "shown": sorted({each["type"] for each in screen.config["components"]
                         if each["props"].get("visible") is True}),
    }))
"""


def test_screen_sleeps_when_idle_and_loads_what_is_shown(python, make_library, ferry):
    folder = make_library(ferry).library.folder
    process = python(TOLD.replace("FOLDER", repr(str(folder))))
    out, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    told = json.loads(out)
    assert told["pauses"] == [QUEUE_PAUSE, 1.0]
    assert QUEUE_PAUSE >= 0.05
    assert "textbox" in told["shown"]
    assert {*told["shown"]} & {"dropdown", "slider", "file", "plot"} == set()


def test_page_is_told_of_every_stylesheet_and_module():
    types = {*FIRST_COMPONENTS, "dropdown", "file", "slider", "row"}
    bundle = make_bundles(types, FIRST_COMPONENTS)["en"]
    (style, sheet), (script, code) = bundle.files.items()
    assert bundle.head.count(b" disabled href=") > 15
    assert bundle.head.count(b"modulepreload") > 20
    assert f"bundle/{style}".encode() in bundle.head
    assert f"bundle/{script}".encode() in bundle.head
    assert (sheet[0], code[0]) == ("text/css", "text/javascript")
    assert b"#panels" in sheet[1]
    assert b"articleQA" in code[1]
