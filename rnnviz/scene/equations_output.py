"""The equations above the recurrence: outputs, losses, attention, and what the optimiser does."""

from __future__ import annotations

from rnnviz.scene.equations_backward import delta
from rnnviz.scene.equations_forward import Formula
from rnnviz.scene.equations_symbols import LayerSymbols, atom, gradient
from rnnviz.trace import ModelSpec


def top_state(spec: ModelSpec, step: int) -> str:
    """What W_hy is applied to at a step."""
    prefix = spec.prefixes[-1]
    layers = spec.layer_names(prefix)
    if spec.attention != "none":
        return atom(rf"\tilde{{h}}_{{{step}}}")
    if spec.head == "mean":
        return atom(rf"\bar{{h}}_{{{step}}}")
    if spec.head == "max":
        return atom(rf"h_{{{step}}}^{{\max}}")
    top = LayerSymbols(spec, prefix, layers[-1])
    letter = "u" if top.hands_up_more else "h"
    if len(spec.directions(prefix)) == 2 and (spec.head == "last" or letter == "h"):
        # The last state of the reverse direction is that of the first step.
        ends = (step, 1 if spec.head == "last" else step)
        ahead, back = (
            LayerSymbols(spec, prefix, name).at(letter, at)
            for name, at in zip(layers[-2:], ends, strict=True)
        )
        return rf"[{ahead};\,{back}]"
    return top.handed_up(step) if top.hands_up_more else top.at("h", step)


def output_formulas(spec: ModelSpec, step: int) -> tuple[Formula, ...]:
    """The outputs before the softmax, and the softmax where there is one."""
    y = atom(f"y_{{{step}}}")
    formulas: list[Formula] = [(rf"{y} = {atom('W_{hy}')}\,{top_state(spec, step)}", r"{}+ b_{y}")]
    if spec.attention != "none":
        prefix = spec.prefixes[-1]
        asking = LayerSymbols(spec, prefix, spec.layer_names(prefix)[-1])
        query = asking.handed_up(step) if asking.hands_up_more else asking.at("h", step)
        attended = (
            rf"\tilde{{h}}_{{{step}}} = \tanh(W_{{c}}\,[{query};\,",
            rf"\Sigma_{{s}}\,\alpha_{{{step},s}}\,{_looked_at(spec)}])",
        )
        formulas.insert(0, attended)
    top = LayerSymbols(spec, spec.prefixes[-1], spec.layer_names(spec.prefixes[-1])[-1])
    pooled = "u" if top.hands_up_more else "h"
    if spec.head == "mean":
        mean = rf"\mathrm{{mean}}_{{k\leq {step}}}\,{pooled}_{{k}}"
        formulas.insert(0, (rf"\bar{{h}}_{{{step}}} = {mean}",))
    if spec.head == "max":
        largest = rf"\max_{{k\leq {step}}}\,{pooled}_{{k}}"
        formulas.insert(0, (rf"h_{{{step}}}^{{\max}} = {largest}",))
    if top.hands_up_more and spec.attention == "none":
        formulas.insert(0, _handed_up(top, step))
    if spec.loss == "cross-entropy":
        said = atom(rf"\hat{{y}}_{{{step}}}")
        formulas.append((rf"{said} = \mathrm{{softmax}}({y})",))
    return tuple(formulas)


def _handed_up(top: LayerSymbols, step: int) -> Formula:
    """What goes upwards from the top layer: d is the dropout mask, 0 or 1/(1 − p)."""
    spec, names = top.spec, top.spec.layer_names(top.prefix)
    both = len(spec.directions(top.prefix))
    states = [LayerSymbols(spec, top.prefix, name).at("h", step) for name in names[-both:]]
    state = states[0] if both == 1 else rf"[{states[0]};\,{states[1]}]"
    dropped = rf"d_{{{step}}}\odot " if spec.dropout > 0.0 else ""
    made = rf"{top.handed_up(step)} = {dropped}{state}"
    if not spec.residual or top.number == 0:
        return (made,)
    return (made, rf"{{}}+ {top.source(step)}")


def output_gradient(spec: ModelSpec, step: int, *, last: bool = True) -> Formula:
    """∂L/∂y_t: what is said minus what should be said, times the weight of the step.

    A jordan cell reads y_t again at the next step, which hands a gradient back; `last` is the
    step after which none does.
    """
    said = atom(rf"\hat{{y}}_{{{step}}}" if spec.loss == "cross-entropy" else f"y_{{{step}}}")
    own = rf"{gradient(f'y_{{{step}}}')} = m_{{{step}}}\,({said} - y_{{{step}}}^{{*}})"
    if spec.cell != "jordan" or last:
        return (own,)
    turned = atom(r"W_{yh}^{\top}")
    return (own, rf"{{}}+ {turned}\,{delta(step + 1)}")


def attention_formula(spec: ModelSpec, step: int) -> Formula:
    """α_ts: how much each input step counts (Bahdanau et al. 2015, Luong et al. 2015)."""
    letter = _looked_at(spec)[0]
    query, key = f"{letter}_{{{step}}}^{{\\text{{dec}}}}", _looked_at(spec)
    # A state of both directions is twice as wide as what asks for it.
    narrowed = r"W_{mem}\," if spec.bidirectional else ""
    score = {
        "dot": rf"{query}\cdot {narrowed}{key}",
        "general": rf"{query}\cdot W_{{a}}\,{key}",
        "additive": rf"v_{{a}}\cdot\tanh(W_{{a}}\,{query} + U_{{a}}\,{key})",
    }.get(spec.attention, "0")
    return (rf"\alpha_{{{step},s}} = \mathrm{{softmax}}_{{s}}({score})",)


def _looked_at(spec: ModelSpec) -> str:
    """What the encoder's top layer hands to the attention: its states, or what becomes of them."""
    summed = spec.dropout > 0.0 or (spec.residual and spec.layers > 1)
    return rf"{'u' if summed else 'h'}_{{s}}^{{\text{{enc}}}}"


def context_formula(spec: ModelSpec, step: int) -> Formula:
    """What the attention of a step picks out of the encoder."""
    context = _context(step)
    return (rf"{context} = \Sigma_{{s}}\,\alpha_{{{step},s}}\,{_looked_at(spec)}",)


def attention_gradient(spec: ModelSpec, step: int) -> Formula:
    """∂L/∂α_ts: how well a state of the encoder points along the gradient at the context."""
    slope = gradient(_context(step))
    weight = rf"\frac{{\partial L}}{{\partial \alpha_{{{step},s}}}}"
    return (rf"{weight} = {_looked_at(spec)}\cdot{slope}",)


def _context(step: int) -> str:
    return atom(rf"\text{{context}}_{{{step}}}")


def loss_formula(spec: ModelSpec, step: int) -> Formula:
    """The loss of one step."""
    if spec.loss == "cross-entropy":
        said = atom(rf"\hat{{y}}_{{{step}}}")
        return (rf"{atom(f'L_{{{step}}}')} = -\log\,{said}[\text{{target}}]",)
    return (
        rf"{atom(f'L_{{{step}}}')} = \frac{{1}}{{2}}",
        rf"\Sigma_{{v}}\,({atom(f'y_{{{step}}}')} - y_{{{step}}}^{{*}})^{{2}}",
    )


def total_formula() -> Formula:
    """The scalar that is differentiated."""
    return (r"L = \Sigma_{t}\,m_{t}\,L_{t}",)
