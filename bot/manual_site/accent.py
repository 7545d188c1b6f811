"""Derive the design tokens of the operator's accent colour, adjusted until they are readable.

support.yml names one ``colour``. Used as it is, a pale yellow would give unreadable links; so its lightness is lowered
for light pages and raised for dark ones until it reaches the contrast that WCAG 2.2 requires of text:
https://www.w3.org/TR/WCAG22/#contrast-minimum Hue and saturation stay.
"""

from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass

Rgb = tuple[float, float, float]
"""Red, green and blue from 0 to 1."""

READABLE = 4.5
_STEPS = 50


@dataclass(frozen=True)
class Scheme:
    """Light or dark: the backgrounds of tokens.css under the accent, and the text colour on the accent.

    ``lightness`` is the target of an unreadable colour, ``wash`` the share of the accent in its own background.
    """

    grounds: tuple[str, ...]
    text: str
    lightness: float
    wash: float


LIGHT = Scheme(("#fcfcfa", "#f3f3ee", "#ffffff"), "#ffffff", 0, 0.12)
DARK = Scheme(("#141817", "#1d2322", "#242b29"), "#0c1413", 1, 0.18)


def accent_sheet(colour: str) -> str:
    """Return a style sheet that sets the accent's tokens to ``colour`` (``#rrggbb``), loaded after tokens.css."""
    light, dark = _tokens(colour, LIGHT), _tokens(colour, DARK)
    return f":root {{{light}}}\n@media (prefers-color-scheme: dark) {{\n  :root {{{dark}}}\n}}\n"


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 (the same) to 21 (black on white).

    https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
    """
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
    """Return the colour with its lightness moved by ``share`` towards the target."""
    hue, before, saturation = rgb_to_hls(*_rgb(colour))
    return _hex(hls_to_rgb(hue, before + (lightness - before) * share, saturation))


def _mix(one: str, other: str, share: float) -> str:
    """Return the mixture with ``share`` of the other colour."""
    red, green, blue = (a + (b - a) * share for a, b in zip(_rgb(one), _rgb(other), strict=True))
    return _hex((red, green, blue))


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _hex(colour: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)


def _luminance(colour: Rgb) -> float:
    """Return the relative luminance: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
