"""The anatomy of one phantom: outlines of lungs, heart, bones and body, as points and numbers.

Coordinates are those of the patient: ``u`` grows to the right of the picture and is 1 at the
lateral wall of the lung base, ``t`` grows downwards and runs from 0 at the lung apex to 1 at the
costophrenic angle. The patient's right lung is on the left of the picture (``side = -1``).
`Patient.place` converts such points to the frame of the picture, where x and y run from 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.interpolate import PchipInterpolator

SIDES = (-1, 1)  # the patient's right lung, then the left one

# Lateral and medial lung borders (u at heights t) of an average adult, and the diaphragm (t at u).
# They were set so that the phantoms' masks have the size and place of masks drawn by radiologists.
LATERAL_T = np.array([0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.0])
LATERAL_U = np.array([0.56, 0.67, 0.79, 0.86, 0.93, 0.96, 0.99, 1.0])
MEDIAL_T = np.array([0.04, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.05])
MEDIAL_U = {
    -1: np.array([0.17, 0.135, 0.135, 0.15, 0.175, 0.21, 0.25, 0.28, 0.29, 0.26, 0.2]),
    1: np.array([0.18, 0.135, 0.185, 0.215, 0.24, 0.30, 0.40, 0.49, 0.57, 0.63, 0.67]),
}
HEART_TOP = 0.52  # where the heart begins, as a share of the way from the apex to the cardiophrenic angle
DOME_U = np.array([0.0, 0.2, 0.35, 0.5, 0.65, 0.8, 0.92, 1.0])
DOME_T = np.array([0.22, 0.215, 0.205, 0.18, 0.14, 0.095, 0.045, 0.0])  # height above the angle


def smooth(points: np.ndarray, count: int = 8) -> np.ndarray:
    """Return a smooth open curve through points (Catmull-Rom).

    Parameters
    ----------
    points : ndarray, (N, 2)
    count : int
        Points of the curve from one of them to the next.

    Returns
    -------
    ndarray, ((N - 1) * count + 1, 2)
    """
    ends = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    before, start, end, after = (ends[k : len(ends) - 3 + k, None] for k in range(4))
    s = np.linspace(0, 1, count, endpoint=False)[None, :, None]
    curve = start + 0.5 * s * (
        (end - before) + s * (2 * before - 5 * start + 4 * end - after + s * (3 * (start - end) + after - before))
    )
    return np.concatenate([curve.reshape(-1, 2), points[-1:]])


def ribbon(line: np.ndarray, width: np.ndarray | float) -> np.ndarray:
    """Return the outlines of bands along lines.

    Parameters
    ----------
    line : ndarray, (..., N, 2)
        Centre lines, in patient coordinates.
    width : float or ndarray, (..., N)
        In units of u.

    Returns
    -------
    ndarray, (..., 2N, 2)
    """
    tangent = np.empty_like(line)
    tangent[..., 1:-1, :] = line[..., 2:, :] - line[..., :-2, :]
    tangent[..., 0, :] = line[..., 1, :] - line[..., 0, :]
    tangent[..., -1, :] = line[..., -1, :] - line[..., -2, :]
    # u and t have different units; 0.55 makes bands as wide where they run down as where they run across.
    across = np.stack([-tangent[..., 1] / 0.55, tangent[..., 0] * 0.55], -1)
    length = np.sqrt((across[..., 0] * 0.55) ** 2 + across[..., 1] ** 2)
    half = across * (np.asarray(width) / 2 / (length + 1e-9))[..., None]
    return np.concatenate([line + half, (line - half)[..., ::-1, :]], -2)


@dataclass
class Lung:
    """Outline of one lung and the curves that bound it, in patient coordinates."""

    side: int
    outline: np.ndarray  # (N, 2), what the mask shows
    medial: np.ndarray  # (M, 2), from the apex down, the border with the mediastinum
    dome: np.ndarray  # (K, 2), the diaphragm from the midline to the lateral wall
    wall: PchipInterpolator  # u of the lateral wall at t
    hilum: np.ndarray = field(default_factory=lambda: np.zeros(2))


@dataclass
class Patient:
    """Everything about one phantom that does not depend on the size of the picture."""

    rng: np.random.Generator  # for all further random numbers of this patient
    sick: bool
    half_width: float  # of the chest at the lung base, as a fraction of the frame
    height: float  # of the lungs, likewise
    centre: np.ndarray  # where the middle of the chest lies in the frame
    angle: float  # rotation in radians
    waves: np.ndarray  # (4, 5): frequencies along x and y, phase, amplitudes along x and y
    fat: float  # tissue beside the lungs, in units of u
    woman: bool
    lungs: dict[int, Lung]
    heart: float  # size, 1 is average

    def place(self, points: np.ndarray) -> np.ndarray:
        """Convert patient coordinates (N, 2) to those of the frame of the picture, in [0, 1] inside it."""
        x = points[:, 0] * self.half_width
        y = (points[:, 1] - 0.5) * self.height
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        placed = np.stack([cos * x - sin * y, sin * x + cos * y], 1) + self.centre
        # A gentle warp makes left and right, and one patient and the next, differ.
        wave = np.sin(placed @ self.waves[:, :2].T + self.waves[:, 2])  # (N, 4)
        return placed + wave @ self.waves[:, 3:]


def start_case(index: int, seed: int) -> tuple[np.random.Generator, bool]:
    """Return the random generator of a case, and its first draw: whether the case has tuberculosis.

    Parameters
    ----------
    index : int
        Number of the case, from 0.
    seed : int
        Seed of the whole set.
    """
    rng = np.random.default_rng([seed, index, 7301])
    return rng, bool(rng.random() < 0.5)


def _lung(rng: np.random.Generator, side: int, heart: float, base: float, dome: float, knob: float) -> Lung:
    """Return one lung: lateral wall, apex, medial border and diaphragm, each with its own variation."""
    shape = rng.normal(0, 0.02) + rng.normal(0, 0.03) * (1 - LATERAL_T)
    wall_u = LATERAL_U + shape + rng.normal(0, 0.006, len(LATERAL_T))
    wall = PchipInterpolator(np.r_[-0.6, 0.0, LATERAL_T, 2.2], np.r_[0.36, 0.42, wall_u, 1.02])

    medial_u = MEDIAL_U[side].copy()
    if side > 0:
        medial_u += (heart - 1) * np.clip(MEDIAL_T - 0.35, 0, 0.6) * 0.9
        medial_u += knob * np.exp(-(((MEDIAL_T - 0.22) / 0.07) ** 2))
    else:
        medial_u += (heart - 1) * 0.16 * np.exp(-(((MEDIAL_T - 0.72) / 0.2) ** 2))
    medial_u = medial_u + rng.normal(0, 0.02) + rng.normal(0, 0.010, len(MEDIAL_T))
    medial_u = np.maximum(medial_u, 0.06)
    medial = PchipInterpolator(MEDIAL_T, medial_u)

    fall = DOME_T * dome
    fall = fall + rng.normal(0, 0.012) * np.sin(np.pi * DOME_U) + rng.normal(0, 0.004, len(DOME_U)) * (DOME_U < 1)
    dome_t = PchipInterpolator(DOME_U, base - fall)

    # Where the medial border meets the diaphragm: the cardiophrenic angle.
    t = np.linspace(MEDIAL_T[0], MEDIAL_T[-1], 160)
    above = t < dome_t(np.clip(medial(t), 0, 1))
    t_angle = t[above][-1]
    edge = float(wall(base))
    u_angle = min(float(medial(t_angle)), edge - 0.08)

    apex_u = rng.normal(0.345, 0.03)
    descent = np.linspace(MEDIAL_T[1], t_angle, 40)
    inner = np.stack([np.minimum(medial(descent), edge - 0.08), descent], 1)
    climb = np.linspace(base, LATERAL_T[1], 30)
    outer = np.stack([wall(climb), climb], 1)
    cap = smooth(
        np.array(
            [
                outer[-3],
                outer[-1],
                [apex_u + 0.16, 0.028],
                [apex_u, 0.0],
                [medial(0.04) + 0.02, 0.032],
                inner[0],
                inner[2],
            ]
        ),
        8,
    )
    cap = cap[(cap[:, 1] < 0.099)]
    floor_u = np.linspace(u_angle, edge, 40)
    floor = np.stack([floor_u, dome_t(floor_u / edge)], 1)
    floor[-1] = outer[0]
    blunt = rng.random() < 0.5
    if blunt:
        floor = floor[: -rng.integers(2, 4)]
        outer = outer[rng.integers(1, 3) :]
    outline = np.concatenate([outer, cap, inner, floor])
    whole_u = np.linspace(0, 1.25, 50)
    whole_t = dome_t(np.clip(whole_u / edge, 0, 1)) + 0.8 * np.clip(whole_u / edge - 1, 0, None)
    mirror = np.array([side, 1.0])
    return Lung(
        side,
        outline * mirror,
        np.concatenate([cap[-6:], inner]) * mirror,
        np.stack([whole_u, whole_t], 1) * mirror,
        wall,
        np.array([side * (medial_u[4] + 0.03), rng.normal(0.43 if side < 0 else 0.40, 0.02)]),
    )


def make_patient(index: int, seed: int) -> Patient:
    """Draw the random numbers of a patient; they depend on nothing but (seed, index), see `start_case`."""
    rng, sick = start_case(index, seed)
    unusual = rng.random() < 0.2
    half_width = rng.normal(0.365, 0.028) * (rng.uniform(0.75, 1.18) if unusual else 1)
    half_width = float(np.clip(half_width, 0.22, 0.46))
    height = float(np.clip(half_width * rng.normal(1.84, 0.19), 0.42, 0.9))
    top = rng.normal(0.125, 0.03) + (rng.uniform(-0.1, 0.1) if unusual else 0)
    centre = np.array([rng.normal(0.5, 0.018), top + height / 2])
    fat = float(np.clip(rng.gamma(2.2, 0.055), 0.02, 0.5) + (rng.uniform(0.1, 0.5) if rng.random() < 0.12 else 0))
    woman = bool(rng.random() < 0.45)
    heart = float(np.clip(rng.normal(1, 0.3), 0.3, 1.9))
    dome = float(np.clip(rng.normal(1, 0.22), 0.35, 1.7))
    waves = np.stack(
        [
            rng.uniform(-8, 8, 4),
            rng.uniform(-8, 8, 4),
            rng.uniform(0, 2 * np.pi, 4),
            rng.normal(0, 0.005, 4),
            rng.normal(0, 0.005, 4),
        ],
        1,
    )
    lungs = {}
    for side in SIDES:
        base = 1 + rng.normal(0, 0.025) + (0.02 if side > 0 else 0)
        if sick and rng.random() < 0.15:
            base -= rng.uniform(0, 0.15)  # volume lost to scars
        lungs[side] = _lung(rng, side, heart, base, dome * rng.normal(1, 0.1), rng.normal(0.035, 0.03))
    return Patient(
        rng, sick, half_width, height, centre, rng.normal(0, 0.022), waves,
        fat, woman, lungs, heart,
    )  # fmt: skip


def chest(patient: Patient) -> list[np.ndarray]:
    """Return outlines (N, 2) that together cover all that the ribs enclose: lungs, heart, and what is below them."""
    t = np.linspace(0.15, 1.6, 40)
    shapes = [lung.outline for lung in patient.lungs.values()]
    for side, lung in patient.lungs.items():
        wall = np.stack([side * lung.wall(t), t], 1)
        shapes.append(np.concatenate([wall, [[-0.05 * side, 1.6], [-0.05 * side, 0.15]]]))
    return shapes


def mediastinum(patient: Patient) -> np.ndarray:
    """Return the outline (N, 2) of heart, great vessels and the tissue around the spine, between the lungs."""
    right, left = patient.lungs[-1].medial, patient.lungs[1].medial
    neck = np.array([[0.13, -0.6]])
    foot = np.array([[0.2, 1.5]])
    return np.concatenate([neck * [-1, 1], right, foot * [-1, 1], foot, left[::-1], neck])


def heart(patient: Patient) -> np.ndarray:
    """Return an outline (N, 2) that holds the heart: the mediastinum below the height of the hila, and the diaphragm.

    No picture shows where the heart ends above: here, as in masks drawn by hand, it is an arc between the lungs.
    """
    top = HEART_TOP * min(lung.medial[-1, 1] for lung in patient.lungs.values())
    right, left = (lung.medial[lung.medial[:, 1] > top] for _, lung in sorted(patient.lungs.items()))
    roof = smooth(np.array([left[0], [(left[0, 0] + right[0, 0]) / 2, top - 0.04], right[0]]))
    foot = np.array([[0.2, 1.5]])
    return np.concatenate([right, foot * [-1, 1], foot, left[::-1], roof])


def belly(patient: Patient) -> np.ndarray:
    """Return the outline (N, 2) of all that lies below the diaphragm."""
    domes = [patient.lungs[side].dome.copy() for side in SIDES]
    level = (domes[0][0, 1] + domes[1][0, 1]) / 2
    for dome in domes:  # the two halves of the diaphragm meet in the middle
        share = np.clip(1 - np.abs(dome[:, 0]) / 0.3, 0, 1)
        dome[:, 1] += share * (level - dome[:, 1])
    foot = np.array([[1.6, 3.0]])
    return np.concatenate([foot * [-1, 1], domes[0][::-1], domes[1], foot])
