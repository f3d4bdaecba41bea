"""The embedded index under a writing and a searching process at the same time."""

import os
import subprocess
import sys
from pathlib import Path

from qa.index.embedders import HashingEmbedder
from qa.index.vector_index import ChromaIndex

ROOT = Path(__file__).parents[3]
COMMON = """
import sys
from pathlib import Path
import numpy as np
from qa.index.embedders import HashingEmbedder
from qa.index.vector_index import ChromaIndex
from qa.records.question import Scope
from qa.protocols import VectorEntry
folder = Path(sys.argv[1])
index = ChromaIndex(folder, HashingEmbedder(64))
def vectors(first, count):
    rows = np.random.default_rng(first).standard_normal((count, 64)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)
"""
WRITER = """
for first in range(0, 3000, 50):
    entries = [VectorEntry(first + n, "a", 1, 0, 0, "") for n in range(50)]
    index.upsert(entries, vectors(first, 50))
(folder / "done").touch()
"""
SEARCHER = """
generation = 0
while not (folder / "done").exists():
    generation += 1
    index._chroma._open_took = 0  # opened anew for every search, which is the worst for the writer
    index.refresh(generation)
    index.search(vectors(0, 1)[0], 10, Scope())
    index.count()
print(generation)
"""


def test_searching_processes_cost_a_writing_one_no_vector(tmp_path):
    run = [
        subprocess.Popen(
            [sys.executable, "-c", COMMON + script, str(tmp_path)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for script in (WRITER, SEARCHER, SEARCHER)
    ]
    searched = [process.communicate()[0] for process in run][1:]
    assert [process.returncode for process in run] == [0, 0, 0]
    assert min(map(int, searched)) > 10
    index = ChromaIndex(tmp_path, HashingEmbedder(64))
    assert index.count() == 3000
    # Approximate search itself may miss one in some thousands.
    assert len(index.unreachable(range(3000))) <= 3
    index.close()
