"""The two icons that Teams asks for: a speech bubble with a tick, drawn here to take the operator's colour."""

import struct
import zlib
from collections.abc import Callable
from functools import cache

Pixel = tuple[int, int, int, int]
SAMPLES = 3  # per pixel and direction: smooth edges

COLOUR_SIDE, OUTLINE_SIDE = 192, 32
WHITE: Pixel = (255, 255, 255, 255)
NOTHING: Pixel = (255, 255, 255, 0)


@cache
def colour_icon(colour: str) -> bytes:
    """192 by 192 pixels, as Teams wants it: the bubble in white on the colour ``#rrggbb``."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    ground = (red, green, blue, 255)
    return _png(COLOUR_SIDE, lambda x, y: WHITE if _sign(x, y) else ground)


@cache
def outline_icon() -> bytes:
    """32 by 32 pixels, white on nothing."""
    return _png(OUTLINE_SIDE, lambda x, y: WHITE if _sign(x, y) else NOTHING)


def _sign(x: float, y: float) -> bool:
    """Whether a point, both from 0 to 1, is part of the sign: a bubble with its tail, less the tick in it."""
    return (_bubble(x, y) or _tail(x, y)) and not _tick(x, y)


def _bubble(x: float, y: float) -> bool:
    corner, left, right, top, bottom = 0.1, 0.18, 0.82, 0.2, 0.68
    dx = max(left + corner - x, x - right + corner, 0.0)
    dy = max(top + corner - y, y - bottom + corner, 0.0)
    return dx * dx + dy * dy <= corner * corner


def _tail(x: float, y: float) -> bool:
    return 0.66 <= y <= 0.84 and 0.3 <= x <= 0.3 + (0.84 - y)


def _tick(x: float, y: float) -> bool:
    return min(_distance(x, y, 0.36, 0.45, 0.46, 0.55), _distance(x, y, 0.46, 0.55, 0.65, 0.34)) <= 0.04


def _distance(x: float, y: float, ax: float, ay: float, bx: float, by: float) -> float:
    """From a point to the line from a to b."""
    along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
    along = min(1.0, max(0.0, along))
    return float(((x - ax - along * (bx - ax)) ** 2 + (y - ay - along * (by - ay)) ** 2) ** 0.5)


def _png(side: int, at: Callable[[float, float], Pixel]) -> bytes:
    rows = b"".join(b"\0" + b"".join(bytes(_pixel(side, x, y, at)) for x in range(side)) for y in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _pixel(side: int, x: int, y: int, at: Callable[[float, float], Pixel]) -> Pixel:
    steps = [(step + 0.5) / SAMPLES for step in range(SAMPLES)]
    seen = [at((x + right) / side, (y + down) / side) for down in steps for right in steps]
    red, green, blue, alpha = (sum(one[part] for one in seen) // len(seen) for part in range(4))
    return red, green, blue, alpha


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
