"""From anatomy to attenuation: how much of the X-ray beam each part of a phantom absorbs."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from lungseg.phantom import anatomy
from lungseg.phantom import body as parts
from lungseg.phantom.anatomy import SIDES
from lungseg.phantom.canvas import Canvas, blur
from lungseg.phantom.findings import tuberculosis

COARSE = 80  # pixels a side for what is smooth anyway: thickness of body and lungs


def lung_mask(canvas: Canvas) -> np.ndarray:
    """Return the exact lungs, (size, size) in [0, 1], 1 inside."""
    return canvas.fill(*(lung.outline for lung in canvas.patient.lungs.values()))


def _lowered(layer: np.ndarray, pixels: float) -> np.ndarray:
    """Move a layer down by a number of pixels that need not be whole."""
    whole = int(pixels)
    part = pixels - whole
    longer = np.concatenate([np.repeat(layer[:1], whole + 1, axis=0), layer])
    return (1 - part) * longer[1 : len(layer) + 1] + part * longer[: len(layer)]


def _thickness(layer: np.ndarray, depth: float) -> np.ndarray:
    """Return how thick a rounded body is behind each pixel: it grows with the distance to the edge."""
    padded = np.pad(layer > 0.5, 12, mode="edge")  # the body goes on outside the picture
    distance = ndimage.distance_transform_edt(padded)[12:-12, 12:-12] / len(layer)
    inside = np.clip(distance / depth, 0, 1)
    return blur(np.sqrt(1 - (1 - inside) ** 2), 0.011)


def attenuation(canvas: Canvas) -> tuple[np.ndarray, np.ndarray]:
    """Return the attenuation of a patient on a canvas, and the lung mask there.

    Parameters
    ----------
    canvas : Canvas
        Its size is that of the picture.

    Returns
    -------
    attenuation : ndarray, (size, size) float32
        0 in air, about 1 behind the trunk, more behind bone and abdomen.
    mask : ndarray, (size, size) float32
        1 in the lungs.
    """
    rng = canvas.patient.rng
    mask = lung_mask(canvas)
    body, axes = _trunk(canvas)
    layer = body * (1 + rng.uniform(0, 0.12) * canvas.clouds(5, rng))

    # Masks drawn by radiologists take in the apex up to the first rib, where little lung is to be seen,
    # and stop at the crest of the diaphragm, behind which the lungs reach lower.
    seen = _lowered(mask, rng.uniform(0.0, 0.022) * canvas.size)
    belly = canvas.fill(anatomy.belly(canvas.patient))
    layer += _chest(canvas, seen, body, belly)
    layer += rng.uniform(0.05, 0.5) * canvas.blur(belly, 0.04) * body
    layer += _spine(canvas)
    layer += _cage(canvas, seen)
    layer += _shoulders(canvas, axes)
    soft_lungs = canvas.blur(seen, 0.003)
    layer += _vessels(canvas, soft_lungs)
    layer += _soft_parts(canvas, belly, seen)
    if canvas.patient.sick:
        layer += tuberculosis(canvas, soft_lungs)
    return np.clip(layer, 0, None).astype(np.float32), mask


def _trunk(canvas: Canvas) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return the thickness of trunk and arms, 0 to 1, and the axes of the arms."""
    rng = canvas.patient.rng
    coarse = Canvas(canvas.patient, COARSE)
    trunk, arms, axes = parts.body(canvas.patient)
    trunk, limb = coarse.fill(trunk), coarse.fill(*arms)
    body = _thickness(np.maximum(trunk, limb), rng.uniform(0.05, 0.25))
    body = np.maximum(body, rng.uniform(0.7, 1) * _thickness(limb, 0.09))
    return np.clip(canvas.enlarge(body), 0, 1), axes


