"""Looks at exercise 2.2, `build_unet`, from outside: how many levels, how wide, and which skips."""

from functools import partial
from types import SimpleNamespace

import numpy as np

from lungseg_course.chapters.chapter_2.joins import adds_a_skip, darkens, is_flat, joins_the_image, widens
from lungseg_course.chapters.chapter_2.networks import ADDED, CONCATENATE, compared, same
from lungseg_course.chapters.chapter_2.shape import BUILDING, FILTERS, Network, deep, look
from lungseg_course.engine.lines import counted
from lungseg_course.engine.rows import When
from lungseg_course.engine.table import Case

WIDE = (16, 128, 3)
MOVES = (1, 2, 4, 8)
BORDER = 32  # of so many columns on either side the answer may depend on the border of the image


def without_dropout(depth: int) -> Network:
    """Return a network that several looks use."""
    return Network(WIDE, filters=FILTERS, depth=depth, dropout=0.0)


def with_dropout() -> Network:
    """Return another one, with twice the filters."""
    return Network(WIDE, filters=2 * FILTERS, depth=1, dropout=0.5)


def _counts(_network: Network, *networks: Network) -> list[int]:
    """Return how many parameters each network has."""
    return [network.parameters() for network in networks]


def _levels(network: Network, *networks: Network) -> SimpleNamespace:
    """Measure what the levels cost in networks of depth 1, 2 and 3.

    Twice the channels in and out are four times as many parameters: that is the `growth` from the second level to the
    third. The second has 4 F filters, and with the blocks of the course it adds 20 (4 F)² parameters: this `size` is
    15 to 28 with other good ones. Level 1 costs a quarter of it; what is left of depth 1 is level 0 on the way down,
    and the end.
    """
    counts = _counts(network, *networks)
    second, third = np.diff(counts)
    kernels = [tuple(each.shape) for each in networks[0].model.trainable_variables if len(each.shape) == 4]
    wide = any(shape[2:] == (WIDE[2], 2 * FILTERS) for shape in kernels) and counts[0] - second / 4 >= second / 8
    return SimpleNamespace(
        counts=counts,
        growth=third / second,
        size=second / (4 * FILTERS) ** 2,
        top_is_wide=wide,
        widens=widens(networks[-1]),
        filters={layer.filters for layer in networks[-1].model._flatten_layers() if hasattr(layer, "filters")},
    )


def _fixed_at_level_0(network: Network, wider: Network) -> int | None:
    """Return how many filters level 0 has in both networks, where `filters` is not used there; None otherwise.

    The image is read by as many filters in both, and in neither of them does what they give go on to `filters` others.
    """
    shapes = [
        [tuple(each.shape)[2:] for each in each_network.model.trainable_variables if len(each.shape) == 4]
        for each_network in (network, wider)
    ]
    first, other = ({out for channels, out in each if channels == WIDE[2] and out > 1} for each in shapes)
    if first != other or len(first) != 1:
        return None
    (width,) = first
    goes_on = all((width, times * FILTERS) in each for times, each in zip((1, 2), shapes, strict=True))
    return None if goes_on else width


def _halvings(network: Network, rng) -> int | None:
    """Return how often the image is halved: None if too often to be seen, the right number if the answer is constant.

    A spot on black is moved to the right by each of MOVES. The smallest one with which the answer moves along, away
    from the border, is the distance of two pixels of the bottleneck: each halving doubles it. Answers are told as
    differences from the answer to black alone, pixel by pixel: a network may see black as another number than 0, and
    then the border is an edge to it.
    """
    spot, start = rng.normal(size=(4, 4)), 60
    images = np.zeros((len(MOVES) + 2, *WIDE))  # the first one stays black
    for image, move in zip(images[1:], (0, *MOVES), strict=True):
        image[6:10, start + move : start + move + 4, 0] = spot
    for _ in range(4):  # with some kernels the sigmoid is so near 0 or 1 that a spot makes no difference
        network.choose_weights(rng)
        black, *spots = network(images)
        results = np.array(spots) - black
        if np.abs(results).max() > 0.01:
            break
    if results.max() == results.min():  # that is for the look at the probabilities
        return network.settings["depth"]
    for times, (result, move) in enumerate(zip(results[1:], MOVES, strict=True)):
        if same(result[:, BORDER + move : -BORDER], results[0, :, BORDER : -BORDER - move]):
            return times
    return None


# fmt: off
PARAMETERS = "{:,}, {:,} and {:,} parameters"
DEEP = "Level 0 is not halved, and there are `depth` levels below it. Count the encoder blocks."
NOT_X = When("the last layer is not called with `x`",
             lambda out: out.result[0] == out.result[1] and is_flat(out.args[0]),
             "Nothing on the way from `inputs` to `outputs` is halved or enlarged: the blocks were made, and what came "
             "out of the last of them is not used.",
             'Call the last layer with the `x` of the way up: `layers.Conv2D(1, 1, activation="sigmoid")(x)`.',
             received=lambda out: PARAMETERS.format(*out.result), expected="more of them for each level")
