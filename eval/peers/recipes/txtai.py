# /// script
# dependencies = [
#   "torch==2.13.0",
#   "transformers==5.23.0",
#   "txtai==9.14.0",
#   "onnx==1.23.2",
# ]
# ///
"""txtai's hybrid index (BM25 and all-MiniLM-L6-v2) with its extractive questions pipeline.

Its own reading model has to be downloaded, so it is fed the weights of our trained reader.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import onnx
import torch
from transformers import AutoTokenizer, BertConfig, BertForQuestionAnswering
from txtai import RAG, Embeddings
from txtai.pipeline import Questions, Segmentation

# Passages of the length that the textbook gives LangChain: one paragraph alone is often a line.
_SIZE = 1000


def ingest(articles: Path, index: Path, models: Path) -> None:
    rows = []
    paragraphs = Segmentation(paragraphs=True)
    for article in map(json.loads, articles.open(encoding="utf-8")):
        passages = [article["title"]]
        for paragraph in paragraphs(article["text"]):
            if len(passages[-1]) + len(paragraph) < _SIZE:
                passages[-1] += f"\n\n{paragraph}"
            else:
                passages.append(paragraph)
        rows += [
            (f"{article['id']}#{number}", {"text": text, "article": article["id"]}, None)
            for number, text in enumerate(passages)
        ]
    embeddings = Embeddings(path=str(models / "all-MiniLM-L6-v2"), hybrid=True, content=True)
    embeddings.index(rows)
    embeddings.save(str(index))


def answerer(index: Path, models: Path) -> Callable[[str, str], dict[str, Any]]:
    embeddings = Embeddings()
    embeddings.load(str(index))
    reader = Questions(str(_bert(models)))
    rag = RAG(embeddings, reader, output="reference")

    def answer(question: str, as_of: str) -> dict[str, Any]:
        found = embeddings.search(
            "select id, text, article, score from txtai where similar(:question)",
            limit=20,
            parameters={"question": question},
        )
        said = rag([{"query": question, "question": question}])[0]
        short = said["answer"] or ""
        cited = [item["text"] for item in found if item["id"] == said["reference"]]
        return {
            "answer": short,
            "confidence": min(1.0, max(0.0, found[0]["score"])) if short else 0.0,
            "citations": cited if short else [],
            "hits": [{"article_id": item["article"], "text": item["text"]} for item in found],
        }

    return answer


def _bert(models: Path) -> Path:
    """Our reader's weights as the transformers library wants them."""
    made = models / "reader-bert"
    if made.exists():
        return made
    weights = {
        tensor.name.removesuffix("/half"): torch.tensor(onnx.numpy_helper.to_array(tensor)).float()
        for tensor in onnx.load(str(models / "reader.onnx")).graph.initializer
    }
    tokenizer = AutoTokenizer.from_pretrained(models / "all-MiniLM-L6-v2", model_max_length=512)
    bert = BertForQuestionAnswering(
        BertConfig(hidden_size=384, num_hidden_layers=6, intermediate_size=1536)
    )
    named = {
        "bert.embeddings.word_embeddings.weight": weights["words"],
        "bert.embeddings.position_embeddings.weight": weights["places"],
        "bert.embeddings.token_type_embeddings.weight": weights["types.w"],
        "bert.embeddings.LayerNorm.weight": weights["norm.w"],
        "bert.embeddings.LayerNorm.bias": weights["norm.b"],
        "qa_outputs.weight": weights["edges.w"].T,
        "qa_outputs.bias": weights["edges.b"],
    }
    linear = {
        "out": "attention.output.dense",
        "up": "intermediate.dense",
        "down": "output.dense",
    }
    norms = {"norm": "attention.output.LayerNorm", "last": "output.LayerNorm"}
    for number in range(6):
        ours, theirs = f"layer{number}", f"bert.encoder.layer.{number}"
        joined = weights[f"{ours}.qkv.w"].T.split(384)
        biases = weights[f"{ours}.qkv.b"].split(384)
        for name, weight, bias in zip(("query", "key", "value"), joined, biases, strict=True):
            named[f"{theirs}.attention.self.{name}.weight"] = weight
            named[f"{theirs}.attention.self.{name}.bias"] = bias
        for our, their in linear.items():
            named[f"{theirs}.{their}.weight"] = weights[f"{ours}.{our}.w"].T
            named[f"{theirs}.{their}.bias"] = weights[f"{ours}.{our}.b"]
        for our, their in norms.items():
            named[f"{theirs}.{their}.weight"] = weights[f"{ours}.{our}.w"]
            named[f"{theirs}.{their}.bias"] = weights[f"{ours}.{our}.b"]
    bert.load_state_dict({name: weight.contiguous() for name, weight in named.items()})
    bert.save_pretrained(made)
    tokenizer.save_pretrained(made)
    return made
