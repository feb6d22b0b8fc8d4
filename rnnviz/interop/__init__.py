"""Floor 3: weights and vocabularies from elsewhere, in and out."""

from rnnviz.interop.torch_weights import (
    TorchWeights,
    load_network,
    read_torch_weights,
    write_torch_weights,
)
from rnnviz.interop.vocabulary import encode, read_vocabulary

__all__ = [
    "TorchWeights",
    "encode",
    "load_network",
    "read_torch_weights",
    "read_vocabulary",
    "write_torch_weights",
]
