"""Findings of tuberculosis: what it adds to, and takes from, the attenuation of the lungs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lungseg.phantom.anatomy import smooth
from lungseg.phantom.canvas import Canvas


def tuberculosis(canvas: Canvas, lungs: np.ndarray) -> np.ndarray:
    """Return what one to three findings add, most of them in the upper lobes.

    They change the picture alone: the mask follows the anatomy also where fluid hides a lung base.

    Parameters
    ----------
    canvas : Canvas
    lungs : ndarray, (size, size)
        1 in the lungs.

    Returns
    -------
    ndarray, (size, size)
    """
    rng = canvas.patient.rng
    layer = np.zeros_like(lungs)
    kinds = rng.choice(list(FINDINGS), rng.integers(1, 4), p=list(SHARES))
    for kind in kinds:
        side = int(rng.choice([-1, 1]))
        layer += FINDINGS[str(kind)](canvas, lungs, side, rng)
    return layer


def _distance(canvas: Canvas, centre: np.ndarray, radius: Sequence[float] | np.ndarray) -> np.ndarray:
    """Return the distance from a point of the patient, 1 on an ellipse of the given half axes (of the frame)."""
    x, y = canvas.grid()
    ((cx, cy),) = canvas.patient.place(centre[None])
    return np.hypot((x - cx) / radius[0], (y - cy) / radius[1])


def _blob(canvas: Canvas, rng: np.random.Generator, centre: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """Return a cloudy spot, at most 1, that fades to 0 at about the given half axes."""
    distance = _distance(canvas, centre, radius) + 0.25 * canvas.clouds(9, rng)
    return np.clip(1.3 - distance, 0, 1) ** 1.2


def _infiltrate(canvas: Canvas, lungs: np.ndarray, side: int, rng: np.random.Generator) -> np.ndarray:
    """Return patchy opacities, denser in some places than in others."""
    layer = np.zeros_like(lungs)
    upper = rng.random() < 0.75
    for _ in range(rng.integers(2, 6)):
        t = rng.uniform(0.06, 0.42) if upper else rng.uniform(0.4, 0.9)
        centre = np.array([side * rng.uniform(0.25, 0.85), t])
        layer += _blob(canvas, rng, centre, rng.uniform(0.03, 0.1, 2))
    texture = np.clip(0.75 + 0.5 * canvas.clouds(30, rng), 0, 2)
    return rng.uniform(0.1, 0.4) * np.clip(layer, 0, 1.2) * texture * lungs


def _cavity(canvas: Canvas, lungs: np.ndarray, side: int, rng: np.random.Generator) -> np.ndarray:
    """Return a ring of dense tissue around air."""
    centre = np.array([side * rng.uniform(0.3, 0.75), rng.uniform(0.12, 0.45)])
    radius = rng.uniform(0.025, 0.06)
    distance = _distance(canvas, centre, (radius, radius * rng.uniform(0.8, 1.3))) + 0.2 * canvas.clouds(12, rng)
    ring = np.clip(1 + 0.4 * canvas.clouds(9, rng), 0.2, 2) * np.exp(-(((distance - 1) / rng.uniform(0.15, 0.35)) ** 2))
    hollow = np.clip(1 - distance, 0, 1)
    return (rng.uniform(0.12, 0.35) * ring - rng.uniform(0, 0.1) * hollow) * lungs


def _effusion(canvas: Canvas, lungs: np.ndarray, side: int, rng: np.random.Generator) -> np.ndarray:
    """Return fluid that hides the lung base and climbs along the lateral wall."""
    level = rng.uniform(0.68, 1.0)
    u = np.linspace(-0.1, 1.3, 40)
    climb = rng.uniform(0.15, 0.4) * np.clip((u - 0.35) / 0.65, 0, 1) ** 2
    line = np.stack([side * u, level - climb], 1)
    foot = np.array([[side * 1.3, 2.0], [-0.1 * side, 2.0]])
    fluid = canvas.blur(canvas.fill(np.concatenate([line, foot])), rng.uniform(0.004, 0.02))
    return rng.uniform(0.35, 0.65) * fluid * lungs


def _nodules(canvas: Canvas, lungs: np.ndarray, side: int, rng: np.random.Generator) -> np.ndarray:
    """Return many small spots in both lungs, as of miliary spread."""
    count = int(rng.integers(60, 300))
    spots = np.stack([rng.uniform(-1, 1, count), rng.uniform(0, 1, count)], 1)
    lines = np.stack([spots, spots + np.array([0.006, 0.0])], 1)
    layer = canvas.threads(lines, rng.uniform(0.006, 0.016, count), np.ones(count))
    return rng.uniform(0.1, 0.3) * canvas.blur(layer, 0.004) * lungs


def _scar(canvas: Canvas, lungs: np.ndarray, side: int, rng: np.random.Generator) -> np.ndarray:
    """Return strands from the hilum to a thickened apex."""
    hilum = canvas.patient.lungs[side].hilum
    lines, widths, values = [], [], []
    for _ in range(rng.integers(5, 14)):
        end = np.array([side * rng.uniform(0.2, 0.8), rng.uniform(0.03, 0.35)])
        start = hilum + rng.normal(0, 0.04, 2)
        bend = (start + end) / 2 + rng.normal(0, 0.04, 2)
        lines.append(smooth(np.stack([start, (start + bend) / 2 + rng.normal(0, 0.02, 2), bend, end]), 4))
        widths.append(rng.uniform(0.004, 0.012))
        values.append(rng.uniform(0.5, 1))
    strands = canvas.blur(canvas.threads(lines, widths, values), 0.003)
    cap = np.clip(1.4 - _distance(canvas, np.array([side * 0.4, 0.0]), (0.1, rng.uniform(0.02, 0.07))), 0, 1)
    return (rng.uniform(0.05, 0.16) * strands + rng.uniform(0.1, 0.4) * cap) * lungs


SHARES = (0.48, 0.18, 0.06, 0.1, 0.18)  # how often each finding is drawn
FINDINGS = {
    "infiltrate": _infiltrate,
    "cavity": _cavity,
    "effusion": _effusion,
    "nodules": _nodules,
    "scar": _scar,
}
