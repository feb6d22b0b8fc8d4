"""The data of a built-in task are what they were: runs are saved with their place in them, and the
scores in the documentation were reached on them."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import pytest

from rnnviz.tasks import get_task
from rnnviz.tasks.base import Split
from rnnviz.tasks.sequences import SequenceTask

WHOLE: dict[tuple[str, Split], dict[str, int]] = {
    ("digits", "train"): {"targets": 4075804330, "titles": 1905195503},
    ("digits", "held-out"): {"targets": 1741508708, "titles": 3582626220},
    ("digits-rows", "train"): {"targets": 4075804330, "titles": 1905195503},
    ("digits-rows", "held-out"): {"targets": 1741508708, "titles": 3582626220},
    ("captioning", "train"): {
        "tokens": 2222561712,
        "targets": 4084846001,
        "lengths": 3315777879,
        "titles": 2211055348,
    },
    ("captioning", "held-out"): {
        "tokens": 3159335175,
        "targets": 350187888,
        "lengths": 2093445220,
        "titles": 1061060997,
    },
    ("sentiment", "train"): {
        "tokens": 564152305,
        "targets": 1213366509,
        "lengths": 317775144,
        "titles": 19778033,
    },
    ("sentiment", "held-out"): {
        "tokens": 1092621172,
        "targets": 1319250216,
        "lengths": 1183104907,
        "titles": 3261333878,
    },
    ("translation", "train"): {
        "tokens": 233723530,
        "targets": 4294344502,
        "lengths": 2974954908,
        "decoder_tokens": 4219948929,
        "titles": 664253804,
    },
    ("translation", "held-out"): {
        "tokens": 1816362479,
        "targets": 2659876872,
        "lengths": 2725863027,
        "decoder_tokens": 328868875,
        "titles": 3432893936,
    },
    ("video", "train"): {"targets": 1356296059, "titles": 3194905555},
    ("video", "held-out"): {"targets": 3681922005, "titles": 2394169521},
    ("copy", "train"): {"tokens": 4169166137, "targets": 1819928583, "titles": 2109666891},
    ("copy", "held-out"): {"tokens": 245115820, "targets": 953510294, "titles": 342090329},
    ("adding", "train"): {"titles": 1486251427},
    ("adding", "held-out"): {"titles": 853002304},
    ("parity", "train"): {"tokens": 3540708270, "targets": 3216716528, "titles": 3320472090},
    ("parity", "held-out"): {"tokens": 2291325355, "targets": 2738736766, "titles": 2269588740},
    ("brackets", "train"): {"tokens": 655223130, "targets": 651040653, "titles": 3679871162},
    ("brackets", "held-out"): {"tokens": 1800578748, "targets": 1714593685, "titles": 2397655961},
    ("sine", "train"): {"titles": 396072357},
    ("sine", "held-out"): {"titles": 4052471025},
}
"""Checksums of whole numbers and of the titles."""

MEASURED: dict[tuple[str, Split], dict[str, list[float]]] = {
    ("digits", "train"): {
        "x": [0.1903352, 0.3202338, -2.623851e-06],
        "draw": [205.7378, 67.3184, -0.008984741],
    },
    ("digits", "held-out"): {
        "x": [0.1914977, 0.3213728, -4.965845e-06],
        "draw": [209.1972, 65.12874, 0.001632583],
    },
    ("digits-rows", "train"): {
        "x": [0.1903352, 0.3202338, -2.623851e-06],
        "draw": [205.7378, 67.3184, -0.008984741],
    },
    ("digits-rows", "held-out"): {
        "x": [0.1914977, 0.3213728, -4.965845e-06],
        "draw": [209.1972, 65.12874, 0.001632583],
    },
    ("captioning", "train"): {
        "context": [0.09212648, 0.5064276, 0.0004557018],
        "draw": [224.4956, 50.80766, 0.002967214],
    },
    ("captioning", "held-out"): {
        "context": [0.09033579, 0.4953554, 0.0004699441],
        "draw": [222.9728, 53.69105, 0.003105637],
    },
    ("video", "train"): {
        "x": [0.05613203, 0.2101456, 0.000149527],
        "draw": [237.8882, 27.9498, 0.000948868],
    },
    ("video", "held-out"): {
        "x": [0.05707355, 0.2120624, -0.0001191734],
        "draw": [236.0848, 32.00841, -0.001128795],
    },
    ("adding", "train"): {
        "x": [0.2998247, 0.3556899, 1.917978e-05],
        "targets": [1.003516, 0.4058358, -0.005742126],
    },
    ("adding", "held-out"): {
        "x": [0.3010221, 0.3568789, -0.0003289678],
        "targets": [0.9639811, 0.4258623, -0.0169311],
    },
    ("sine", "train"): {
        "x": [0.0003638998, 0.4215105, 0.000255378],
        "targets": [-0.0002939997, 0.4215867, 0.0009611774],
        "mask": [0.8, 0.4, -2.399564e-06],
    },
    ("sine", "held-out"): {
        "x": [-0.004881679, 0.4257964, 0.002020731],
        "targets": [-0.006141926, 0.4246256, 0.002524529],
        "mask": [0.8, 0.4, -2.336365e-05],
    },
}
"""Of numbers that another processor may round otherwise: mean, spread, and their mean with a weight
for each place; ``draw``: the first four pictures."""


def arrays_of(name: str, split: Split) -> dict[str, Any]:
    task = get_task(name)
    assert isinstance(task, SequenceTask)
    data = task.data(split)
    fields = ("tokens", "x", "targets", "lengths", "mask", "context", "decoder_tokens")
    found = {field: getattr(data, field) for field in fields}
    if data.draw is not None:
        found["draw"] = data.draw(np.arange(4)).astype(float)
    found["titles"] = np.frombuffer("\n".join(data.titles).encode(), np.uint8)
    return {field: array for field, array in found.items() if array is not None}


def measured(array: Any) -> list[float]:
    numbers = np.asarray(array, np.float64).ravel()
    placed = float(numbers @ np.cos(np.arange(numbers.size)) / numbers.size)
    return [float(numbers.mean()), float(numbers.std()), placed]


@pytest.mark.parametrize(("name", "split"), WHOLE)
def test_the_data_of_a_task_are_what_they_were(name: str, split: Split) -> None:
    whole, rough = {}, {}
    for field, array in arrays_of(name, split).items():
        if array.dtype.kind in "iu":
            whole[field] = zlib.crc32(np.ascontiguousarray(array, "<i4").tobytes())
        else:
            rough[field] = measured(array)
    assert whole == WHOLE[name, split]
    expected = MEASURED.get((name, split), {})
    assert rough.keys() == expected.keys()
    for field, numbers in rough.items():
        rounding = 3e-6 * expected[field][1]
        assert numbers == pytest.approx(expected[field], rel=1e-4, abs=rounding), field
