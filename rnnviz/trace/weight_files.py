"""Files of weights that are given where data, a run or a trace is read: what they are for."""

from __future__ import annotations

from pathlib import Path

_WEIGHTS = ".safetensors"
_TORCH = (".pt", ".pth", ".ckpt")


def holds_weights(path: str | Path) -> bool:
    """Whether a file's name is one of weights alone (it is not looked into)."""
    return Path(path).suffix.lower() == _WEIGHTS


def weights_words(path: str | Path) -> str:
    """What such a file is and how it becomes a run; empty for every other kind of file."""
    kind = Path(path).suffix.lower()
    if kind == _WEIGHTS:
        return (
            f"{path} holds weights and no run: make one of them with rnnviz import "
            f"{Path(path).name} --task TASK -o run.rnnviz, or look at a pass with rnnviz trace"
        )
    if kind in _TORCH:
        return (
            f"{path} is a file of PyTorch: write its weights with "
            "safetensors.torch.save_file(model.state_dict(), 'weights.safetensors'), "
            "then rnnviz import makes a run of them"
        )
    return ""
