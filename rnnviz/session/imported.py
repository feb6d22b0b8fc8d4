"""Runs that start with weights trained elsewhere."""

from __future__ import annotations

import os

import numpy as np

from rnnviz.interop import read_torch_weights
from rnnviz.session.config import Dtype, ModelOptions, RunConfig
from rnnviz.session.run import Run
from rnnviz.tasks import get_task
from rnnviz.trace import UserError
from rnnviz.trace.spec import Activation, InputKind

_SHARED = ("cell", "hidden_size", "layers", "bidirectional", "activation", "embedding_size")


def run_from_weights(
    path: str | os.PathLike[str],
    task_name: str,
    activation: Activation | None = None,
    prefix: str | None = None,
    input_kind: InputKind | None = None,
) -> Run:
    """A run on a task that starts with the weights of a ``.safetensors`` file, in their precision.

    ``activation`` is that of an ``nn.RNN``, which weights do not show (as exported, else tanh);
    ``prefix`` names the module where the file holds several, ``input_kind`` says what it reads
    where a matrix could be an embedding or the output layer.

    Raises:
        UserError: if the weights cannot be read, or their sizes are not the task's.
    """
    task = get_task(task_name)
    usual = task.architecture
    found = read_torch_weights(path, activation=activation, prefix=prefix, input_kind=input_kind)
    dtype: Dtype = "float64" if found.values["W_hy"].dtype == np.float64 else "float32"
    embeds = found.spec.input_kind == "embedding"
    options = {name: getattr(found.spec, name) for name in _SHARED}
    options["input_kind"] = "embedding" if embeds else input_kind or usual.input_kind
    model = ModelOptions(
        **options, residual=False, layer_norm=False, peepholes=False, learned_state=False
    )
    for name in ("input_size", "output_size"):
        given, wanted = getattr(found.spec, name), getattr(usual, name)
        if given != wanted:
            raise UserError(
                f"the weights have {name} {given} and the task {task.name} has {wanted}: "
                "import them on the data they were trained on"
            )
    run = Run.create(RunConfig(task=task_name, model=model, dtype=dtype), task=task)
    run.net.params.assign(found.values)
    run.reset_checkpoints()
    return run
