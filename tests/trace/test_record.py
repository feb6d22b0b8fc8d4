"""What a trace says of itself."""

from dataclasses import replace

import numpy as np

from rnnviz.trace import ModelSpec, Trace, Update


def test_a_pass_computed_again_is_of_weights_that_had_not_been_updated_by_it() -> None:
    spec = ModelSpec(input_size=3, hidden_size=2, output_size=3)
    arrays = {"h_l0": np.zeros((4, 1, 2)), "logits": np.zeros((4, 1, 3))}
    shown = Trace(spec, arrays, iteration=7)
    made = replace(shown, update=Update("sgd", 0.1, 1.0, 1.0, None, 2.0, 0.1))
    other = {**arrays, "h_l0": np.ones((4, 1, 2))}
    for trace, seen in ((shown, 7), (made, 6)):
        again = trace.recomputed(other)
        assert (again.iteration, again.update) == (seen, None)
        assert again["h_l0"].all()
