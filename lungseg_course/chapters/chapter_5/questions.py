"""Notebook 5: what to say to each answer of its questions."""

from lungseg_course.engine.exercises import Question

QUESTIONS = (
    Question(
        "5.1",
        right="c",
        feedback={
            "a": "The best threshold *of the test cases* fits their chances too. Reported, it promises what the next "
            "patients will not keep: you have learnt from the test.",
            "b": "They are the cases that the network knows by heart. Its probabilities are surer there than on new "
            "ones, and a threshold that suits them need not suit anybody else.",
            "c": "The validation cases are there for choosing: epoch, learning rate, and a threshold too. Then "
            "the test evaluates the choice, once. For a well-trained network it hardly matters: the seam of doubt is "
            "narrow.",
            "d": "0.5 is a habit, no law. A clinic that fears missed lung more than too much of it may well take a "
            "lower one. It only must not be chosen on the test cases.",
        },
    ),
    Question(
        "5.2",
        right="b",
        feedback={
            "a": "Both see every pixel. They differ in what counts the same: each pixel, or each patient.",
            "b": "The images with a low Dice are often those with small lungs, which bring few pixels into the pot, so "
            "that it hardly notices them. Report the mean per image with its standard deviation, for it says how the "
            "next patient will fare; give the pooled F1 beside it to whoever reports that; never compare the two.",
            "c": "There is no rounding that would lift it. Even with exact numbers the pot favours large lungs.",
            "d": "Both are measured on the same test cases, at the same threshold.",
        },
    ),
    Question(
        "5.3",
        right="d",
        feedback={
            "a": "It may be so, but these numbers do not show it: another draw of the cases might turn them around.",
            "b": "Two means of four cases differ by a percent or two by chance alone, without any fault in the split.",
            "c": "A difference that chance could make alone is a question, not a finding. To train differently because "
            "of it would be to learn from the test.",
            "d": "With so few cases, one hard image moves the mean by a percent. Look at the number of cases and at "
            "the single dots before you believe in a difference, and gather more cases if it matters.",
        },
    ),
    Question(
        "5.4",
        right="b",
        feedback={
            "a": "A missed lung halves the overlap: the Dice would be about 0.67.",
            "b": "The island costs little overlap, but all of its border lies 60 pixels from the true one, and it is "
            "more than 5 % of the predicted border, or HD95 would not see it. So put a distance beside each Dice, and "
            "look at the components, which tell of smaller islands, too.",
            "c": "A border that is off by one everywhere gives a distance of one pixel, not of 60.",
            "d": "Both are right. They answer different questions: how much overlaps, and how far off the border is "
            "where it is bad.",
        },
    ),
    Question(
        "5.5",
        right="a",
        feedback={
            "a": "The third piece belongs to a lung and is thrown away: true lung is lost. The Dice falls, and HD95 "
            "may rise, for the border of the lost piece is now far from any predicted one. Two lungs that touch count "
            "as one, so that an island stays; and of a single lung an island stays, too. A rule that is right for "
            "nearly everybody is still a rule about anatomy, and the network was not asked.",
            "b": "That is the case for which it was made: the island is the third largest, and goes.",
            "c": "Then there are two components, and both are kept: nothing changes.",
            "d": "Whatever else is wrong with such a mask, two components stay two components.",
        },
    ),
    Question(
        "5.6",
        right="d",
        feedback={
            "a": "0.96 *here*: on cases of the same sources as the training cases. The number is true, and does not "
            "travel.",
            "b": "More epochs make it know these sources better, not others.",
            "c": "Cleaning mends islands. It does not make a network know machines and patients that it never saw.",
            "d": "Elsewhere, with another machine and other patients, the same kind of network usually loses some "
            "Dice: in our own test between the Montgomery and the Shenzhen set about 0.005 to 0.015, and nobody can "
            "tell you how much at *this* hospital. (From phantoms to patients it is further still.) Test it on "
            "radiographs from there, group by group, with a distance beside each Dice, and let somebody look at the "
            "masks.",
        },
    ),
)
