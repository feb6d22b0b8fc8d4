"""Which matrices around a recurrent module are its ``nn.Embedding`` and its ``nn.Linear``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rnnviz.trace.errors import UserError

Shape = tuple[int, ...]
_WORDS = {
    "embedding": ("emb", "lookup", "wte"),
    "linear": ("classif", "decod", "dense", "fc", "head", "linear", "logit", "out", "proj"),
}


def find_neighbours(
    shapes: Mapping[str, Shape],
    names: Iterable[str],
    before: int,
    after: int,
    reads: str | None = None,
) -> tuple[str | None, str | None]:
    """The weights of the embedding (N, ``before``) and of the linear layer (V, ``after``).

    ``names`` are the tensors beside the recurrent module. A bias shows a linear layer. Where the
    module reads as many numbers as it hands on, a matrix without one fits either place: then
    its name tells, or ``reads``, the ``InputKind`` of the model if somebody has said it.

    Raises:
        UserError: if neither tells, for one of the two would be another model.
    """
    matrices = [n for n in names if n.split(".")[-1] == "weight" and len(shapes[n]) == 2]
    biased = {n for n in matrices if shapes.get(f"{n.removesuffix('weight')}bias") == shapes[n][:1]}
    linears = [
        n for n in matrices if shapes[n][1] == after and (n in biased or _called(n) != "embedding")
    ]
    linears.sort(key=lambda n: (n not in biased, _called(n) != "linear"))
    linear = linears[0] if linears else None
    embeddings = [
        n
        for n in matrices
        if shapes[n][1] == before and n not in biased | {linear} and _called(n) != "linear"
    ]
    embeddings.sort(key=lambda n: _called(n) != "embedding")
    embedding = embeddings[0] if embeddings else None
    if linear is None or linear in biased or shapes[linear][1] != before:
        return embedding, linear
    if embedding is None and reads is not None:
        return (linear, None) if reads == "embedding" else (None, linear)
    if _called(linear) == "linear" or (embedding and _called(embedding) == "embedding"):
        return embedding, linear
    found = linear if embedding is None else f"each of {linear} and {embedding}"
    raise UserError(
        f"{found} could be an nn.Embedding or an nn.Linear without bias: give the embedding a name "
        "with 'emb' in it"
        + (", or say what the model reads (--input-kind)" if embedding is None else "")
    )


def _called(name: str) -> str | None:
    """The module that a tensor's name speaks of, the nearest word first."""
    for part in reversed(name.lower().split(".")[:-1]):
        found = [kind for kind, words in _WORDS.items() if any(word in part for word in words)]
        if len(found) == 1:
            return found[0]
    return None
