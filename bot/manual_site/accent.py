"""The operator's accent colour as design tokens, shifted as far as it must be to stay readable.

support.yml names one ``colour``. Used as it is, a pale yellow would give links that nobody can read; so its
lightness is lowered for light pages and raised for dark ones until it reaches the contrast that WCAG 2.2 asks
of text. Hue and saturation stay.
"""

from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass

Rgb = tuple[float, float, float]
"""Red, green and blue from 0 to 1."""

READABLE = 4.5
_STEPS = 50


@dataclass(frozen=True)
class Scheme:
    """Light or dark: the grounds of tokens.css that the accent is written on, and the text written on it.

    ``lightness`` is where an unreadable colour is led, ``wash`` how much accent is in its own ground.
    """

    grounds: tuple[str, ...]
    text: str
    lightness: float
    wash: float


LIGHT = Scheme(("#fcfcfa", "#f3f3ee", "#ffffff"), "#ffffff", 0, 0.12)
DARK = Scheme(("#141817", "#1d2322", "#242b29"), "#0c1413", 1, 0.18)


def accent_sheet(colour: str) -> str:
    """A style sheet that sets the accent's tokens to ``colour`` (``#rrggbb``), loaded after tokens.css."""
    light, dark = _tokens(colour, LIGHT), _tokens(colour, DARK)
    return f":root {{{light}}}\n@media (prefers-color-scheme: dark) {{\n  :root {{{dark}}}\n}}\n"


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours by WCAG 2.2: from 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))))
    return (lighter + 0.05) / (darker + 0.05)


def _tokens(colour: str, scheme: Scheme) -> str:
    for step in range(_STEPS + 1):
        accent = _relit(colour, scheme.lightness, step / _STEPS)
        wash = _mix(scheme.grounds[0], accent, scheme.wash)
        if min(contrast(accent, ground) for ground in (*scheme.grounds, wash, scheme.text)) >= READABLE:
            break
    return f" --colour-accent: {accent}; --colour-accent-text: {scheme.text}; --colour-accent-wash: {wash}; "


def _relit(colour: str, lightness: float, share: float) -> str:
    """The colour, its lightness moved by ``share`` of the way."""
    hue, before, saturation = rgb_to_hls(*_rgb(colour))
    return _hex(hls_to_rgb(hue, before + (lightness - before) * share, saturation))


def _mix(one: str, other: str, share: float) -> str:
    """``share`` of the other colour in the one."""
    red, green, blue = (a + (b - a) * share for a, b in zip(_rgb(one), _rgb(other), strict=True))
    return _hex((red, green, blue))


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _hex(colour: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)


def _luminance(colour: Rgb) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