NO_DEPTH = When("the argument `depth` is not used", lambda out: out.result[0] == out.result[1],
                "The network is the same for each depth.",
                "The number of levels on the way down, and on the way up, is `depth`.",
                received=lambda out: PARAMETERS.format(*out.result), expected="more of them for each level")
halved = partial(When,
                 why="How far an image must be moved until the answer moves along tells how often it is halved.",
                 received=lambda out: f"halved {'too often' if out.result is None else counted(out.result, 'time')}",
                 expected="halved 2 times")
HALVINGS = (
    halved("nothing is halved", lambda out: out.result == 0,
           remedy="One encoder block with stride 2 for each of the levels 1 to depth."),
    halved("one level too few", lambda out: out.result == 1,
           remedy="The levels below the first are 1 to depth. What is the last number of your `range`?"),
    halved("one level too many", lambda out: out.result == 3, remedy=DEEP),
    halved("too many levels", lambda out: out.result is None, remedy=DEEP),
)
NO_FILTERS = When("the argument `filters` is not used", lambda out: out.result[0] == out.result[1],
                  "The network is the same whatever `filters` is.", "Level l has `filters * 2**l` filters.",
                  received=lambda out: f"{out.result[0]:,} parameters for both",
                  expected="about four times as many for twice the filters")
FIXED = When("`filters` is not used at the first level", lambda out: out.result,
             "A number stands in the place of `filters` in the first encoder block.",
             "Level 0 has `filters` filters: `encoder_block(inputs, filters, strides=1, dropout=dropout)`.",
             received=lambda out: f"{out.result} channels at level 0 of both", expected=f"{FILTERS} and {2 * FILTERS}")
LEVEL = "Twice as many filters at each level mean four times as many parameters in it."
growth = partial(When, of=lambda out: out.result,
                 why=lambda out: f"{LEVEL} Here a level costs {out.result.growth:.1f} times as much as the last one.",
                 remedy="Level l has `filters * 2**l` filters: on the way down, and on the way up at the same level. "
                 "Print the channels after each block. (A power is `**` in Python, not `^`.)",
                 received=lambda out: PARAMETERS.format(*out.result.counts),
                 expected="each level adds about four times as many as the last one")
GROWTH = (
    growth("the levels of the way up count upwards", lambda levels: levels.growth < 3.8 and levels.widens,
           why="The first block of the way up stands at the lowest level, depth - 1, and has the most filters. Here it "
           "has the fewest.", remedy="Let `level` count down: `for level in reversed(range(depth)):`.",
           received="more filters from block to block on the way up", expected="half as many from block to block"),
    growth("`^` is not a power", lambda levels: {2 * FILTERS ^ level for level in (1, 2, 3)} <= levels.filters,
           why=f"In Python `^` combines the bits of two whole numbers: `{FILTERS} * 2 ^ 3` is {FILTERS * 2 ^ 3}.",
           remedy="A power is `**`: `filters * 2**level`."),
    growth("twice the level in place of a power", lambda levels: levels.filters >= {FILTERS * 4, FILTERS * 6}
           and FILTERS * 8 not in levels.filters,
           why="`2 * level` makes 2, 4 and 6 of the levels 1 to 3, and `2**level` makes 2, 4 and 8.",
           remedy="Two asterisks are a power: `filters * 2**level`."),
    growth("the filters stay the same", lambda levels: levels.growth < 1.5),
    growth("the filters do not double", lambda levels: levels.growth < 3.8),
    growth("the filters grow too fast", lambda levels: levels.growth > 4.3),
    growth("too many filters", lambda levels: levels.size > 30,
           why=f"{LEVEL} They double, but from a larger number on."),
    growth("too few filters", lambda levels: levels.size < 10,
           why=f"{LEVEL} They double, but from a smaller number on."),
    When("too many filters at level 0", lambda out: out.result.top_is_wide,
         "The first encoder block has twice as many filters as it should.",
         "Level 0 has `filters` filters; they double from level 1 on.",
         received=f"{2 * FILTERS} channels at level 0", expected=f"{FILTERS} channels"),
)
# fmt: on