def _chest(canvas: Canvas, lungs: np.ndarray, body: np.ndarray, belly: np.ndarray) -> np.ndarray:
    """Return what air takes away, and what heart, chest wall and shoulder muscles add."""
    patient, rng = canvas.patient, canvas.patient.rng
    centre = canvas.fill(anatomy.mediastinum(patient))
    # Lungs thin out towards the ribs and the apex. Heart and diaphragm bulge into them: there they
    # end suddenly, so the depth is that of the whole chest.
    chest = Canvas(patient, COARSE).fill(*anatomy.chest(patient))
    depth = np.clip(canvas.enlarge(_thickness(chest, rng.uniform(0.12, 0.36))), 0, 1)
    # The beam meets the ribs of the lateral wall along their length: a bright rim around the lungs.
    layer = rng.uniform(0.05, 0.4) * canvas.enlarge(blur(chest, 0.025) * (1 - chest)) * body
    layer += rng.uniform(0, 0.25) * canvas.blur(centre, rng.uniform(0.015, 0.03))

    y = canvas.grid()[1]
    top = patient.place(np.array([[0.0, 0.0]]))[0, 1]
    below_top = (y - top) / patient.height
    # The muscles of the shoulder girdle lie over the apices.
    layer += rng.uniform(0, 0.35) * np.exp(-((below_top / 0.14) ** 2)) * body
    # Behind the heart there is lung too; behind the great vessels above it there is none.
    behind = canvas.blur(np.clip(centre - belly, 0, 1), 0.008) * depth * np.clip(2 * below_top - 0.3, 0, 1)
    layer += rng.uniform(-0.3, 0.06) * behind
    # Heart and liver are round: near their borders much lung still lies before and behind them.
    around = rng.uniform(0.1, 0.9) * canvas.blur(lungs, rng.uniform(0.015, 0.04)) * np.maximum(behind, belly)
    air = canvas.blur(np.maximum(lungs, around), rng.uniform(0.001, 0.006))
    step = rng.uniform(0.15, 0.5)  # how suddenly lungs begin at the ribs
    gain = rng.uniform(0.45, 0.7) * (1 + rng.uniform(-0.2, 0.8) * (y - 0.45))
    return layer - gain * air * (step + (1 - step) * depth)


def _spine(canvas: Canvas) -> np.ndarray:
    """Return the vertebral column: a bright band with discs as darker gaps, and the trachea before it."""
    rng = canvas.patient.rng
    t = np.linspace(-1.5, 3.0, 90)
    bend = rng.normal(0, 0.02) * np.sin(t * rng.uniform(1, 3) + rng.uniform(0, 6))
    line = np.stack([bend, t], 1)
    wide = rng.uniform(0.08, 0.13) * (0.85 + 0.2 * np.clip(t, 0, 1.2))
    column = canvas.bands(line[None], wide, [1.0], core=rng.uniform(0.8, 1))
    column = column * (1 + rng.uniform(-0.3, 0.3) * (canvas.grid()[1] - 0.5) + 0.15 * canvas.clouds(7, rng))
    discs, step = [], rng.uniform(0.075, 0.1)
    for level in np.arange(-1.0, 2.8, step):
        discs.append(np.array([[-0.07, level], [0.07, level]]))
    gaps = canvas.threads(discs, np.full(len(discs), 0.017 * canvas.patient.height), np.ones(len(discs)))
    windpipe = anatomy.smooth(np.array([[0.0, -0.7], [0.0, 0.1], [-0.02, 0.27]]), 6)
    pipes = np.stack([windpipe[start : start + 6] for start in (0, 4, 7)])
    air = canvas.bands(pipes, rng.uniform(0.04, 0.07), [1.0, 0.7, 0.35], core=1.0)
    spine = rng.uniform(0.08, 0.42) * column - rng.uniform(0.02, 0.08) * gaps
    return canvas.blur(spine, rng.uniform(0.004, 0.016)) - rng.uniform(0.02, 0.12) * canvas.blur(air, 0.007)


def _cage(canvas: Canvas, lungs: np.ndarray) -> np.ndarray:
    """Return the back and the front ribs."""
    rng = canvas.patient.rng
    back, front = parts.ribs(canvas.patient)
    thick = rng.uniform(0.032, 0.05)
    fade = np.linspace(1, 0.9, 25)
    back_layer = canvas.bands(back, thick * fade, [1.0] * len(back), core=rng.uniform(0.6, 0.95))
    wide = thick * rng.uniform(1.0, 1.5)
    # Front ribs end in cartilage that X-rays hardly see: drawn in pieces that fade.
    pieces = np.concatenate([front[:, start : start + 7] for start in (18, 12, 6, 0)])
    values = np.repeat([0.3, 0.6, 0.85, 1.0], len(front))
    front_layer = canvas.bands(pieces, wide, values, core=rng.uniform(0.6, 0.95))
    strength = rng.uniform(0.02, 0.16)
    cage = strength * back_layer + strength * rng.uniform(0.3, 1.0) * front_layer
    return canvas.blur(cage * (0.35 + 0.65 * lungs), rng.uniform(0.002, 0.005))


def _shoulders(canvas: Canvas, axes: list[np.ndarray]) -> np.ndarray:
    """Return clavicles, shoulder blades and upper arm bones."""
    patient, rng = canvas.patient, canvas.patient.rng
    collar = parts.clavicles(patient)
    along = np.linspace(-1, 1, collar.shape[1])
    ends = np.sqrt(np.clip(1 - np.abs(along) ** 14, 0, 1))  # bones end round
    broad = rng.uniform(0.028, 0.042) * (1 + 0.5 * along**2 - 0.25 * along) * ends
    bones = canvas.bands(collar, broad, [1.0, 1.0], core=rng.uniform(0.6, 0.9))
    humeri = np.stack(axes)
    head = 0.07 + 0.07 * np.exp(-np.linspace(0, 10, humeri.shape[1]))
    head *= np.sqrt(np.clip(np.linspace(0, 12, humeri.shape[1]), 0, 1))
    bones = np.maximum(bones, canvas.bands(humeri, head, [0.8, 0.8], core=0.8))
    blades = [parts.scapula(patient, side) for side in SIDES]
    blade = canvas.blur(canvas.fill(*blades), 0.006)
    return rng.uniform(0.05, 0.18) * canvas.blur(bones, 0.003) + rng.uniform(0.0, 0.13) * blade


