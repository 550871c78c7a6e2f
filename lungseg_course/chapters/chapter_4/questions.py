"""Notebook 4: what to say to each answer of its questions."""

from lungseg_course.engine.exercises import Question

# fmt: off
QUESTIONS = (
    Question("4.1", right="c", feedback={
        "a": "The order does matter, for it decides which cases are the first 500, and it is the disk that decides the "
             "order. On another computer other cases are in the test, and some of them the network has seen.",
        "b": "That is true of `os.listdir` too, and it is not the trouble: every file is found. The trouble is in "
             "which order.",
        "c": "`glob` follows the disk. Trained here and tested there, the network is asked about cases that it knows "
             "by heart, and the score is too good. And where the order happens to follow the names, a whole hospital "
             "may be in the test and nowhere else. Sort, shuffle with a seed, then cut.",
        "d": "The proportion is all right: 704 cases leave 204. The trouble is that it is not always the same 204."}),
    Question("4.2", right="b", feedback={
        "a": "The optimizer never sees them: no weight is changed by the validation cases. It is you who learn from "
             "them, by choosing.",
        "b": "Of twelve epochs the best one *on these cases* is a little lucky there, and so is the best learning "
             "rate. Their score has taken part in a choice, so it flatters. Only cases that had no say give a fair "
             "score.",
        "c": "There may be enough of them for a mean. The trouble would be the same with a thousand: you chose by "
             "them.",
        "d": "They are as hard as the others: the split is stratified and random. It is the choosing that flatters."}),
    Question("4.3", right="d", feedback={
        "a": "Keras compares names letter by letter. Nothing tells it that DSC is another word for Dice.",
        "b": "That would be kind. But Keras only warns, in a line that is easily lost among the others.",
        "c": "It does not fall back on `val_loss`: the number that it waits for simply never comes.",
        "d": "A complaint in each epoch, and that is all. Nothing slows down, nothing stops, and best.keras is not the "
             "best: older versions of Keras save nothing at all, newer ones overwrite it after each epoch. Our metric "
             "is called `dice`, so the log holds `dice` and `val_dice`."}),
    Question("4.4", right="a", feedback={
        "a": "`min` says that lower is better, as for a loss. So the checkpoint keeps the network with the lowest "
             "Dice, usually that of the first epoch; and for the two others every rise is a step back, so that the "
             "training slows down and stops while it goes well.",
        "b": "It would be, if Keras knew what a Dice is. It sees a number and a direction, and you have told it the "
             "wrong one. No warning, no error.",
        "c": "`mode` is for the callbacks alone. The optimizer follows the gradient of the loss and never hears of it.",
        "d": "It would save something: in the first epoch any score is the best so far. And whenever the score falls "
             "below that, again."}),
    Question("4.5", right="c", feedback={
        "a": "Under-fitting looks different: then the training score is poor too. Here it is 0.99.",
        "b": "Steps that are too large make the curves jump up and down. Here both are smooth, and part.",
        "c": "It learns the training cases by heart, noise and all, and the validation cases do not profit. First of "
             "all *data*: more cases, or augmentation, which makes new ones of the old. Then a smaller network or more "
             "dropout. Meanwhile the checkpoint has kept the network of the best epoch.",
        "d": "More epochs widen the gap: what is there to be learnt from these cases has been learnt."}),
    Question("4.6", right="b", feedback={
        "a": "Over-fitting needs a training loss that falls. Here it jumps, with the validation loss.",
        "b": "Each step leaps over the valley to its other side. Divide the learning rate by ten, and look again. "
             "(ReduceLROnPlateau does it too, but only after some epochs.)",
        "c": "A network that is too small gets stuck at a high loss, calmly. It does not jump.",
        "d": "They would make the *validation* curve noisy. The training loss is the mean over all the training cases, "
             "and it jumps as well."}),
)
# fmt: on
