"""Build a model, train it, take a trace and save it."""

from rnnviz import Run, RunConfig
from rnnviz.trace.files import save_trace

run = Run.create(RunConfig(task="hello", seed=0))
run.train(300)
trace = run.trace()
save_trace(trace, "hello.npz")
print(f"loss {trace['loss_total']:.4f}, hidden states {trace['h_l0'].shape}")
