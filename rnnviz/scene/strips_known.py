"""Which columns of a strip the cursor has computed."""

from __future__ import annotations

from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_catalog import Strip


def known_columns(state: ViewState, strip: Strip) -> range | None:
    """Columns of a strip that the cursor has computed; None where nothing is computed.

    An empty range stands at the end at which its computation begins.
    """
    part, timeline, done = strip.part, state.timeline, state.cursor.done
    if strip.is_input:
        return None
    if strip.family == "norms":
        found = _known_backward(state, strip)
        return found if len(found) else range(part.stop, part.stop)
    if strip.name == "targets":
        return None
    if strip.family == "loss":
        found = timeline.known(done, "forward", "loss")
    elif strip.family == "outputs" or strip.name == "attention":
        found = timeline.known(done, "forward", "output")
    else:
        found = timeline.known(done, "forward", "state", strip.layer, part.prefix)
    return found if len(found) else range(part.start, part.start)


def _known_backward(state: ViewState, strip: Strip) -> range:
    """Columns whose gradient is there: of outputs with the output's, of inputs with that of the
    layer that reads them."""
    timeline, done = state.timeline, state.cursor.done
    if strip.name in ("dL_dlogits", "step_norm_W_hy"):
        return timeline.known(done, "backward", "output")
    layer = strip.layer or state.trace.spec.layer_names(strip.part.prefix)[0]
    return timeline.known(done, "backward", "state", layer, strip.part.prefix)
