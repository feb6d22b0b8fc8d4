"""How far back does the gradient reach? The same sequences, a vanilla network and an LSTM."""

import numpy as np

from rnnviz import Run, RunConfig
from rnnviz.session import ModelOptions, TrainingOptions

for cell in ("rnn", "lstm"):
    config = RunConfig(
        task="copy",
        model=ModelOptions(cell=cell, hidden_size=32),
        training=TrainingOptions(iterations=20, batch_size=16),
    )
    trace = Run.create(config).train().trace()
    norms = np.linalg.norm(trace["dL_dh_l0"], axis=(1, 2))
    print(f"{cell:5} ‖∂L/∂h_t‖ at each step:", " ".join(f"{norm:.1e}" for norm in norms))