@look()
def look_at_the_levels(rng):
    """As many levels as asked for, with twice the filters at each, and as many as asked for at the first."""
    networks = [without_dropout(1), without_dropout(2), deep()]
    tried = f"the parameters of build_unet({WIDE}, filters={FILTERS}), for depth 1, 2 and 3"
    for network in networks:
        yield Case(network, tried=tried, rows=BUILDING)
    yield Case(networks[0], _counts, *networks, tried=tried, rows=[NOT_X, NO_DEPTH])
    moved = f"{networks[1].call}: the image moved by 1, 2, 4, ... pixels"
    yield Case(networks[1], _halvings, rng, tried=moved, rows=HALVINGS)
    wider = with_dropout()
    both = f"build_unet({WIDE}, depth=1), for filters {FILTERS} and {2 * FILTERS}"
    yield Case(wider, _counts, networks[0], wider, tried=both, rows=[NO_FILTERS])
    yield Case(networks[0], _fixed_at_level_0, wider, tried=both, rows=[FIXED])
    yield Case(networks[0], _levels, *networks, tried=tried, rows=GROWTH)


def _is_squeezed(network: Network) -> bool:
    """Tell whether something of one channel is enlarged; of a model of one's own nothing is known."""
    for layer in getattr(network.model, "layers", ()):
        try:
            shape = layer.output.shape
        except (AttributeError, ValueError):  # not called, or called several times
            continue
        followers = [type(node.operation).__name__ for node in layer._outbound_nodes]
        if len(shape) == 4 and shape[-1] == 1 and {"Conv2DTranspose", "UpSampling2D"} & set(followers):
            return True
    return False


def _ways_past(network: Network, rng, image: np.ndarray) -> int:
    """Count the skips, up to `depth`: the different results that are left when one kernel is 0.

    With positive kernels and images every path adds to the result. A kernel at level l that is 0 closes all the paths
    that go as deep as that; those that leave the way down before stay open. So there is a result for each skip.
    """
    network.choose_weights(rng, positive=True)
    different = [*compared(network, 0 * image, image)]  # nothing, and everything
    enough = network.settings["depth"]
    if same(*different):
        return enough  # always the same: that is for the look at the probabilities
    kernels = [variable for variable in network.model.trainable_variables if len(variable.shape) >= 2]
    for variable in kernels[1::2] + kernels[::2]:  # blocks begin with two, and one of them is usually enough
        if len(different) - 2 < enough:
            kernel = np.array(variable)
            variable.assign(0 * kernel)
            result = network(image)
            variable.assign(kernel)
            if not any(same(result, other) for other in different):
                different.append(result)
    return len(different) - 2


# fmt: off
SQUEEZED = When("the output convolution stands in the loop", lambda out: out.result,
                "All that comes from below passes through a single channel, and is then enlarged again.",
                "The last convolution comes after the loop: it stands as far to the left as `for`.",
                received="one channel on the way up", expected="one channel at the end only")
SUM = When(ADDED[0], lambda out: out.result,
           "A sum mixes the skip and what comes from below, so that no later layer can tell them apart. Concatenation "
           "lays one behind the other.", CONCATENATE,
           received="a sum where a skip arrives", expected="the channels of both, one behind the other")
skips = partial(When, remedy="On the way down, keep `x` of each level in `skips`; on the way up, pass each of them to "
                "the decoder block of its level, and see that it is used there.",
                received=lambda out: f"something carried by {out.result} of 2 skips", expected="2 skips")
DARK = When("the images are scaled once more", lambda out: out.result,
         "They are in [0, 1] already: the cases were prepared so. Whatever is divided by 255 or the like now is nearly "
         "black.", "Begin with the encoder block of level 0: `encoder_block(inputs, filters, strides=1, ...)`.",
         received="a layer that scales the images, before the first block", expected="the images as they are")
IMAGE = When("the image in the place of a skip", lambda out: out.result,
             "The decoder block of level 0 is given what goes into the network. What the first encoder block has seen, "
             "at full size, is lost.", "Begin with `x = encoder_block(inputs, ...)`, and append that `x` to `skips`.",
             received="the image at a join", expected="what an encoder block has put out")
SKIPS = (
    skips("no skip connections", lambda out: out.result == 0, "Each kernel lies on the only way."),
    skips("a skip connection is missing", lambda out: out.result == 1, "Two levels have no way past them but one."),
)
# fmt: on


@look()
def look_at_the_skips(rng):
    """Each level has a way past those below it."""
    network = without_dropout(2)
    zeros = f"{network.call}, with one kernel after the other set to 0:\nwhat still gets through goes by a skip"
    yield Case(network, tried=zeros, rows=BUILDING)
    yield Case(network, darkens, tried=network.call, rows=[DARK])
    yield Case(network, _is_squeezed, tried=zeros, rows=[SQUEEZED])
    yield Case(network, lambda network: adds_a_skip(network.model), tried=network.call, rows=[SUM])
    yield Case(network, joins_the_image, tried=network.call, rows=[IMAGE])
    yield Case(network, _ways_past, rng, rng.uniform(0.5, 1.5, size=(1, *WIDE)), tried=zeros, rows=SKIPS)
