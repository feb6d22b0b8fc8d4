"""One matrix product: whatever the architecture, the terms add up to what the pass recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnviz.scene.cell_canvas import Canvas
from rnnviz.scene.cell_data import cell_data
from rnnviz.scene.product_backward import backward_product, output_product_back
from rnnviz.scene.product_data import Product, product_names
from rnnviz.scene.product_forward import forward_product, output_product
from rnnviz.scene.product_sum import lines_of
from rnnviz.scene.shapes import Rect
from rnnviz.scene.theme import LIGHT
from rnnviz.trace import Trace
from tests.scene.test_every_model import MODELS, trace_of

CHECKED = [
    *MODELS,
    {"cell": "rnn", "activation": "relu"},
    {"cell": "rnn", "activation": "linear"},
    {"cell": "jordan", "activation": "relu"},
    {"cell": "jordan", "activation": "linear"},
    {"cell": "rnn", "bidirectional": True, "layers": 3, "residual": True},
    {"cell": "lstm", "peepholes": True, "bidirectional": True},
    {"cell": "rnn", "kind": "many-to-one", "head": "max"},
    {"cell": "gru", "kind": "many-to-one", "head": "last", "bidirectional": True},
]


def every_product(trace: Trace, *, backward: bool) -> list[Product]:
    make = backward_product if backward else forward_product
    found = []
    for part in trace.parts:
        for layer in trace.spec.layer_names(part.prefix):
            for column in range(part.start, part.stop):
                data = cell_data(trace, f"{part.prefix}h_{layer}@{column}", 1)
                assert data is not None
                for name in product_names(trace.spec):
                    product = make(trace, data, name, 1)
                    assert product is not None, name
                    found.append(product)
    out = output_product_back if backward else output_product
    for column in range(trace.output_part.start, trace.output_part.stop):
        product = out(trace, column, 1)
        assert product is not None
        found.append(product)
    return found


def summed(product: Product) -> Any:
    first = product.result if product.normed is None else product.normed
    return first + sum((s.values for s in product.summands), np.zeros(product.rows))


@pytest.mark.parametrize("options", CHECKED, ids=lambda o: " ".join(map(str, o.values())))
def test_every_sum_of_every_model_is_complete(options: dict, rng: np.random.Generator) -> None:
    trace = trace_of(options, rng)
    for product in every_product(trace, backward=False):
        assert not any("rest" in s.tex for s in product.summands), product.name
        assert product.total is not None
        assert summed(product) == pytest.approx(product.total, abs=1e-9)
        row = product.rows - 1
        assert product.terms(row).sum() == pytest.approx(product.result[row])


@pytest.mark.parametrize("options", CHECKED, ids=lambda o: " ".join(map(str, o.values())))
def test_the_transposed_products_make_the_gradients_of_the_pass(
    options: dict, rng: np.random.Generator
) -> None:
    trace = trace_of(options, rng)
    told = 0
    for product in every_product(trace, backward=True):
        if product.total is None:
            assert product.note or product.total_tex == ""
            continue
        told += 1
        assert summed(product) == pytest.approx(product.total, abs=1e-9)
        if product.name not in ("hy", "yh"):
            sides = len(trace.spec.directions("encoder_"))
            # A second direction reads the same input; an encoder's last state is read elsewhere.
            allowed = sides > 1 or trace.spec.kind == "many-to-many"
            assert allowed or not any("other paths" in s.tex for s in product.summands), product
    assert told


def test_terms_that_are_exactly_zero_are_others_only_beside_some_that_are_not(
    rng: np.random.Generator,
) -> None:
    trace = trace_of({"cell": "rnn", "hidden_size": 12}, rng)
    product = next(p for p in every_product(trace, backward=False) if p.columns == 12)
    canvas = Canvas(LIGHT, Rect(0, 0, 900, 520))
    for ones, words in ((0, "all 12 terms are exactly 0"), (2, "10 others are exactly 0")):
        vector = np.where(np.arange(12) < ones, 1.0, 0.0)
        result = product.matrix @ vector
        lines = lines_of(canvas, replace(product, vector=vector, result=result), 0)
        assert words in [line.text for line in lines]
