"""Each step's share of a weight gradient, and how far the shares agree."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.layers import LayerName, find, layer_named
from rnnviz.analysis.replay.normalisation import normalised, normed_widths
from rnnviz.analysis.replay.tape import Tape
from rnnviz.trace import Trace, UserError

Array = NDArray[Any]


def step_share_norms(dz: Array, source: Array) -> Array:
    """‖Σ_b dz_{t,b} s_{t,b}ᵀ‖_F of every step: ``dz`` (T, B, G), ``source`` (T, B, F) → (T,).

    Exact without forming a (G, F) matrix: √(Σ_{b,b'} (dz_b·dz_{b'}) (s_b·s_{b'})), two B×B Gram
    matrices a step. Source: the trace identity tr(A Aᵀ) for A = Σ_b dz_b s_bᵀ.
    """
    dz = np.asarray(dz, dtype=np.float64)
    source = np.asarray(source, dtype=np.float64)
    grams = np.matmul(dz, dz.transpose(0, 2, 1)) * np.matmul(source, source.transpose(0, 2, 1))
    # Rounding can leave a tiny negative sum where sequences cancel.
    return np.asarray(np.sqrt(np.maximum(grams.sum(axis=(1, 2)), 0.0)))


def share_alignment(dz: Array, source: Array) -> Array:
    """⟨A_t, G⟩ / ‖G‖²_F for A_t = Σ_b dz_{t,b} s_{t,b}ᵀ and G = Σ_t A_t: (T,), sums to 1.

    ``dz`` (T, B, G), ``source`` (T, B, F). Signed: a negative share is a step that pulls the
    weights the other way. All 0 where G is. Source: the projection of A_t on G, ours, as
    those of `contributions`.
    """
    dz = np.asarray(dz, dtype=np.float64)
    source = np.asarray(source, dtype=np.float64)
    total = np.einsum("tbg,tbf->gf", dz, source)
    along = np.einsum("tbg,gf,tbf->t", dz, total, source, optimize=True)
    square = float((total**2).sum())
    return np.asarray(along / square if square > 0.0 else np.zeros(len(dz)))


def recurrent_shares(trace: Trace, layer: str | None = None) -> tuple[Array, Array]:
    """‖A_t‖_F (T,) and ⟨A_t, G⟩/‖G‖² (T,) of G = ∂L/∂W_hh = Σ_t A_t of one layer, in time order.

    A_t = Σ_b dz_{t,b} h_{t−1,b}ᵀ. Source: backpropagation through time, Werbos, Proc. IEEE 78
    (1990).

    dz is the gradient at the recurrent product W_hh h_{t−1}: ``dL_da``, in the GRU's n block times
    r, and in a layer-normalised cell taken back through the norm. Jordan: of ∂L/∂W_yh.

    Raises:
        UserError: if the trace has no gradients.
    """
    if not trace.has_gradients:
        raise UserError("this trace has no gradients to share out; take it from a training pass")
    name = layer_named(trace, layer)
    dz = np.asarray(find(trace, f"dL_d{name.array('a')}"))
    if trace.spec.cell == "gru":
        H = trace.spec.hidden_size
        dz = np.concatenate([dz[..., : 2 * H], dz[..., 2 * H :] * find(trace, name.array("r"))], -1)
    source = _previous_source(trace, name)
    if trace.spec.layer_norm:
        dz = _before_norm(trace, name, dz, source)
    return step_share_norms(dz, source), share_alignment(dz, source)


def _before_norm(trace: Trace, name: LayerName, at_norm: Array, source: Array) -> Array:
    """The gradient at v = W_hh h_{t−1} from that at LN(v; gain_h): (T, B, G·H) both."""
    tape = Tape()
    product = tape.leaf(source @ find(trace, name.array("W_hh")).T)
    gain = tape.leaf(find(trace, name.array("gain_h")))
    seen = normalised(product, gain, normed_widths(trace.spec))
    tape.backward((seen * at_norm).sum())
    return product.gradient


def _previous_source(trace: Trace, name: LayerName) -> Array:
    """What W_hh multiplies at each step: h_{t−1} (T, B, H), or y_{t−1} of a jordan cell."""
    if trace.spec.cell == "jordan":
        values, initial = find(trace, "logits"), trace.get(name.array("y0"))
    else:
        values, initial = find(trace, name.array("h")), trace.get(name.array("h0"))
    first = np.zeros_like(values[:1]) if initial is None else initial[None]
    parts = [values[1:], first] if name.reverse else [first, values[:-1]]
    return np.concatenate(parts)
