"""From a configuration to the parts of a run, checked before anything big is allocated."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import msgspec
import numpy as np

from rnnviz.engine import Network, Parameters
from rnnviz.engine.initializers import Init, initialize
from rnnviz.engine.schedules import Schedule
from rnnviz.engine.shapes import parameter_shapes
from rnnviz.session.config import RunConfig, TrainingOptions
from rnnviz.session.config_file import checked
from rnnviz.session.footprint import check_footprint
from rnnviz.tasks import Task, TrainingDefaults, get_task
from rnnviz.trace import ModelSpec, UserError

_BETAS = ("beta1", "beta2", "epsilon", "weight_decay")
OPTIMIZER_OPTIONS: dict[str, tuple[str, ...]] = {
    "sgd": ("weight_decay",),
    "momentum": ("momentum", "weight_decay"),
    "nesterov": ("momentum", "weight_decay"),
    "adagrad": ("epsilon", "weight_decay"),
    "rmsprop": ("alpha", "epsilon", "weight_decay"),
    "adam": _BETAS,
    "adamw": _BETAS,
}
"""Which settings of `TrainingOptions` each optimiser has."""


@dataclass(frozen=True, slots=True)
class Training:
    """How to train, with every default filled in. ``cut`` is the window of truncated
    backpropagation inside one sequence; None goes through all of it."""

    optimizer: str
    optimizer_options: dict[str, float]
    learning_rate: float
    schedule: Schedule
    clip_norm: float | None
    clip_value: float | None
    batch_size: int
    window: int
    cut: int | None
    iterations: int
    teacher_forcing: float
    scheduled_sampling: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A configuration with the task it names and everything that follows from both."""

    config: RunConfig
    task: Task
    spec: ModelSpec
    init: Init
    training: Training

    @property
    def dtype(self) -> np.dtype[np.generic]:
        return np.dtype(self.config.dtype)

    def new_network(self) -> Network:
        """Fresh weights; the same seed draws the same ones, in either precision."""
        net = self.blank_network()
        initialize(net.params, self.spec, self.init, np.random.default_rng(self.config.seed))
        return net

    def blank_network(self) -> Network:
        """All zeros, for numbers that come from elsewhere."""
        return Network(self.spec, Parameters(parameter_shapes(self.spec), self.dtype))


def plan(config: RunConfig, task: Task | None = None) -> Plan:
    """Check a configuration as a whole.

    Raises:
        UserError: if its task, a value or a combination cannot be, or it needs too much memory.
    """
    config = checked(config)
    task = get_task(config.task, **config.options) if task is None else task
    _check_input(config, task)
    spec = task.spec(**config.model.chosen())
    made = Plan(config, task, spec, _init(config), _training(config.training, task))
    _check_unused(made)
    _check_feedback(made)
    check_footprint(spec, made.training.batch_size, made.training.window, made.dtype.itemsize)
    return made


def resolved(made: Plan) -> RunConfig:
    """The configuration with the task's suggestions written out, for a file that must not
    change its meaning when a later version suggests something else. ``Training.cut`` is not in
    it: a window that was suggested does not cut sequences, one that was chosen does."""
    spec, training, given = made.spec, made.training, made.config.training
    names = made.config.model.__struct_fields__
    model = {name: getattr(spec, name) for name in names}
    return msgspec.structs.replace(
        made.config,
        task=made.task.name,
        options=dict(made.task.options),
        model=msgspec.structs.replace(made.config.model, **model),
        training=msgspec.structs.replace(
            given,
            optimizer=training.optimizer,
            learning_rate=training.learning_rate,
            schedule=training.schedule.kind,
            clip_norm=training.clip_norm or 0.0,
            batch_size=training.batch_size,
            window=training.window,
            iterations=training.iterations,
        ),
    )


def _check_input(config: RunConfig, task: Task) -> None:
    """What the data are decides whether there are tokens to choose a form for."""
    chosen, given = config.model.input_kind, task.architecture.input_kind
    if chosen is not None and (chosen == "vector") != (given == "vector"):
        what, forms = (
            ("vectors", "vector") if given == "vector" else ("tokens", "one-hot, embedding")
        )
        raise UserError(
            f"model.input_kind is {chosen}, but the data of {task.name} are {what}: use {forms}"
        )


def _check_unused(made: Plan) -> None:
    """Refuse settings that somebody made and that nothing would read."""
    size, spec = made.config.model.embedding_size, made.spec
    if size and spec.input_kind != "embedding" and spec.kind != "many-to-many":
        raise UserError(
            f"model.embedding_size is {size}, but the input is {spec.input_kind}: "
            "set input_kind to embedding or leave it out"
        )
    if made.config.init.std is not None and "normal" not in (made.init.scheme, made.init.other):
        raise UserError(
            f"init.std is {made.init.std}, but no matrix starts from a normal distribution: "
            "set scheme or inputs to normal or leave it out"
        )


