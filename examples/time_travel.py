"""Go back in training time and try another learning rate from there."""

from rnnviz import Run, RunConfig

run = Run.create(RunConfig(task="hello")).train(300)
after_300 = run.history.column("loss")[-1]
run.travel(100)
run.set_learning_rate(0.3)
run.train(200)
print(f"loss {after_300:.4f} with 0.1, {run.history.column('loss')[-1]:.4f} with 0.3 from 100 on")
