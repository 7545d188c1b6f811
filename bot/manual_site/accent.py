"""The operator's accent colour as design tokens, shifted as far as it must be to stay readable.

support.yml names one ``colour``. Used as it is, a pale yellow would give links that nobody can read; so it is
darkened for light pages and lightened for dark ones until it reaches the contrast that WCAG 2.2 asks of text.
"""

Rgb = tuple[float, float, float]

TEXT_CONTRAST = 4.5
WHITE: Rgb = (255, 255, 255)
BLACK: Rgb = (0, 0, 0)
# The grounds of tokens.css that the accent is written on; a test holds them to be the same.
LIGHT_GROUNDS = ("#fcfcfa", "#f3f3ee", "#ffffff")
DARK_GROUNDS = ("#141817", "#1d2322", "#242b29")
DARK_TEXT = "#0c1413"
_STEPS = 40


def accent_sheet(colour: str) -> str:
    """A style sheet that sets the accent's tokens to ``colour`` (``#rrggbb``), loaded after tokens.css."""
    light = _tokens(colour, LIGHT_GROUNDS, BLACK, 0.12, "#ffffff")
    dark = _tokens(colour, DARK_GROUNDS, WHITE, 0.18, DARK_TEXT)
    return f":root {{{light}}}\n@media (prefers-color-scheme: dark) {{\n  :root {{{dark}}}\n}}\n"


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours by WCAG 2.2: from 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))))
    return (lighter + 0.05) / (darker + 0.05)


def _tokens(colour: str, grounds: tuple[str, ...], towards: Rgb, share: float, text: str) -> str:
    for step in range(_STEPS + 1):
        accent = _mix(_rgb(colour), towards, step / _STEPS)
        wash = _mix(_rgb(grounds[0]), _rgb(accent), share)
        if min(contrast(accent, ground) for ground in (*grounds, wash, text)) >= TEXT_CONTRAST:
            break
    return f" --colour-accent: {accent}; --colour-accent-text: {text}; --colour-accent-wash: {wash}; "


def _mix(one: Rgb, other: Rgb, share: float) -> str:
    """``share`` of the other colour in the one."""
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(one, other, strict=True))


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return red, green, blue


def _luminance(colour: Rgb) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [part / 255 for part in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
