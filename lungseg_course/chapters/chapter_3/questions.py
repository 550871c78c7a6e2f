"""Notebook 3: what to say to each answer of its questions."""

from lungseg_course.engine.exercises import Question

QUESTIONS = (
    Question(
        "3.1",
        right="c",
        feedback={
            "a": "3 / 8: the overlap divided by both sizes. But two equal masks would come to 1/2 in this way; the "
            "overlap counts twice.",
            "b": "3 / 5 is the overlap divided by the *union*: the Jaccard index, which comes later in this notebook.",
            "c": "Twice the overlap, divided by both sizes: 2 · 3 / (4 + 4) = 0.75.",
            "d": "3 is the overlap itself, in pixels. The coefficient compares it with the sizes, and is never above "
            "1.",
        },
    ),
    Question(
        "3.2",
        right="b",
        feedback={
            "a": "It is no slower: rounding costs next to nothing. Look at the gradients that were printed.",
            "b": "Gradient descent asks: which way is down? On the step the gradient is 0 everywhere but at one point, "
            "so no weight is told to change. At p = 0.2 the rounded loss does not know that 0.3 would be better. As a "
            "*metric*, rounding is fine: nothing has to be learnt from it.",
            "c": "The rounded loss does reach 0, and even earlier: at p = 0.5. The trouble is how to get there.",
            "d": "A little precision is lost, but that alone would not keep a network from learning; it learns from "
            "rough numbers every day. Look at the gradients that were printed.",
        },
    ),
    Question(
        "3.3",
        right="d",
        feedback={
            "a": "Not even two lungs of the same size n would agree: 2n / (2n + n) = 0.67 against a mean of 0.5, as "
            "the missed one adds nothing to the predicted pixels. And here the large lung has more than 20 times as "
            "many pixels.",
            "b": "0 is the coefficient of the missed image alone. In one pot its pixels are added to those of the "
            "large lung, which was found, and nearly all the pixels are that one's.",
            "c": "No pixel counts twice, and few were missed. It would be below 0.5 if the *large* lung had been "
            "missed.",
            "d": "The missed lung has few pixels, so in one pot it hardly counts, and the patient it belongs to is "
            "overlooked. The mean over the images says it plainly: one of two was missed.",
        },
    ),
    Question(
        "3.4",
        right="a",
        feedback={
            "a": "0 / 0 becomes s / s = 1, and a single empty mask can no longer spoil the training with nan. "
            "Everywhere else a small s hardly changes the number.",
            "b": "The curve of the loss is as smooth as before: it is a quotient of sums with and without s. Only the "
            "name sounds like it.",
            "c": "That would be blurring. Here a single number is added to numerator and denominator, and no pixel "
            "changes.",
            "d": "A little higher, yes, for each s above 0. That is the price, not the purpose, and the reason to keep "
            "it small.",
        },
    ),
    Question(
        "3.5",
        right="b",
        feedback={
            "a": "Dice is the name of the class. Keras logs under the *name* of the object, which is passed to "
            "`super().__init__`.",
            "b": "The metric is called `dice`; for the validation cases Keras writes `val_` in front. A callback that "
            "watches any other name waits in vain, and it warns at most.",
            "c": "Without `val_` it is the Dice of the *training* cases, which tells nothing about over-fitting.",
            "d": "Keras knows no abbreviations. Names are compared letter by letter.",
        },
    ),
    Question(
        "3.6",
        right="a",
        feedback={
            "a": "A Jaccard index of 0.90 is a Dice coefficient of 2 · 0.90 / (1 + 0.90) = 0.947. For a single image "
            "the two always rank predictions in the same way. For the *mean* over many images this holds only "
            "roughly, because Jaccard punishes a bad image harder.",
            "b": "0.92 is the larger number, on another scale. Bring both to the same one first.",
            "c": "They differ between 0 and 1, and most around the middle: look at the curve.",
            "d": "For the two numbers as they stand, one formula brings them to the same scale. (You would still ask "
            "whether both had the same test cases.)",
        },
    ),
    Question(
        "3.7",
        right="d",
        feedback={
            "a": "The logarithm is no obstacle: at p = 0.01 it says -4.6, which is a strong push for each pixel of the "
            "line. There are only so few of them.",
            "b": "Both are given all the pixels of the mask and of the prediction. It is what they do with them that "
            "differs.",
            "c": "It would be a good thing if it were so. Cross-entropy treats all pixels alike, and that is why the "
            "few of the line are outvoted.",
            "d": "99 of 100 pixels are background and nearly right, so the mean over all pixels is small: 0.056. In "
            "the Dice coefficient the numerator is 2 · 0.01, and the denominator the 1 of the mask beside 100 answers "
            "of 0.01, which make another 1: DSC 0.02 / 2 = 0.01. Only finding the line helps.",
        },
    ),
)
