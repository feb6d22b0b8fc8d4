"""Learning-rate schedules: pure functions of the iteration."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

from rnnviz.trace.errors import UserError

ScheduleKind = Literal["constant", "step", "exponential", "cosine", "linear", "inverse-sqrt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """By how much to scale the learning rate at iteration n = 0, 1, 2, …

    The result is a factor, so that the rate itself can be changed by hand while training runs.
    ``warmup`` iterations of linear rise from 1/warmup to 1 come first; n below counts from
    the end of the warm-up.

    - constant: 1
    - step: factor^⌊n / every⌋
    - exponential: factor^(n / every)
    - cosine: final + (1 − final)(1 + cos(π n / iterations)) / 2, then final
      (Loshchilov, Hutter 2017)
    - linear: from 1 to final over ``iterations``, then final
    - inverse-sqrt: √(w / (w + n)) with w = max(1, warmup) (as in Vaswani et al. 2017)

    Raises:
        UserError: if a value is out of range.
    """

    kind: ScheduleKind = "constant"
    warmup: int = 0
    every: int = 1000
    factor: float = 0.5
    iterations: int = 10_000
    final: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in get_args(ScheduleKind):
            allowed = ", ".join(get_args(ScheduleKind))
            raise UserError(f"there is no schedule {self.kind!r}; use one of {allowed}")
        if self.warmup < 0:
            raise UserError(f"warmup is {self.warmup} iterations; use 0 or more")
        for name in ("every", "iterations"):
            if getattr(self, name) < 1:
                raise UserError(f"the schedule's {name} is {getattr(self, name)}; use 1 or more")
        if not 0.0 < self.factor <= 1.0:
            raise UserError(f"the schedule's factor is {self.factor}; use one above 0 up to 1")
        if not 0.0 <= self.final <= 1.0:
            raise UserError(f"the schedule's final share is {self.final}; use one from 0 to 1")

    @property
    def idle_from(self) -> int | None:
        """The first iteration whose factor is 0, as are all after it; None if there is none."""
        falls = self.kind in ("cosine", "linear") and self.final == 0.0
        return self.warmup + self.iterations if falls else None

    def __call__(self, iteration: int) -> float:
        """The factor at ``iteration``, from 0 to 1."""
        if iteration < self.warmup:
            return (iteration + 1) / self.warmup
        n = iteration - self.warmup
        match self.kind:
            case "step":
                return float(self.factor ** (n // self.every))
            case "exponential":
                return float(self.factor ** (n / self.every))
            case "cosine":
                share = (1.0 + math.cos(math.pi * min(1.0, n / self.iterations))) / 2.0
                return self.final + (1.0 - self.final) * share
            case "linear":
                return 1.0 - (1.0 - self.final) * min(1.0, n / self.iterations)
            case "inverse-sqrt":
                start = max(1, self.warmup)
                return math.sqrt(start / (start + n))
            case _:
                return 1.0
