"""What surrounds the lungs of a phantom: vessels, bones, and the outline of the body.

All in patient coordinates, as points and numbers; see `lungseg.phantom.anatomy`.
"""

from __future__ import annotations

import numpy as np

from lungseg.phantom.anatomy import SIDES, Patient, ribbon, smooth


def vessels(patient: Patient) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the vessels that branch from the hila.

    Returns
    -------
    lines : ndarray, (N, 3, 2)
    widths : ndarray, (N,)
        As fractions of the picture's side.
    depths : ndarray, (N,)
        How many branches lie between a vessel and its hilum, 0 to 4.
    """
    rng = patient.rng
    angles = np.tile([-1.2, -0.8, -0.4, 0.0, 0.35, 0.7, 1.0, 1.25, 1.45], 2) + rng.normal(0, 0.12, 18)
    side = np.repeat(SIDES, 9).astype(float)
    hila = np.stack([patient.lungs[s].hilum for s in SIDES])
    # Vessels leave a hilum above and below its middle, those that climb from the top.
    start = np.repeat(hila, 9, axis=0) + rng.normal(0, 0.02, (18, 2))
    start[:, 1] += 0.06 * angles + rng.normal(0, 0.02, 18)
    width = rng.uniform(0.008, 0.018, 18)
    lines, widths, depths = [], [], []
    for depth in range(5):
        bend = angles + rng.normal(0, 0.28, len(angles))
        length = rng.uniform(0.05, 0.17, len(angles))
        step = np.stack([side * np.cos(bend), 0.62 * np.sin(bend)], 1) * length[:, None]
        middle = start + step / 2 + rng.normal(0, 0.008, step.shape)
        lines.append(np.stack([start, middle, start + step], 1))
        widths.append(width)
        depths.append(np.full(len(angles), depth))
        twig = rng.random(len(angles)) < 0.6
        fork = bend + rng.choice([-1.0, 1.0], len(angles)) * rng.uniform(0.4, 0.8, len(angles))
        start = np.concatenate([start + step, (start + step)[twig]])
        angles = np.concatenate([bend, fork[twig]])
        width = np.concatenate([width * 0.78, 0.6 * width[twig]])
        side = np.concatenate([side, side[twig]])
    return np.concatenate(lines), np.concatenate(widths), np.concatenate(depths)


def ribs(patient: Patient) -> tuple[np.ndarray, np.ndarray]:
    """Return the centre lines of the back and the front ribs, (24, 25, 2) and (18, 25, 2)."""
    rng = patient.rng
    back, front = [], []
    start = rng.normal(0.02, 0.015)
    step = rng.normal(0.088, 0.007)
    drop = rng.normal(0.12, 0.04)
    s = np.linspace(0, 1, 25)
    number = np.arange(12)[:, None]
    for side in SIDES:
        wall = patient.lungs[side].wall
        fall = drop * (0.35 + 0.09 * number) + 0.02
        level = start + step * number + rng.normal(0, 0.004, (12, 1))
        t = level - 0.03 * np.sin(np.pi * s) + fall * s**2 + 0.07 * s**7  # (12, 25)
        reach = np.clip(wall(t) + 0.015, 0.3, None)
        u = 0.09 + (reach - 0.09) * (1 - (1 - s) ** 1.15)
        back.append(np.stack([side * u, t], -1))
        # A front rib goes on where the back rib ends, down and towards the sternum.
        edge, high, rank = reach[:9, -1:], t[:9, -1:], number[:9]
        slope = rng.normal(0.17, 0.03, (9, 1)) + 0.008 * rank
        end = 0.30 + 0.03 * rank + rng.normal(0, 0.02, (9, 1))
        low = high + slope * s**0.8 - 0.03 * s**3
        front.append(np.stack([side * (edge + (end - edge) * s), low], -1))
    return np.concatenate(back), np.concatenate(front)


def clavicles(patient: Patient) -> np.ndarray:
    """Return the centre lines of the two clavicles, from the sternum to the shoulder, (2, 25, 2)."""
    rng = patient.rng
    level, rise, lines = rng.normal(0.13, 0.035), rng.normal(0.11, 0.05), []
    for side in SIDES:
        low, up = level + rng.normal(0, 0.012), rise + rng.normal(0, 0.02)
        points = np.array([
            [0.09, low + 0.02], [0.3, low - 0.15 * up], [0.6, low - 0.7 * up],
            [0.9, low - 1.1 * up], [1.2, low - 1.0 * up],
        ])  # fmt: skip
        lines.append(smooth(points * [side, 1], 6))
    return np.stack(lines)


def scapula(patient: Patient, side: int) -> np.ndarray:
    """Return the outline (9, 2) of one shoulder blade; its inner edge lies over the outer part of the lung.

    Parameters
    ----------
    patient : Patient
    side : {-1, 1}
        -1 for the patient's right one.
    """
    rng = patient.rng
    pull = rng.normal(0.02, 0.06)
    points = np.array([
        [0.93, 0.0], [0.86, 0.18], [0.92, 0.40], [1.0, 0.52 + rng.normal(0, 0.03)], [1.08, 0.42],
        [1.18, 0.25], [1.3, 0.10], [1.28, -0.02], [1.1, -0.06],
    ])  # fmt: skip
    return (points + np.array([pull, 0])) * [side, 1]


def body(patient: Patient) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
    """Return the outlines of the body.

    Returns
    -------
    trunk : ndarray, (N, 2)
        With neck and shoulders.
    arms : list of two ndarrays, (48, 2)
    axes : list of two ndarrays, (24, 2)
        The middle lines of the arms.
    """
    rng = patient.rng
    fat = patient.fat
    neck = rng.uniform(0.24, 0.34) + 0.2 * fat
    shoulder, slope = rng.normal(-0.03, 0.05), rng.normal(0.04, 0.04)
    armpit = rng.normal(0.45, 0.07)
    halves, arms, axes = [], [], []
    spread = rng.uniform(0.15, 1.0) if rng.random() < 0.9 else rng.uniform(1.6, 2.5)  # arms down, or up
    width = rng.uniform(0.42, 0.6) + 0.5 * fat
    for side in SIDES:
        waist = rng.normal(1.06, 0.06) + fat
        wall = 1.09 + fat
        half = np.array([
            [neck, -1.2], [neck, -0.3 + slope], [neck + 0.06, -0.19 + slope],
            [0.62, -0.09 + slope + 0.5 * shoulder], [1.05, shoulder - 0.02],
            [1.4 + 0.4 * fat, shoulder + 0.04], [1.6 + 0.5 * fat, 0.18], [wall + 0.3, armpit - 0.12],
            [wall + 0.06, armpit], [wall, 0.7], [wall, 1.0], [waist, 1.3], [waist + 0.05, 3.0],
        ])  # fmt: skip
        halves.append(smooth(half, 7) * [side, 1])
        angle = spread + rng.normal(0, 0.08)
        joint = np.array([1.36 + 0.4 * fat, shoulder + 0.17])
        far = joint + 1.8 * np.array([np.sin(angle) + 0.12, np.cos(angle) * 0.55])
        axis = np.linspace(joint - 0.06 * (far - joint), far, 24) * [side, 1]
        axes.append(axis)
        arms.append(ribbon(axis, np.linspace(width, width * 0.8, 24)))
    return np.concatenate([halves[0], halves[1][::-1]]), arms, axes