def _vessels(canvas: Canvas, lungs: np.ndarray) -> np.ndarray:
    """Return the hila, and the vessels that branch from them towards the pleura."""
    rng = canvas.patient.rng
    lines, widths, depths = parts.vessels(canvas.patient)
    tree = canvas.blur(canvas.threads(lines, widths, 0.9 - 0.12 * depths), 0.0025)
    root = canvas.blur(tree, 0.03)
    knots = []
    for lung in canvas.patient.lungs.values():
        for spread in ([0.03, 0.03], [0.03, 0.06], [0.02, 0.1]):
            turn = np.linspace(0, 2 * np.pi, 12, endpoint=False)
            radius = rng.uniform(0.025, 0.07) * rng.uniform(0.6, 1.3, 12)
            ring = np.stack([np.cos(turn) * 1.2, np.sin(turn)], 1) * radius[:, None]
            knots.append(lung.hilum + rng.normal(0, 1, 2) * spread + ring)
    root = rng.uniform(0.1, 0.5) * root + rng.uniform(0.0, 0.22) * canvas.blur(canvas.fill(*knots), 0.014)
    haze = 0.6 * canvas.clouds(90, rng) + canvas.clouds(40, rng) * canvas.clouds(6, rng)
    layer = rng.uniform(0.04, 0.16) * tree + root + rng.uniform(0.0, 0.025) * haze
    near = np.zeros_like(layer)
    x, y = canvas.grid()
    for lung in canvas.patient.lungs.values():
        ((hilum_x, hilum_y),) = canvas.patient.place(lung.hilum[None])
        ((top_x, top_y),) = canvas.patient.place(np.array([[0.2 * lung.side, 0.07]]))
        near += rng.uniform(0, 0.8) * np.exp(-(((x - top_x) / 0.04) ** 2) - ((y - top_y) / 0.07) ** 2)
        near += np.exp(-(((x - hilum_x) / 0.07) ** 2) - ((y - hilum_y) / 0.16) ** 2)
    layer += rng.uniform(0, 0.16) * near * (1 + 0.3 * canvas.clouds(12, rng))
    return layer * lungs


def _soft_parts(canvas: Canvas, belly: np.ndarray, lungs: np.ndarray) -> np.ndarray:
    """Return breasts or chest muscles, and gas in stomach and bowel below the left diaphragm."""
    patient, rng = canvas.patient, canvas.patient.rng
    layer = np.zeros_like(belly)
    turn = np.linspace(0, 2 * np.pi, 40)
    low, size = rng.uniform(0.55, 0.9), rng.uniform(0.2, 0.4)
    shapes = []
    for side in SIDES:
        centre = np.array([0.6 + rng.normal(0, 0.05), low + rng.normal(0, 0.03)])
        disc = np.stack([np.cos(turn) * size * 1.5, np.sin(turn) * size * np.where(np.sin(turn) > 0, 0.75, 1.1)], 1)
        shapes.append((centre + disc) * [side, 1])
    disc = Canvas(patient, COARSE).fill(*shapes)
    ramp = _thickness(disc, rng.uniform(0.08, 0.25))
    strength = rng.uniform(0.03, 0.2) if patient.woman else rng.uniform(0, 0.05)
    layer += strength * canvas.enlarge(ramp.astype(np.float32))

    bubbles = []
    for number in range(rng.integers(0, 5)):
        radius = rng.uniform(0.04, 0.2)
        centre = np.array([rng.uniform(0.25, 0.8), rng.uniform(0.95, 1.35)])
        if number == 0:  # the stomach's gas lies right under the diaphragm
            dome = patient.lungs[1].dome
            centre[1] = np.interp(centre[0], dome[:, 0], dome[:, 1]) + 0.9 * radius
        wobble = 1 + 0.12 * np.sin(turn * rng.integers(2, 4) + rng.uniform(0, 6))
        round_shape = np.stack([np.cos(turn) * 1.4, np.sin(turn) * rng.uniform(0.5, 1)], 1)
        bubbles.append(centre + round_shape * (radius * wobble)[:, None])
    if bubbles:
        gas = canvas.fill(*bubbles) * np.clip(canvas.blur(belly, 0.01) * 2.2 - 1.2, 0, 1) * (1 - lungs)
        layer -= rng.uniform(0.1, 0.5) * canvas.blur(gas, 0.003)
    return layer
