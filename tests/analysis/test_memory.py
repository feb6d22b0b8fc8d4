from __future__ import annotations

import numpy as np
import pytest

from rnnviz.analysis.memory import memory
from rnnviz.analysis.replay.network import replay
from rnnviz.trace import Trace, UserError


def logits_of(trace, x):
    arrays = dict(trace.arrays)
    arrays["x"] = np.array(trace["x"])
    arrays["x"][:, 0] = x
    return replay(Trace(trace.spec, arrays))["logits"][:, 0]


@pytest.mark.parametrize("shape", [{}, {"layers": 2}, {"bidirectional": True}])
def test_memory_matches_finite_differences(make_trace, cell, shape, numerical_jacobian):
    if cell["cell"] == "jordan" and shape:
        pytest.skip("a jordan network has one layer and one direction")
    trace = make_trace(T=5, **cell, **shape)
    found = memory(trace)
    T, D, V = 5, trace.spec.input_size, trace.spec.output_size
    jacobian = numerical_jacobian(lambda x: logits_of(trace, x), trace["x"][:, 0])
    jacobian = jacobian.reshape(T, V, T, D)
    expected = np.stack(
        [np.linalg.norm(jacobian[k, trace["targets"][k, 0]], axis=-1) for k in range(T)]
    )
    np.testing.assert_allclose(found.raw, expected, atol=2e-9)
    np.testing.assert_allclose(found.by_row.max(axis=1), 1.0)
    assert found.active is None


def test_the_active_symbol_is_one_component_of_the_norm(make_trace, cell):
    trace = make_trace(T=6, input_kind="one-hot", **cell)
    found = memory(trace)
    assert found.active is not None
    assert (np.abs(found.active) <= found.raw + 1e-12).all()
    tokens = trace["tokens"][:, 0]

    def moved(step):
        arrays = dict(trace.arrays)
        x = np.eye(4)[trace["tokens"]]
        x[1, 0, tokens[1]] += step
        spec = trace.spec
        from dataclasses import replace

        arrays.pop("tokens")
        arrays["x"] = x
        again = replay(Trace(replace(spec, input_kind="vector"), arrays))
        return again["logits"][4, 0, trace["targets"][4, 0]]

    slope = (moved(1e-6) - moved(-1e-6)) / 2e-6
    np.testing.assert_allclose(found.active[4, 1], slope, atol=1e-8)


def test_of_vector_targets_the_first_component_is_remembered(make_trace):
    trace = make_trace(loss="squared-error")
    first = np.zeros(len(trace["logits"]), int)
    np.testing.assert_array_equal(memory(trace).raw, memory(trace, classes=first).raw)


def test_memory_of_embedded_input_is_at_the_embedded_vector(make_trace):
    trace = make_trace(input_kind="embedding", embedding_size=3)
    assert memory(trace).active is None
    assert (memory(trace).raw > 0).sum() == 7 * 8 / 2


def test_other_classes_can_be_followed(make_trace):
    trace = make_trace()
    likeliest = trace["logits"][:, 0].argmax(axis=-1)
    np.testing.assert_array_equal(memory(trace, classes="predicted").classes, likeliest)
    np.testing.assert_allclose(
        memory(trace, classes="predicted").raw, memory(trace, classes=likeliest).raw
    )
    with pytest.raises(UserError, match="each of the 7 steps"):
        memory(trace, classes=np.array([1, 2]))
    with pytest.raises(UserError, match="not 'desired'"):
        memory(trace, classes="desired")


def test_memory_of_float32_reaches_below_its_range(make_trace):
    trace = make_trace(T=120, H=4, scale=0.02, B=1)
    low = memory(trace, dtype=np.float32)
    np.testing.assert_allclose(low.log10[-1, 0], memory(trace).log10[-1, 0], atol=0.1)
    assert low.log10[-1, 0] < -100