def check_asked(made: Plan) -> None:
    """Refuse for a new run what would change nothing; runs saved with it still open.

    Raises:
        UserError: if something was chosen that this model has no place for.
    """
    if made.spec.residual and made.spec.layers == 1:
        raise UserError(
            "model.residual adds a layer's input to its output from the second layer on, and this "
            "model has one: set layers to 2 or more or leave it out"
        )
    init = made.config.init
    sized = "spectral_radius" if init.spectral_radius is not None else "singular_value"
    if init.gain not in (None, 1.0) and getattr(init, sized) is not None:
        raise UserError(
            f"init.gain is {init.gain}, but init.{sized} says how large the recurrent matrices "
            "are: leave one of them out"
        )
    decodes = made.spec.kind == "many-to-many"
    if made.training.teacher_forcing < 1.0 and not decodes and made.task.vocabulary is None:
        raise _reads_something_else(made)  # as many symbols by chance


def _check_feedback(made: Plan) -> None:
    spec, training = made.spec, made.training
    if training.teacher_forcing == 1.0:
        if training.scheduled_sampling:
            raise UserError("training.scheduled_sampling needs a teacher_forcing below 1")
        return
    if spec.bidirectional and spec.kind != "many-to-many":
        raise UserError(
            f"training.teacher_forcing is {training.teacher_forcing}, but a bidirectional model "
            "needs its whole input beforehand and cannot be fed its own words: choose one"
        )
    reads_itself = spec.input_kind != "vector" and spec.input_size == spec.output_size
    if spec.loss != "cross-entropy" or not (spec.kind == "many-to-many" or reads_itself):
        raise _reads_something_else(made)


def _reads_something_else(made: Plan) -> UserError:
    return UserError(
        f"training.teacher_forcing is {made.training.teacher_forcing}, but the model of "
        f"{made.task.name} does not read what it writes: leave it out"
    )


def _init(config: RunConfig) -> Init:
    return dataclasses.replace(Init(), **config.init.chosen())


def _training(given: TrainingOptions, task: Task) -> Training:
    defaults = task.defaults
    optimizer = given.optimizer or defaults.optimizer
    same = optimizer == defaults.optimizer
    rate = given.learning_rate
    if rate is None:
        rate = defaults.learning_rate if same else _usual_rate(optimizer)
    iterations = given.iterations or defaults.iterations
    return Training(
        optimizer=optimizer,
        optimizer_options=_optimizer_options(given, optimizer),
        learning_rate=rate,
        schedule=_schedule(given, defaults, iterations),
        clip_norm=(defaults.clip_norm if given.clip_norm is None else given.clip_norm) or None,
        clip_value=given.clip_value or None,
        batch_size=given.batch_size or defaults.batch_size,
        window=given.window or defaults.window,
        cut=given.window,
        iterations=iterations,
        teacher_forcing=1.0 if given.teacher_forcing is None else given.teacher_forcing,
        scheduled_sampling=bool(given.scheduled_sampling),
    )


def _usual_rate(optimizer: str) -> float:
    from rnnviz.engine.optimizers import OPTIMIZERS

    return OPTIMIZERS[optimizer].default_learning_rate


def _optimizer_options(given: TrainingOptions, optimizer: str) -> dict[str, float]:
    options = {}
    for name in sorted({name for names in OPTIMIZER_OPTIONS.values() for name in names}):
        value = getattr(given, name)
        if value is None:
            continue
        if name not in OPTIMIZER_OPTIONS[optimizer]:
            having = ", ".join(o for o, names in OPTIMIZER_OPTIONS.items() if name in names)
            raise UserError(
                f"training.{name} is not a setting of the optimiser {optimizer}; "
                f"it belongs to {having}"
            )
        options[name] = float(value)
    return options


def _schedule(given: TrainingOptions, defaults: TrainingDefaults, iterations: int) -> Schedule:
    kind = given.schedule or defaults.schedule
    uses = {
        "schedule_every": ("step", "exponential"),
        "schedule_factor": ("step", "exponential"),
        "schedule_final": ("cosine", "linear"),
    }
    for name, kinds in uses.items():
        if getattr(given, name) is not None and kind not in kinds:
            raise UserError(
                f"training.{name} needs the schedule {' or '.join(kinds)}; it is {kind}"
            )
    usual = Schedule()
    return Schedule(
        kind=kind,
        warmup=given.warmup or 0,
        every=given.schedule_every or usual.every,
        factor=given.schedule_factor or usual.factor,
        iterations=max(iterations - (given.warmup or 0), 1),
        final=given.schedule_final or usual.final,
    )
