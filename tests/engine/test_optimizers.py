"""Optimisers against formulas written out by hand, and against PyTorch."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

from rnnviz.engine.optimizer import CHUNK, FLUSH_EVERY
from rnnviz.engine.optimizers import OPTIMIZERS, make_optimizer
from rnnviz.engine.parameters import Parameters
from rnnviz.engine.shapes import parameter_shapes
from rnnviz.trace import ModelSpec, UserError

CASES: list[tuple[str, dict[str, float]]] = [
    ("sgd", {}),
    ("sgd", {"weight_decay": 0.1}),
    ("momentum", {"momentum": 0.8}),
    ("momentum", {"weight_decay": 0.1}),
    ("nesterov", {}),
    ("nesterov", {"momentum": 0.5, "weight_decay": 0.1}),
    ("adagrad", {}),
    ("adagrad", {"epsilon": 1e-3, "weight_decay": 0.1}),
    ("rmsprop", {}),
    ("rmsprop", {"alpha": 0.9, "epsilon": 1e-2, "weight_decay": 0.1}),
    ("adam", {}),
    ("adam", {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-2, "weight_decay": 0.1}),
    ("adamw", {}),
    ("adamw", {"beta1": 0.5, "weight_decay": 0.3}),
]


def gradient(theta: np.ndarray, step: int) -> np.ndarray:
    """Of some loss without symmetry; zero in places, as one-hot inputs make it."""
    g = np.cos(3 * theta + step) + theta
    g[step % 5 :: 5] = 0.0
    return g


def start() -> np.ndarray:
    return np.random.default_rng(3).normal(size=57)


def run(name: str, options: dict[str, float], steps: int = 20) -> np.ndarray:
    theta = start()
    optimizer = make_optimizer(name, theta, learning_rate=0.07, **options)
    for step in range(steps):
        if step == 10:
            optimizer.learning_rate = 0.03
        optimizer.step(gradient(theta, step))
    return theta


def by_hand(name: str, o: dict[str, float], steps: int = 20) -> np.ndarray:
    theta = start()
    m = v = np.zeros_like(theta)
    b1, b2 = o.get("beta1", 0.9), o.get("beta2", 0.999)
    mu, alpha = o.get("momentum", 0.9), o.get("alpha", 0.99)
    eps = o.get("epsilon", 1e-10 if name == "adagrad" else 1e-8)
    decay = o.get("weight_decay", 0.01 if name == "adamw" else 0.0)
    for t in range(1, steps + 1):
        lr = 0.07 if t <= 10 else 0.03
        g = gradient(theta, t - 1)
        if name == "adamw":
            theta = theta - lr * decay * theta
        else:
            g = g + decay * theta
        if name == "sgd":
            change = g
        elif name in ("momentum", "nesterov"):
            m = mu * m + g
            change = m if name == "momentum" else g + mu * m
        elif name in ("adagrad", "rmsprop"):
            v = v + g**2 if name == "adagrad" else alpha * v + (1 - alpha) * g**2
            change = g / (np.sqrt(v) + eps)
        else:
            m = b1 * m + (1 - b1) * g
            v = b2 * v + (1 - b2) * g**2
            change = m / (1 - b1**t) / (np.sqrt(v / (1 - b2**t)) + eps)
        theta = theta - lr * change
    return theta


@pytest.mark.parametrize(("name", "options"), CASES)
def test_twenty_updates_equal_the_formulas_written_out(
    name: str, options: dict[str, float]
) -> None:
    np.testing.assert_allclose(run(name, options), by_hand(name, options), rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_sweeping_out_what_is_nearly_nothing_changes_no_update(name: str) -> None:
    steps = 3 * FLUSH_EVERY + 1
    np.testing.assert_allclose(run(name, {}, steps), by_hand(name, {}, steps), rtol=0, atol=1e-11)


@pytest.mark.parametrize("name", ["adagrad", "rmsprop", "adam", "adamw"])
@pytest.mark.parametrize("epsilon", [0.0, 1e-60])
def test_without_an_epsilon_what_never_had_a_gradient_stays_what_it_was(
    name: str, epsilon: float
) -> None:
    theta = np.array([1.0, 2.0, 3.0], np.float32)
    optimizer = make_optimizer(name, theta, 0.1, epsilon=epsilon)
    kept = 0.999 if name == "adamw" else 1.0
    first = 0.1 * (10.0 if name == "rmsprop" else 1.0)  # 1/√(1−α)
    optimizer.step(np.array([0.0, 1e-6, -2.0], np.float32))
    expected = [kept, 2.0 * kept - first, 3.0 * kept + first]
    np.testing.assert_allclose(theta, expected, rtol=1e-5)


@pytest.mark.reference
@pytest.mark.parametrize(("name", "options"), CASES)
def test_twenty_updates_equal_pytorchs(name: str, options: dict[str, float]) -> None:
    torch = pytest.importorskip("torch")
    rules = {
        "sgd": torch.optim.SGD,
        "momentum": torch.optim.SGD,
        "nesterov": torch.optim.SGD,
        "adagrad": torch.optim.Adagrad,
        "rmsprop": torch.optim.RMSprop,
        "adam": torch.optim.Adam,
        "adamw": torch.optim.AdamW,
    }
    theirs: dict[str, Any] = {}
    for key, value in options.items():
        if not key.startswith("beta"):
            theirs[{"epsilon": "eps"}.get(key, key)] = value
    if name.startswith("adam"):
        theirs["betas"] = (options.get("beta1", 0.9), options.get("beta2", 0.999))
    if name in ("momentum", "nesterov"):
        theirs.setdefault("momentum", 0.9)
        theirs["nesterov"] = name == "nesterov"
    theta = torch.tensor(start(), requires_grad=True)
    optimizer = rules[name]([theta], lr=0.07, **theirs)
    for step in range(20):
        if step == 10:
            optimizer.param_groups[0]["lr"] = 0.03
        theta.grad = torch.from_numpy(gradient(theta.detach().numpy(), step))
        optimizer.step()
    np.testing.assert_allclose(run(name, options), theta.detach().numpy(), rtol=0, atol=1e-10)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_chunks_change_no_bit(name: str) -> None:
    size = 2 * CHUNK + 5
    rng = np.random.default_rng(0)
    whole = rng.normal(size=size).astype(np.float32)
    grads = [rng.normal(size=size).astype(np.float32) for _ in range(3)]
    tail = whole[-7:].copy()
    optimizer, small = make_optimizer(name, whole), make_optimizer(name, tail)
    for g in grads:
        optimizer.step(g)
        small.step(g[-7:].copy())
    np.testing.assert_array_equal(whole[-7:], tail)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_saved_and_continued_equals_never_stopped(name: str, dtype: type) -> None:
    def grad(theta: np.ndarray, step: int) -> np.ndarray:
        return gradient(theta, step).astype(dtype)

    through, first = start().astype(dtype), start().astype(dtype)
    a, b = make_optimizer(name, through), make_optimizer(name, first)
    for step in range(80):
        a.step(grad(through, step))
    for step in range(40):
        b.step(grad(first, step))
    continued = first.copy()
    c = make_optimizer(name, continued)
    saved = b.state_arrays()
    b.step(grad(first, 40))
    c.load_state(saved)
    for step in range(40, 80):
        c.step(grad(continued, step))
    assert c.iterations == 80
    np.testing.assert_array_equal(through, continued)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_update_writes_into_the_named_parameters_and_spares_the_gradient(name: str) -> None:
    spec = ModelSpec(input_size=3, hidden_size=4, output_size=3)
    params = Parameters(parameter_shapes(spec), np.float32)
    grads = params.like()
    grads["W_hh_l0"][...] = 1.0
    kept = grads.flat.copy()
    make_optimizer(name, params).step(grads)
    assert (params["W_hh_l0"] < 0).all()
    assert not params["W_hy"].any()
    np.testing.assert_array_equal(grads.flat, kept)
    assert params.flat.dtype == np.float32


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_step_takes_no_memory(name: str) -> None:
    theta = np.ones(3 * CHUNK, np.float32)
    g = np.ones_like(theta)
    optimizer = make_optimizer(name, theta)
    optimizer.step(g)
    tracemalloc.start()
    for _ in range(FLUSH_EVERY):
        optimizer.step(g)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < CHUNK


@pytest.mark.parametrize("name", ["momentum", "rmsprop", "adam"])
def test_averages_never_dwell_among_the_denormals(name: str) -> None:
    theta = np.zeros(100, np.float32)
    optimizer = make_optimizer(name, theta, 0.01)
    g = np.full_like(theta, 1e-3)
    optimizer.step(g)
    g[:] = 0.0
    tiny = np.finfo(np.float32).tiny
    for _ in range(10_000 if name == "rmsprop" else 1500):
        optimizer.step(g)
        for average in optimizer.averages:
            values = np.abs(optimizer.state_arrays()[average])
            assert not ((values > 0) & (values < tiny)).any()
    assert not optimizer.state_arrays()[optimizer.averages[0]].any()


@pytest.mark.parametrize("name", [name for name, rule in OPTIMIZERS.items() if rule.averages])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_averages_of_small_gradients_outlive_the_sweeps(name: str, dtype: type) -> None:
    plain, tiny = (make_optimizer(name, np.zeros(9, dtype), weight_decay=0.0) for _ in range(2))
    rng = np.random.default_rng(0)
    for _ in range(2 * FLUSH_EVERY + 1):
        g = rng.normal(size=9).astype(dtype)
        plain.step(g)
        tiny.step(g * dtype(2.0**-40))
    found = tiny.state_arrays()
    for average, values in plain.state_arrays().items():
        if average != "iterations":
            scale = 2.0**-80 if "square" in average else 2.0**-40
            np.testing.assert_array_equal(found[average], values * dtype(scale))


def test_what_cannot_work_is_refused_in_words() -> None:
    theta = np.zeros(3)
    with pytest.raises(UserError, match="no optimiser 'sdg'; use one of sgd, momentum"):
        make_optimizer("sdg", theta)
    with pytest.raises(UserError, match="no option momentum; it has beta1"):
        make_optimizer("adam", theta, momentum=0.9)
    with pytest.raises(UserError, match=r"learning_rate is -1"):
        make_optimizer("adam", theta, -1.0)
    with pytest.raises(UserError, match=r"momentum is 1\.0; use a number from 0 up to"):
        make_optimizer("nesterov", theta, momentum=1.0)
    for name, option, wrong in (
        ("rmsprop", "alpha", 1.0),
        ("adam", "beta1", 1.0),
        ("adamw", "beta2", 1.0),
        ("adagrad", "epsilon", -1e-9),
        ("sgd", "weight_decay", -0.1),
        ("adamw", "weight_decay", float("inf")),
    ):
        with pytest.raises(UserError, match=f"{option} is {wrong}; use a number from 0"):
            make_optimizer(name, theta, **{option: wrong})
    optimizer = make_optimizer("sgd", theta)
    with pytest.raises(UserError, match="learning_rate is nan"):
        optimizer.learning_rate = float("nan")
    with pytest.raises(ValueError, match="does not match"):
        optimizer.step(np.zeros(4))
    with pytest.raises(ValueError, match="float32 does not match"):
        optimizer.step(np.zeros(3, np.float32))
    with pytest.raises(ValueError, match="contiguous"):
        make_optimizer("sgd", np.zeros(6)[::2])
    with pytest.raises(ValueError, match="one contiguous vector"):
        make_optimizer("sgd", np.zeros((2, 3)))


def test_a_foreign_state_is_refused() -> None:
    adam = make_optimizer("adam", np.zeros(3))
    state = adam.state_arrays()
    with pytest.raises(UserError, match="must hold iterations, velocity"):
        make_optimizer("momentum", np.zeros(3)).load_state(state)
    with pytest.raises(UserError, match="scaled_mean has shape"):
        make_optimizer("adam", np.zeros(4)).load_state(state)
    with pytest.raises(UserError, match="type float64"):
        make_optimizer("adam", np.zeros(3, np.float32)).load_state(state)
    for count in (np.array(-1), np.array(2.0), np.array([2])):
        with pytest.raises(UserError, match="whole number"):
            adam.load_state(state | {"iterations": count})
