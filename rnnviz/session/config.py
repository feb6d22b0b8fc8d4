"""A whole experiment in one record: task, model, start, training, seed."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from rnnviz.engine.initializers import InputScheme, Scheme
from rnnviz.engine.schedules import ScheduleKind
from rnnviz.trace.spec import Activation, Attention, CellKind, Head, InputKind

Dtype = Literal["float32", "float64"]
OptimizerName = Literal["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]
Option = str | int | float | bool | None | list[str | int | float]


LARGEST = 1e38
"""Of any setting: about what float32 has room for."""


class _Section(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A table of settings; None means: as the task suggests."""

    def chosen(self) -> dict[str, Any]:
        """The settings that somebody made."""
        return {
            name: value
            for name in self.__struct_fields__
            if (value := getattr(self, name)) is not None
        }


class ModelOptions(_Section, frozen=True, kw_only=True):
    """What may be chosen of a `ModelSpec`; sizes of input and output come from the data."""

    cell: Annotated[CellKind, Meta(description="the recurrent cell")] | None = None
    hidden_size: (
        Annotated[int, Meta(ge=1, le=8192, description="H, units in the hidden state")] | None
    ) = None
    layers: Annotated[int, Meta(ge=1, le=16, description="recurrent layers")] | None = None
    bidirectional: (
        Annotated[bool, Meta(description="read the sequence in both directions")] | None
    ) = None
    activation: Annotated[Activation, Meta(description="of the rnn and jordan cells")] | None = None
    residual: (
        Annotated[
            bool, Meta(description="add each layer's input to its output, from the second layer on")
        ]
        | None
    ) = None
    layer_norm: Annotated[bool, Meta(description="layer normalisation inside the cell")] | None = (
        None
    )
    peepholes: (
        Annotated[bool, Meta(description="lstm: the gates look at the cell state")] | None
    ) = None
    learned_state: Annotated[bool, Meta(description="learn the initial state")] | None = None
    dropout: (
        Annotated[
            float,
            Meta(ge=0, lt=1, description="share dropped on the way to the next layer or output"),
        ]
        | None
    ) = None
    input_kind: Annotated[InputKind, Meta(description="how a token becomes a vector")] | None = None
    embedding_size: (
        Annotated[int, Meta(ge=0, le=8192, description="E, numbers in an embedding")] | None
    ) = None
    head: Annotated[Head, Meta(description="where the answer is read off")] | None = None
    attention: (
        Annotated[Attention, Meta(description="how the decoder looks at the encoder")] | None
    ) = None


class InitOptions(_Section, frozen=True, kw_only=True):
    """How the weights start; the recipe is `rnnviz.engine.initializers.Init`."""

    scheme: Annotated[Scheme, Meta(description="of the recurrent matrices")] | None = None
    inputs: Annotated[InputScheme, Meta(description="of all other matrices")] | None = None
    std: Annotated[float, Meta(ge=0, le=LARGEST, description="of the normal scheme")] | None = None
    gain: (
        Annotated[float, Meta(ge=0, le=LARGEST, description="multiplies recurrent matrices")] | None
    ) = None
    spectral_radius: (
        Annotated[
            float, Meta(gt=0, le=LARGEST, description="rescale W_hh to this largest |eigenvalue|")
        ]
        | None
    ) = None
    singular_value: (
        Annotated[
            float, Meta(gt=0, le=LARGEST, description="rescale W_hh to this largest singular value")
        ]
        | None
    ) = None
    forget_bias: (
        Annotated[
            float,
            Meta(ge=-LARGEST, le=LARGEST, description="lstm: start of the forget gate's bias"),
        ]
        | None
    ) = None


class TrainingOptions(_Section, frozen=True, kw_only=True):
    """How the network learns; clipping bounds of 0 mean no clipping."""

    optimizer: Annotated[OptimizerName, Meta(description="the update rule")] | None = None
    learning_rate: Annotated[float, Meta(gt=0, le=LARGEST, description="step size")] | None = None
    momentum: Annotated[float, Meta(ge=0, lt=1, description="of momentum and nesterov")] | None = (
        None
    )
    beta1: Annotated[float, Meta(ge=0, lt=1, description="of adam and adamw")] | None = None
    beta2: Annotated[float, Meta(ge=0, lt=1, description="of adam and adamw")] | None = None
    alpha: Annotated[float, Meta(ge=0, lt=1, description="of rmsprop")] | None = None
    epsilon: (
        Annotated[float, Meta(ge=0, le=LARGEST, description="of adagrad, rmsprop, adam and adamw")]
        | None
    ) = None
    weight_decay: (
        Annotated[
            float, Meta(ge=0, le=LARGEST, description="decoupled for adamw, else in the gradient")
        ]
        | None
    ) = None
    schedule: Annotated[ScheduleKind, Meta(description="how the learning rate changes")] | None = (
        None
    )
    warmup: Annotated[int, Meta(ge=0, description="iterations in which the rate rises")] | None = (
        None
    )
    schedule_every: (
        Annotated[int, Meta(ge=1, description="iterations per step of the schedule")] | None
    ) = None
    schedule_factor: (
        Annotated[float, Meta(gt=0, le=1, description="of the step and exponential schedules")]
        | None
    ) = None
    schedule_final: (
        Annotated[float, Meta(ge=0, le=1, description="last share of cosine and linear")] | None
    ) = None
    clip_norm: (
        Annotated[
            float,
            Meta(ge=0, le=LARGEST, description="bound on the whole gradient's norm (0: none)"),
        ]
        | None
    ) = None
    clip_value: (
        Annotated[
            float, Meta(ge=0, le=LARGEST, description="bound on every gradient entry (0: none)")
        ]
        | None
    ) = None
    batch_size: (
        Annotated[int, Meta(ge=1, le=65536, description="B, sequences side by side")] | None
    ) = None
    window: (
        Annotated[int, Meta(ge=1, le=1_000_000, description="steps of truncated BPTT")] | None
    ) = None
    teacher_forcing: (
        Annotated[float, Meta(ge=0, le=1, description="share of true tokens fed back (1: all)")]
        | None
    ) = None
    scheduled_sampling: (
        Annotated[bool, Meta(description="draw the other tokens from the softmax")] | None
    ) = None
    iterations: (
        Annotated[int, Meta(ge=1, le=1_000_000_000, description="updates to make")] | None
    ) = None


class RunConfig(_Section, frozen=True, kw_only=True):
    """Everything that decides a run: the same configuration gives the same bits.

    ``task`` is the name of a task or the path of the user's own data, ``options`` are the
    task's own settings. Settings left at None follow the task.
    """

    task: str = "hello"
    options: dict[str, Option] = {}
    model: ModelOptions = ModelOptions()
    init: InitOptions = InitOptions()
    training: TrainingOptions = TrainingOptions()
    dtype: Dtype = "float32"
    seed: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0

    def to_json(self) -> str:
        """The settings that differ from the defaults, as JSON."""
        return msgspec.json.encode(self).decode()
