"""Everything that can be done, in one table: menus, keys and the list of shortcuts come from it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """One thing the user can do.

    `menu` is a title, or a title and a submenu's after a slash; `keys` are portable key names, the
    first is shown in the menu.
    """

    id: str
    menu: str
    text: str
    keys: tuple[str, ...] = ()
    tip: str = ""
    checkable: bool = False
    separator: bool = False


_VISIONS = tuple(
    Command(f"vision-{name}", "&View/&Colour vision", text, (), tip, checkable=True)
    for name, text, tip in (
        ("typical", "&Typical", "Colours as they are"),
        ("protanopia", "&Protanopia (no red cones)", "As eyes without red cones see it"),
        ("deuteranopia", "&Deuteranopia (no green cones)", "As eyes without green cones see it"),
        ("tritanopia", "T&ritanopia (no blue cones)", "As eyes without blue cones see it"),
        ("achromatopsia", "&Achromatopsia (no colours)", "As eyes that see no colours see it"),
    )
)

COMMANDS: tuple[Command, ...] = (
    Command(
        "open-data",
        "&File",
        "Open &data…",
        ("Ctrl+D",),
        "Learn from a table (CSV), arrays (.npy, .npz) or a video",
    ),
    Command(
        "open-folder",
        "&File",
        "Open &folder of pictures…",
        (),
        "A sub-folder for each class, or pictures with a captions.csv",
    ),
    Command("open-text", "&File", "Open &text…", ("Ctrl+O",), "Train on a UTF-8 text file"),
    Command(
        "open-run",
        "&File",
        "Open &run or trace…",
        ("Ctrl+Shift+O",),
        "Open a .rnnviz run or an .npz trace",
    ),
    Command(
        "save-run",
        "&File",
        "&Save run…",
        ("Ctrl+S",),
        "Save weights, history and settings as a .rnnviz file",
        separator=True,
    ),
    Command(
        "save-trace",
        "&File",
        "Save tra&ce…",
        ("Ctrl+Shift+S",),
        "Save the pass on screen as an .npz file",
    ),
    Command(
        "save-numbers",
        "&File",
        "Save &numbers of this step…",
        (),
        "Every number of the step at the cursor as CSV",
    ),
    Command(
        "export-picture",
        "&File",
        "&Export picture…",
        ("Ctrl+E",),
        "Save the window or one view as PNG, SVG or PDF",
    ),
    Command(
        "export-film",
        "&File",
        "Export &animation…",
        ("Ctrl+Shift+E",),
        "Save the pass on screen, played, as MP4, GIF or WebP",
    ),
    Command(
        "quit", "&File", "&Quit", ("Ctrl+Q",), "Stop training and close the window", separator=True
    ),
    Command(
        "undo",
        "&Edit",
        "&Undo",
        ("Ctrl+Z",),
        "Back to the model before the last change, as it was trained",
    ),
    Command("redo", "&Edit", "&Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "The undone change again"),
    Command(
        "copy-numbers",
        "&Edit",
        "Copy &numbers of this step",
        ("Ctrl+C",),
        "Copy every number of the step at the cursor as a table",
        separator=True,
    ),
    Command(
        "copy-picture",
        "&Edit",
        "&Copy picture",
        ("Ctrl+Shift+C",),
        "Copy the window as a picture",
    ),
    Command("zoom-in", "&View", "Zoom &in", ("Ctrl++", "Ctrl+="), "Wider steps"),
    Command("zoom-out", "&View", "Zoom &out", ("Ctrl+-",), "Narrower steps"),
    Command("zoom-fit", "&View", "&Whole sequence", ("Ctrl+0",), "All steps in sight"),
    Command(
        "lab",
        "&View",
        "Gradient &laboratory",
        ("Ctrl+L",),
        "Jacobians, who caused which gradient, what-if: beside the stage",
        separator=True,
    ),
    Command(
        "lab-window",
        "&View",
        "Laboratory in a &window",
        ("Ctrl+Shift+L",),
        "Several figures of the laboratory at once",
    ),
    Command(
        "fold",
        "&View",
        "&Roll up or unroll",
        ("U",),
        "One cell with a loop, or the same cell at every step",
    ),
    Command(
        "cell",
        "&View",
        "&Inside of the cell",
        ("I",),
        "Open the cell at the cursor: matrices, gates and their numbers; also by double click",
    ),
    Command(
        "inward",
        "&View",
        "Go in &deeper",
        ("Return", "Enter"),
        "Into the cell at the cursor, then into one of its matrix products",
    ),
    Command(
        "outward",
        "&View",
        "Go &out again",
        ("Backspace",),
        "From a product to its cell, from a cell to the sequence",
    ),
    Command(
        "next-part",
        "&View",
        "&Next symbol or matrix",
        (".",),
        "Light the next symbol of the equation and what it stands for; the next matrix of a cell",
    ),
    Command(
        "previous-part",
        "&View",
        "Previou&s symbol or matrix",
        (",",),
        "Light the symbol before, or show the matrix before",
    ),
    Command(
        "theme-system",
        "&View",
        "Theme of the &system",
        (),
        "Light or dark as the desktop says",
        checkable=True,
        separator=True,
    ),
    Command("theme-light", "&View", "&Light theme", (), "Dark ink on light ground", checkable=True),
    Command("theme-dark", "&View", "&Dark theme", (), "Light ink on dark ground", checkable=True),
    *_VISIONS,
    Command(
        "still",
        "&View",
        "Without &motion",
        (),
        "Values change in place and do not travel along the wires",
        checkable=True,
        separator=True,
    ),
    Command(
        "full-screen",
        "&View",
        "&Full screen",
        ("F11",),
        "The window fills the screen",
        checkable=True,
    ),
    Command("fold-foot", "&View", "Fold curve, s&ample", ("F9",), "More stage", checkable=True),
    Command("reset-layout", "&View", "&Reset layout", (), "Panels as on the first start"),
    Command("train", "&Train", "&Train or pause", ("T",), "Start or pause training"),
    Command(
        "train-once", "&Train", "&One iteration", ("N",), "Train one iteration and show its pass"
    ),
    Command(
        "reset",
        "&Train",
        "&Reset, same seed",
        ("Ctrl+R",),
        "Back to iteration 0 with the same seed",
    ),
    Command(
        "slowly",
        "&Train",
        "S&lowly",
        (),
        "Rest after every iteration, to watch each update",
        checkable=True,
    ),
    Command("evaluate", "&Train", "&Evaluate", ("E",), "Score the model on held-out data"),
    Command(
        "sample",
        "&Train",
        "&Sample from the model",
        ("G",),
        "Let the model write: softmax, sample, feed back",
        separator=True,
    ),
    Command(
        "release",
        "&Train",
        "&Back to the training pass",
        ("Esc",),
        "From a sample or an example on the stage back to training",
    ),
    Command(
        "next-example",
        "&Train",
        "Ne&xt example",
        ("Ctrl+Down",),
        "Put the next example on the stage",
        separator=True,
    ),
    Command(
        "previous-example",
        "&Train",
        "&Previous example",
        ("Ctrl+Up",),
        "Put the example before on the stage",
    ),
    Command("play", "&Step", "&Play or pause", ("Space",), "Animate the pass on screen"),
    Command(
        "forward", "&Step", "Step &forward", ("Right", "PgDown"), "One step on, in the chosen unit"
    ),
    Command("back", "&Step", "Step &back", ("Left", "PgUp"), "One step back, in the chosen unit"),
    Command(
        "forward-ten",
        "&Step",
        "Ten steps forward",
        ("Up",),
        "Ten steps on; in a product the row above",
    ),
    Command(
        "back-ten",
        "&Step",
        "Ten steps back",
        ("Down",),
        "Ten steps back; in a product the row below",
    ),
    Command("start", "&Step", "To the &start", ("Home",), "Before the first operation"),
    Command("end", "&Step", "To the &end", ("End",), "The whole pass done"),
    Command(
        "play-backward",
        "&Step",
        "Play in &reverse",
        ("J",),
        "Run the animation backwards",
        separator=True,
    ),
    Command("stop", "&Step", "Sto&p", ("K",), "Stop the animation"),
    Command("play-forward", "&Step", "Play for&ward", ("L",), "Run the animation; again: faster"),
    Command("shortcuts", "&Help", "&Keyboard shortcuts", ("F1",), "All keys at a glance"),
    Command("about", "&Help", "&About rnnviz", (), "Version, licence and what this is"),
)
