"""What a strip is called: short where there is little room, never without what sets it apart."""

from __future__ import annotations

from dataclasses import dataclass

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_PARTS = {"encoder_": ("encoder", "enc."), "decoder_": ("decoder", "dec.")}


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose numbers a strip shows: a part, a layer (from 1; 0 where there is only one), and a
    direction. Strips that differ in nothing else differ in this."""

    prefix: str = ""
    layer: int = 0
    reverse: bool = False

    def forms(self, *, shared: bool = False) -> tuple[str, ...]:
        """From long to short, such as ``encoder, layer 2, reverse`` to ``enc. 2 ←``; none where
        there is nothing to tell apart. Of a row that both parts share the part is not said."""
        part = () if shared else _PARTS.get(self.prefix, ())
        layer = (f"layer {self.layer}", f"layer {self.layer}", f"{self.layer}")
        if not self.layer:
            layer = ("", "", "")
        way = ("reverse", "rev.", "←") if self.reverse else ("", "", "")
        long = [part[0] if part else "", layer[0], way[0]]
        middle = [part[-1] if part else "", layer[1], way[1]]
        short = [part[-1] if part else "", layer[2] if part or self.reverse else layer[1], way[2]]
        found = [", ".join(filter(None, long))]
        found += [" ".join(filter(None, words)) for words in (long, middle, short)]
        return tuple(form for form in dict.fromkeys(found) if form)

    @property
    def mark(self) -> str:
        """``⁽²⁾←``: the layer and the direction above a symbol."""
        number = f"⁽{str(self.layer).translate(_SUPERSCRIPTS)}⁾" if self.layer else ""
        return number + ("←" if self.reverse else "")


@dataclass(frozen=True, slots=True)
class Caption:
    """The words of a strip: its `title`, what it is `about` from long to short, and whose it is.

    `symbol` stands for the title where a line has little room, `brief` where it has next to none;
    ``{}`` in them is the place of the owner's mark.
    """

    title: str
    about: tuple[str, ...]
    symbol: str
    owner: Owner = Owner()
    brief: str = ""

    @property
    def name(self) -> str:
        """What it is and whose, in words: no two strips of a pass have the same."""
        return self.name_of_row()

    def name_of_row(self, *, shared: bool = False) -> str:
        """The same of a row that both parts may share."""
        owner = self.owner.forms(shared=shared)
        return f"{self.title} ({owner[0]})" if owner else self.title

    @property
    def full(self) -> str:
        """Everything there is to say, for a tip."""
        return f"{self.title} ({', '.join((*self.owner.forms()[:1], self.about[0]))})"

    @property
    def sign(self) -> str:
        """The symbol with its layer and direction."""
        return self.symbol.format(self.owner.mark)

    def below(self, *, shared: bool = False, extra: str = "") -> tuple[str, ...]:
        """The line below the title, from long to short: it begins with what sets the strip apart.

        `extra` is a figure that belongs there and outlives every word of what the strip is about.
        """
        owner, about = self.owner.forms(shared=shared), self.about
        if extra:
            about = (*(f"{each}, {extra}" for each in about), extra)
        if not owner:
            return (*((f"{about[0]}, both parts",) if shared else ()), *about)
        lines = [f"{owner[0]}, {each}" for each in about]
        lines += [f"{each}, {about[-1]}" for each in owner[1:]]
        return (*lines, *owner)

    def lines(self, *, shared: bool = False, extra: str = "") -> tuple[tuple[str, ...], ...]:
        """The same on as many lines as are needed to say everything: whose, and then what."""
        owner = self.owner.forms(shared=shared)
        about = Caption(self.title, self.about, self.symbol).below(extra=extra)
        return (owner, about) if owner else (about,)

    def alone(self, *, shared: bool = False) -> tuple[str, ...]:
        """The only line of a strip that has no more, from long to short."""
        owner = self.owner.forms(shared=shared)
        if not owner:
            return (self.title, self.sign)
        part = "" if shared else _PARTS.get(self.owner.prefix, ("", ""))[1]
        signs = (self.sign, (self.brief or self.symbol).format(self.owner.mark))
        short = (f"{part} {sign}".strip() for sign in signs)
        return (*(f"{self.title}, {each}" for each in owner), *short)
