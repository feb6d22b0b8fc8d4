"""Only the engine: a spec, a network, a batch, gradients and a trace."""

import numpy as np

from rnnviz import ModelSpec, Network
from rnnviz.engine import Batch, make_optimizer

spec = ModelSpec(input_size=4, hidden_size=8, output_size=4, cell="gru")
net = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float64)
optimizer = make_optimizer("adam", net.params, learning_rate=0.01)
hello = np.array([0, 1, 2, 2, 3])[:, None]  # h e l l o, one sequence
batch = Batch(tokens=hello[:-1], targets=hello[1:])
for _ in range(100):
    loss = net.loss_and_gradients(batch)
    optimizer.step(net.grads)
trace = net.trace(batch)
gate = trace["z_l0"].mean(axis=(1, 2))
print(f"loss {loss:.4f}; the update gate z, its mean at each step: {gate.round(3)}")
