"""Notebook 6, exercise 6.3: the masks of three classes with the background in front."""

import numpy as np

from lungseg_course.engine.kinds import Numbers
from lungseg_course.engine.rows import Gives, Raises, Shape, When
from lungseg_course.engine.table import Case, look_at

MASKS = "masks (B, H, W, 4): the background, and then the three"


def free(masks: np.ndarray) -> np.ndarray:
    """Return where none of the classes is, (B, H, W, 1)."""
    return 1 - masks.max(axis=-1, keepdims=True)


def in_front(masks: np.ndarray, background: np.ndarray) -> np.ndarray:
    """Return masks with another one in front."""
    return np.concatenate([np.broadcast_to(background, (*masks.shape[:-1], 1)), masks], axis=-1)


def right(masks):
    return in_front(masks, free(masks))


def one_hot(labels: np.ndarray, count: int = 4) -> np.ndarray:
    return np.eye(count)[labels]


# fmt: off
FRONT = "`np.concatenate([background, masks], axis=-1)` puts it in front."
NONE = "A pixel is background where none of the three is: `1 - masks.sum(axis=-1, keepdims=True)`."
ROWS = (
    When("the masks that you were given are changed", lambda out: out.changed,
         "What is set in an array is set in the caller's own.", "Make a new array, with `np.concatenate`.",
         received="afterwards the masks hold other numbers", expected="the masks as they were"),
    When("several arrays in place of one", lambda out: isinstance(out.result, (list, tuple))
         and {np.ndim(each) for each in out.result} == {4}, "The network gives one, with four channels.", FRONT,
         received=lambda out: f"{len(out.result)} arrays", expected=MASKS),
    When("a list in place of an array", lambda out: isinstance(out.result, (list, tuple)),
         "Keras takes a list for the answers of several outputs.", "Make one array of it, with `np.stack`.",
         received=lambda out: f"a {type(out.result).__name__}", expected=MASKS),
    Shape("the first image alone", lambda masks: [(1, *masks.shape[1:-1], 4), (*masks.shape[1:-1], 4)],
          "There are several images: their number is the first axis.", "Leave the first axis as it is."),
    Shape("no background", lambda masks: masks.shape,
          "The network has a probability for it, which must be compared with something.", FRONT),
    Shape("the background alone", lambda masks: (*masks.shape[:-1], 1), "The three classes are lost.", FRONT),
    Shape("one number for each pixel in place of four", lambda masks: masks.shape[:-1],
          "The network gives four numbers for each pixel, and each is compared with one of the masks.",
          "Leave the masks as they are, and put the background in front."),
    Shape("two classes are left", lambda masks: (*masks.shape[:-1], 2), "All organs have become one.",
          "Leave the three masks as they are."),
    Shape("the opposite of each class in place of the background", lambda masks: (*masks.shape[:-1], 6),
          "What is not heart may be lung. There is one background for all three.", NONE),
    Shape("joined along another axis", lambda masks: [(4, *masks.shape[:-1]), (masks.shape[0], 4, *masks.shape[1:-1]),
                                                       (2 * masks.shape[0], *masks.shape[1:])],
          "The channels are the last axis, and there belongs the background.",
          "Write `axis=-1`, also for `np.stack`."),
    Gives("the background comes last", lambda masks: np.concatenate([masks, free(masks)], axis=-1),
          "Then the first probability of the network would be that of the right lung, and so on.", FRONT),
    Gives("the background is upside down", lambda masks: in_front(masks, 1 - free(masks)),
          "It is 1 where there is an organ.", NONE),
    Gives("the background is 0 everywhere", lambda masks: in_front(masks, np.zeros(1)),
          "Most pixels would belong to nothing at all.", NONE),
    Gives("the background is 1 everywhere", lambda masks: in_front(masks, np.ones(1)),
          "Where there is a lung, two classes would be 1.", NONE),
    Gives("the mean in place of the sum", lambda masks: in_front(masks, 1 - masks.mean(axis=-1, keepdims=True)),
          "Where one of three masks is 1, their mean is a third.", NONE),
    Gives("the opposites are added up", lambda masks: in_front(masks, (1 - masks).sum(axis=-1, keepdims=True)),
          "A pixel of the heart is neither in the right lung nor in the left one: that makes two.", NONE),
    Gives("the three classes are lost", lambda masks: in_front(0 * masks, free(masks)),
          "There is the background alone, and nothing in the other three channels.", FRONT,
          also=(lambda masks: np.repeat(free(masks), 4, axis=-1),)),
    Gives("the masks are scaled", lambda masks: in_front(masks / 255, free(masks)),
          "They are 0 and 1 already.", "Leave the masks as they are.",
          also=(lambda masks: in_front(masks / 255, 1 - masks.max(axis=-1, keepdims=True) / 255),
                lambda masks: in_front(255 * masks, free(masks)),
                lambda masks: in_front(255 * masks, 255 * free(masks)))),
    Gives("the numbers of the classes in place of 1", lambda masks: in_front(masks * [1, 2, 3], free(masks)),
          "Which class it is, the place among the channels tells.", "Leave the masks as they are.",
          also=(lambda masks: in_front(masks * [2, 3, 4], free(masks)),)),
    Gives("a background of −1", lambda masks: in_front(masks, free(masks) - 1),
          "A mask has 0 and 1 only.", NONE, also=(lambda masks: in_front(masks, -free(masks)),)),
    Gives("the background is what a single class leaves", lambda masks: in_front(masks, 1 - masks[..., :1]),
          "There is more than one class that a pixel may have.", NONE,
          also=(lambda masks: in_front(masks, 1 - masks[..., 1:2]), lambda masks: in_front(masks, 1 - masks[..., 2:]),
                lambda masks: in_front(masks, 1 - masks[..., :2].max(axis=-1, keepdims=True)),
                lambda masks: in_front(masks, 1 - masks[..., 1:].max(axis=-1, keepdims=True)))),
    Gives("all organs in place of the background, last",
          lambda masks: np.concatenate([masks, 1 - free(masks)], axis=-1),
          "It is 1 where there is an organ, and it stands behind the three.", NONE),
    Gives("the classes have changed places", lambda masks: in_front(masks[..., ::-1], free(masks)),
          "They should keep their order.", FRONT,
          also=(*(lambda masks, places=places: in_front(masks[..., places], free(masks))
                  for places in ([1, 0, 2], [0, 2, 1], [1, 2, 0], [2, 0, 1])),
                lambda masks: np.concatenate([free(masks), masks], axis=-1)[..., ::-1])),
    Gives("the background is taken for the right lung", lambda masks: one_hot(masks.argmax(axis=-1)),
          "Where no class is, all three are 0, and `argmax` says 0, which is the first of them.",
          "Put the background in front, without `argmax`.",
          also=(lambda masks: one_hot(masks.argmax(axis=-1) + 1),
                lambda masks: in_front(one_hot(masks.argmax(axis=-1), 3), free(masks)))),
    Gives("255 in place of 1", lambda masks: in_front(masks, 255 - masks.max(axis=-1, keepdims=True)),
          "The masks of cases are 0 and 1.", NONE,
          also=(lambda masks: in_front(masks, 255 * free(masks)),)),
    Gives("a sum over more than the channels", lambda masks: in_front(masks, 1 - masks.sum()),
          "Without `axis=-1`, the pixels of all images are added up.", NONE),
    Raises("the sum runs along another axis", "Exception: except for the concatenation axis|except for the concat axis",
           "What the sum leaves has another height, width or number of images than the masks.", NONE,
           line=r"(axis\s*=|,)\s*(-1|3)\s*\)", expected=MASKS),
    Raises("a single number in place of a mask", "Exception: zero-dimensional",
           "Without an axis, the sum or the maximum is one number for all pixels.", NONE, expected=MASKS),
    Raises("joined along another axis", "Exception: except for the concatenation axis|except for the concat axis",
           "The channels are the last axis, and along it alone the two may differ.", "Write `axis=-1`.",
           expected=MASKS),
    Raises("an axis is lost", "Exception: number of dimensions|same rank|[Rr]anks? of|broadcast",
           "A sum along the channels takes their axis away, (B, H, W), and only arrays with the same axes are joined.",
           "Write `keepdims=True`, or index with `[..., None]`.", expected=MASKS),
    Raises("`~` of numbers", "TypeError: invert|bad operand type for unary ~",
           "`~` turns True and False around. The masks are numbers, 0 and 1.", NONE, expected=MASKS),
    Raises("`|` or `&` of numbers", "TypeError: bitwise", "They work on True and False. The masks are numbers.", NONE,
           expected=MASKS),
    Raises("`np.concatenate` without a list", "TypeError: only integer scalar arrays|integer argument expected|axis",
           "It takes what is to be joined in one list.", FRONT, expected=MASKS),
)
# fmt: on


class Masks(Numbers):
    """Masks, of which the first pixel that is wrong is shown."""

    def show(self, value: np.ndarray, right) -> tuple[str, str]:
        right = np.asarray(right, dtype="float64")
        if value.shape != right.shape or (value == right).all():
            return super().show(value, right)
        place = tuple(np.argwhere((value != right).any(axis=-1))[0])
        return f"{_pixel(value[place])} for a pixel that is {ORGANS[int(right[place].argmax())]}", _pixel(right[place])


ORGANS = ("background", "right lung", "left lung", "heart")


def _pixel(values: np.ndarray) -> str:
    return f"[{', '.join(f'{value:g}' for value in values)}]"


@look_at("add_background", right, ROWS, kind=Masks("the masks"), place=1)
def look_at_the_background(rng):
    """Two images, in which each class has some pixels."""
    while True:
        labels = rng.integers(0, 4, (2, 5, 7))
        if all(np.bincount(labels[0].ravel(), minlength=4) > 3) and labels[0, 0, 0] == 0:
            break
    masks = (labels[..., None] == [1, 2, 3]).astype("float32")
    yield Case(masks, tried="add_background(masks), with masks of shape (2, 5, 7, 3)")
