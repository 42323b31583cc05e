"""The Kreise as shapes, for a map with figures: read once from ``data/kreise_sachsen.svg``, which names its source."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).parent.parent / "data" / "kreise_sachsen.svg"
VIEW_BOX: Final = "-4 -4 808 613"
_PATH: Final = re.compile(r'<path id="kreis-(\d{5})" class="kreis" d="([^"]+)"')
_POINT: Final = re.compile(r"(-?[\d.]+),(-?[\d.]+)")

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shape:
    """The outline of a Kreis (SVG path data), and where its figure is written."""

    ags: str
    path: str
    x: float
    y: float


@cache
def shapes() -> tuple[Shape, ...]:
    """All Kreise; cities that lie inside another Kreis come last, so that they are drawn above it."""
    found = _PATH.findall(FILE.read_text(encoding="utf-8"))
    ordered = sorted(found, key=lambda one: -abs(_area(_largest(one[1]))))
    return tuple(Shape(ags, path, *_middle(_largest(path))) for ags, path in ordered)


def _largest(path: str) -> list[Point]:
    """The largest of the rings that a path draws."""
    rings = [[(float(x), float(y)) for x, y in _POINT.findall(ring)] for ring in path.split("M") if ring]
    return max(rings, key=lambda ring: abs(_area(ring)))


def _area(ring: list[Point]) -> float:
    """The signed area of a ring (the shoelace formula)."""
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True)) / 2


def _middle(ring: list[Point]) -> Point:
    """The centre of mass of a ring."""
    area, x, y = _area(ring), 0.0, 0.0
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = ax * by - bx * ay
        x += (ax + bx) * cross
        y += (ay + by) * cross
    return round(x / (6 * area), 1), round(y / (6 * area), 1)
