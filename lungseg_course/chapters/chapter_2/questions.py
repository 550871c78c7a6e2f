"""Notebook 2, the architecture: what to say to each answer of its questions."""

from lungseg_course.engine.exercises import Question

QUESTIONS = (
    Question(
        number="2.1",
        right="b",
        feedback={
            "a": "That is so with stride 1 only. With a stride of 2 the result is half as large, although its padding "
            'is "same": look at the last line above.',
            "b": 'With "same" the stride alone decides: ⌈H / s⌉. With stride 1, a 3 × 3 kernel gets a row or column of '
            "zeros on each side, and the size stays as it is; with stride 2 and an even size, at the bottom and on the "
            "right only.",
            "c": "What is added is zeros. (`np.pad` can repeat the border, and you may meet it again further down.)",
            "d": "The values at the border change, as everywhere: there the kernel sees some of the zeros. It is the "
            "size that is the same.",
        },
    ),
    Question(
        number="2.2",
        right="d",
        feedback={
            "a": "Axis -1 is the last one, and the batch is the first, axis 0. Joined along that one, the skips would "
            "stand behind the images as if they were other cases.",
            "b": "That is axis 1, the height. One image would stand above the other, twice as tall, with pixels that "
            "belong together far apart. If the channels differ, Keras refuses; if they happen to be equal, it does "
            "not, and the network learns nonsense.",
            "c": "To add them up is another operation, `layers.Add`. Concatenation keeps both: 16 + 24 channels.",
            "d": "The axes are (batch, height, width, channels), and -1 is the last. Each pixel keeps its place and "
            "now has 16 + 24 = 40 numbers.",
        },
    ),
    Question(
        number="2.3",
        right="a",
        feedback={
            "a": "The channels of both are laid on top of each other, pixel by pixel. A pixel without a partner has "
            "no place in the result: all axes but the joined one must agree.",
            "b": "A convolution takes any size, and has as many parameters for each. It is the joining that asks for "
            "equal sizes.",
            "c": "The numbers of channels may differ, 16 and 24 in the example above: that is the one axis along which "
            "we join.",
            "d": "It raises an error. It would be dangerous if it did so: half a pixel of shift at each level, and "
            "nobody would notice.",
        },
    ),
    Question(
        number="2.4",
        right="c",
        feedback={
            "a": "That is one for each block and the output, 2d + 2. But an encoder block has two convolutions, and a "
            "decoder block a transposed and an ordinary one.",
            "b": "Nearly: the output is a convolution too, of 1 × 1.",
            "c": "d + 1 encoder blocks with two convolutions each, d decoder blocks with a transposed one and an "
            "ordinary one, and the output: 2(d + 1) + 2d + 1 = 4d + 3. For d = 4 that makes 19.",
            "d": "That counts two ordinary convolutions and a transposed one in each decoder block. The U-Net of the "
            "original article has them; ours has one of each kind.",
        },
    ),
    Question(
        number="2.5",
        right="c",
        feedback={
            "a": "100 / 2 = 50, 50 / 2 = 25, and 25 cannot be halved: it becomes 13, and the way up makes 26 of it.",
            "b": "Even is not enough: 36 / 2 = 18, 18 / 2 = 9, and the third halving makes 5 of the 9.",
            "c": "2³ = 8 divides both: 40 → 20 → 10 → 5, and 104 → 52 → 26 → 13. They need be neither square nor "
            "powers of 2.",
            "d": "Powers of 2 work, but so do many others: all multiples of 2³ = 8.",
        },
    ),
)
