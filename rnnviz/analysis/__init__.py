"""Floor 3: what can be said about a trace: Jacobians, contributions, memory, what-if."""

from rnnviz.analysis.analyze import ANALYSES, OPTIONS, analyze
from rnnviz.analysis.contributions import Contributions, WalkedBack, contributions, walk_back
from rnnviz.analysis.health import Clipping, Health, clip_by_norm, clipping, health, perplexity
from rnnviz.analysis.jacobians import (
    ProductSpectra,
    frobenius_norms,
    jacobian_spectra,
    lyapunov_exponents,
    product_spectra,
    singular_values,
    step_jacobians,
)
from rnnviz.analysis.layers import LayerName, layer_named, layer_names
from rnnviz.analysis.matches import Match, find_matches, select_units
from rnnviz.analysis.memory import Memory, memory
from rnnviz.analysis.progress import Cancelled, Progress
from rnnviz.analysis.replay.network import replay
from rnnviz.analysis.response import Response, expected_response
from rnnviz.analysis.saturation import Saturation, saturation
from rnnviz.analysis.shares import recurrent_shares, share_alignment, step_share_norms
from rnnviz.analysis.single_loss import single_loss
from rnnviz.analysis.table import table_rows, write_arrays, write_table
from rnnviz.analysis.trajectory import Axes, Trajectory, aligned, principal_axes, trajectory
from rnnviz.analysis.vanishing import (
    at_strength,
    with_largest_singular_value,
    with_spectral_radius,
)
from rnnviz.analysis.weights import WeightSpectrum, spectrum, weight_spectra
from rnnviz.analysis.whatif import Edit, WhatIf, kl_divergence, what_if

__all__ = [
    "ANALYSES",
    "OPTIONS",
    "Axes",
    "Cancelled",
    "Clipping",
    "Contributions",
    "Edit",
    "Health",
    "LayerName",
    "Match",
    "Memory",
    "ProductSpectra",
    "Progress",
    "Response",
    "Saturation",
    "Trajectory",
    "WalkedBack",
    "WeightSpectrum",
    "WhatIf",
    "aligned",
    "analyze",
    "at_strength",
    "clip_by_norm",
    "clipping",
    "contributions",
    "expected_response",
    "find_matches",
    "frobenius_norms",
    "health",
    "jacobian_spectra",
    "kl_divergence",
    "layer_named",
    "layer_names",
    "lyapunov_exponents",
    "memory",
    "perplexity",
    "principal_axes",
    "product_spectra",
    "recurrent_shares",
    "replay",
    "saturation",
    "select_units",
    "share_alignment",
    "single_loss",
    "singular_values",
    "spectrum",
    "step_jacobians",
    "step_share_norms",
    "table_rows",
    "trajectory",
    "walk_back",
    "weight_spectra",
    "what_if",
    "with_largest_singular_value",
    "with_spectral_radius",
    "write_arrays",
    "write_table",
]
