"""What else changes in a configuration where one field of the panel does."""

import pytest

from rnnviz.app.config_edits import edited
from rnnviz.session.config import ModelOptions, RunConfig
from rnnviz.session.run import Run


@pytest.mark.parametrize(("field", "value"), [("layers", 1), ("cell", "jordan")])
def test_a_stack_that_becomes_one_layer_leaves_its_residual_sums_behind(
    field: str, value: object
) -> None:
    stack = RunConfig(model=ModelOptions(layers=3, residual=True))
    assert Run.create(edited(stack, "layers", 2)).spec.residual
    assert not Run.create(edited(stack, field, value)).spec.residual
