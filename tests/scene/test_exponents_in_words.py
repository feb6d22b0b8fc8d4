"""What the figure of the Jacobians says of the exponents is true of the product itself."""

from dataclasses import replace

import numpy as np
import pytest

from rnnviz.analysis import lyapunov_exponents
from rnnviz.scene.lab.jacobians import Spectra, jacobians_picture
from rnnviz.scene.shapes import Label
from rnnviz.scene.theme import LIGHT


def spectra_of(jacobians: np.ndarray) -> Spectra:
    n, size, _ = jacobians.shape
    product, logs = np.eye(size), np.empty(n)
    for step, jacobian in enumerate(jacobians):
        product = jacobian @ product
        logs[step] = np.log10(np.linalg.norm(product, 2))
    singular = np.linalg.svd(jacobians, compute_uv=False)
    bound = np.cumsum(np.log10(singular[:, 0]))
    exponents = -np.sort(-lyapunov_exponents(jacobians), axis=1)
    return Spectra("l0", "h", singular, logs, bound, exponents, ())


def words(spectra: Spectra) -> str:
    picture = jacobians_picture(spectra, LIGHT, 900.0, None)
    shapes = (shape for layer in picture.layers for shape in layer.shapes)
    return " ".join(shape.text for shape in shapes if isinstance(shape, Label))


def test_states_are_not_said_to_close_up_while_one_direction_grows() -> None:
    # A shear lengthens what lies between the axes of the frame, and neither axis alone by much.
    jacobians = np.array([[[0.9, 3.0], [0.0, 0.9]], [[0.9, -2.0], [0.0, 0.9]]])
    spectra = spectra_of(jacobians)
    assert spectra.lyapunov[-1, 0] < 0.0 < spectra.whole[0]
    rate = spectra.whole[0] * np.log(10.0) / 2
    assert f"the whole product is {rate:.3f}: some neighbouring states part" in words(spectra)


@pytest.mark.parametrize(("factor", "said"), [(0.5, "states close up"), (2.0, "states part")])
def test_a_product_of_rotations_shrinks_or_grows_as_it_says(factor: float, said: str) -> None:
    turn = factor * np.array([[0.6, -0.8], [0.8, 0.6]])
    spectra = spectra_of(np.array([turn] * 4))
    assert f"{np.log(factor):.3f}".replace("-", "−") in words(spectra)
    assert said in words(spectra)


def test_without_the_whole_product_only_what_the_exponent_proves_is_said() -> None:
    jacobians = np.array([[[0.9, 3.0], [0.0, 0.9]]] * 2)
    later = replace(spectra_of(jacobians), origin=1)
    assert "neighbouring" not in words(later)
    assert "neighbouring states part" in words(replace(spectra_of(2 * jacobians), origin=1))
