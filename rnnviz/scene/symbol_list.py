"""What the letters of the equations and figures stand for, one line each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Symbol:
    """`sign` is simple HTML as it is shown; `heads` are the letters of the equations, without
    indices and as LaTeX, that this line explains."""

    sign: str
    words: str
    heads: tuple[str, ...]


SYMBOLS: dict[str, tuple[Symbol, ...]] = {
    "States and outputs": (
        Symbol("x<sub>t</sub>", "input at step t", ("x",)),
        Symbol("h<sub>t</sub>", "hidden state after step t; h<sub>0</sub> at the start", ("h",)),
        Symbol("onehot(w<sub>t</sub>)", "1 at the place of token w<sub>t</sub>, else 0",
               (r"\mathrm{onehot}",)),
        Symbol("embedding(w<sub>t</sub>)", "the row of token w<sub>t</sub>, learned",
               (r"\mathrm{embedding}",)),
        Symbol("a<sub>t</sub>", "pre-activation: products and bias summed", ("a",)),
        Symbol("u<sub>t</sub>", "what a layer hands up, where that is not h<sub>t</sub>", ("u",)),
        Symbol("d<sub>t</sub>", "units that dropout leaves, and their factor", ("d",)),
        Symbol("y<sub>t</sub>", "output before softmax (logits)", ("y",)),
        Symbol("ŷ<sub>t</sub>", "prediction: softmax of y<sub>t</sub>", (r"\hat{y}",)),
        Symbol("y*<sub>t</sub>", "target: what the output should be", ("*",)),
        Symbol("h̄, h<sup>max</sup>", "mean or greatest of the states so far", (r"\bar", r"\max")),
    ),
    "Parameters": (
        Symbol("W<sub>xh</sub>", "weights from the input to the hidden state", ("W",)),
        Symbol("W<sub>hh</sub>", "weights from one hidden state to the next", ()),
        Symbol("W<sub>hy</sub>", "weights from the hidden state to the output", ()),
        Symbol("W<sub>yh</sub>", "weights from the output before (Jordan network)", ()),
        Symbol("W<sub>xi</sub>, W<sub>hi</sub>, …", "the same of a gate: i, f, o, g, r, z, n", ()),
        Symbol("w<sub>ci</sub>, w<sub>cf</sub>, …", "peepholes: from c to a gate", ("w",)),
        Symbol("b", "biases", ("b",)),
        Symbol("W<sup>(2)</sup>, W<sup>→</sup>, W<sup>enc</sup>",
               "of layer 2, a direction, the encoder", (r"\leftarrow", r"\rightarrow")),
        Symbol("W<sub>ch</sub>", "weights from a picture's context to h<sub>0</sub>", ()),
    ),
    "LSTM and GRU": (
        Symbol("c<sub>t</sub>", "cell state of an LSTM", ("c",)),
        Symbol("i, f, o", "input, forget, output gate: write, keep, show",
               ("i", "f", "o")),
        Symbol("g", "what an LSTM could write", ("g",)),
        Symbol("r, z", "reset and update gate of a GRU", ("r", "z")),
        Symbol("n", "new state that a GRU proposes", ("n",)),
        Symbol("m (GRU)", "the recurrent product that r scales", ("m",)),
    ),
    "Losses and gradients": (
        Symbol("L<sub>t</sub>", "loss of step t", ("L",)),
        Symbol("L", "loss of the pass: sum over steps, mean over a batch", ()),
        Symbol("m<sub>t</sub>", "how much the loss of a step counts", ()),
        Symbol("∂L/∂h<sub>t</sub>", "gradient: how L changes with h<sub>t</sub>", (r"\partial",)),
        Symbol("δ<sub>t</sub>", "∂L/∂a<sub>t</sub>: before the activation",
               (r"\delta",)),
        Symbol("J<sub>t</sub>", "Jacobian ∂h<sub>t</sub>/∂h<sub>t−1</sub>; of (h, c) in an LSTM",
               ("J",)),
        Symbol("ρ", "spectral radius: greatest |λ| of W<sub>hh</sub>", ()),
        Symbol("σ₁", "largest singular value: most a matrix can stretch", ()),
        Symbol("‖·‖", "Euclidean norm: root of the sum of squares", ()),
    ),
    "Signs and functions": (
        Symbol("⊙", "product number by number", (r"\odot",)),
        Symbol("·", "sum of such products", (r"\cdot",)),
        Symbol("⊤", "transposed", (r"\top",)),
        Symbol("▸, ∎", "⟨start⟩, ⟨end⟩ in little room", ()),
        Symbol("Σ", "sum", (r"\Sigma",)),
        Symbol("σ, tanh, ReLU", "activations: 0…1, −1…1, 0…∞; linear: none",
               (r"\sigma", r"\tanh", r"\mathrm{ReLU}")),
        Symbol("ReLU′", "slope of an activation", ("'",)),
        Symbol("softmax", "to shares that sum to 1", (r"\mathrm{softmax}",)),
        Symbol("log", "natural logarithm", (r"\log",)),
        Symbol("mean", "mean over the steps", (r"\mathrm{mean}",)),
        Symbol("LN", "layer normalisation", (r"\mathrm{LN}",)),
        Symbol("t, k, s", "a step, those summed over", ("t", "k", "s")),
    ),
    "Attention": (
        Symbol("α<sub>t,s</sub>", "attention of step t to source word s", (r"\alpha",)),
        Symbol("context<sub>t</sub>", "source states, averaged so",
               (r"\text{context}",)),
        Symbol("h̃<sub>t</sub>", "decoder's state joined with the context", (r"\tilde",)),
        Symbol("v<sub>a</sub>, W<sub>a</sub>, U<sub>a</sub>, W<sub>mem</sub>",
               "parameters of the scores", ("v", "U")),
        Symbol("W<sub>c</sub>", "weights from context and state to h̃", ()),
        Symbol("W<sub>bridge</sub>", "from the encoder's end to the decoder's start", ()),
    ),
    "Update": (
        Symbol("η", "learning rate", (r"\eta",)),
        Symbol("ΔW", "what is added to the weights", (r"\Delta",)),
        Symbol("g (update)", "clipped gradient", ()),
        Symbol("m, v, G", "means or sums of past g, g⊙g",
               ("G", r"\hat{m}", r"\hat{v}")),
        Symbol("β, μ, ρ", "share of the past in them", (r"\beta", r"\mu", r"\rho")),
        Symbol("λ", "weight decay", (r"\lambda",)),
        Symbol("ε", "keeps from dividing by 0", (r"\varepsilon",)),
    ),
}  # fmt: skip
"""By groups, in the order in which a lecture comes to them."""
