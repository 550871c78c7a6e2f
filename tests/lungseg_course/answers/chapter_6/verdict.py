"""Exercise 6.1, second function: whether a difference is beyond chance."""

import numpy as np
from scipy import stats

from answers import Answers
from answers.chapter_6.difference import difference

answers = Answers("6.1")


def right(function):
    """Note a right verdict, with the difference that is right."""
    return answers.right(difference, function)


def wrong(cause, share=1 / 2):
    """Return a decorator: the verdict has a mistake, the difference is right."""
    return lambda function: answers.wrong(cause, share)(difference, function) and function


@right
def by_the_sign(scores_a, scores_b):
    _, low, high = difference(scores_a, scores_b)
    return low * high > 0


@right
def by_a_p_value(scores_a, scores_b):
    return stats.ttest_rel(scores_a, scores_b).pvalue < 0.05


@right
def by_if(scores_a, scores_b):
    _, low, high = difference(scores_a, scores_b)
    if low <= 0 <= high:  # noqa: SIM103
        return False
    return True


@right
def by_the_distance(scores_a, scores_b):
    mean, low, high = difference(scores_a, scores_b)
    return np.bool_(abs(mean) > (high - low) / 2)


# ---- Wrong -------------------------------------------------------------------------------------


@wrong("upside down")
def inside(scores_a, scores_b):
    _, low, high = difference(scores_a, scores_b)
    return low < 0 < high


@wrong("upside down")
def large_p_value(scores_a, scores_b):
    return stats.ttest_rel(scores_a, scores_b).pvalue > 0.05


@wrong("a difference downwards does not count")
def upwards_only(scores_a, scores_b):
    return difference(scores_a, scores_b)[1] > 0


@wrong("a difference upwards does not count")
def downwards_only(scores_a, scores_b):
    return difference(scores_a, scores_b)[2] < 0


@wrong("never beyond chance")
def never(scores_a, scores_b):
    return False


@wrong("the scores are sorted")
def sorted_scores(scores_a, scores_b):
    _, low, high = difference(np.sort(scores_a), np.sort(scores_b))
    return low > 0 or high < 0


@wrong("whether the two clouds touch")
def clouds(scores_a, scores_b):
    return min(scores_b) > max(scores_a) or max(scores_b) < min(scores_a)


@wrong("never beyond chance")
def both(scores_a, scores_b):
    _, low, high = difference(scores_a, scores_b)
    return low > 0 and high < 0


@wrong("always beyond chance")
def any_difference(scores_a, scores_b):
    return scores_a.mean() != scores_b.mean()


@wrong("always beyond chance")
def any_end(scores_a, scores_b):
    _, low, high = difference(scores_a, scores_b)
    return low < 0 or high > 0


@wrong("the pairs are torn apart")
def by_two_intervals(scores_a, scores_b):
    _, low_a, high_a = difference(0 * scores_a, scores_a)
    _, low_b, high_b = difference(0 * scores_b, scores_b)
    return high_a < low_b or high_b < low_a


@wrong("the pairs are torn apart")
def by_two_groups(scores_a, scores_b):
    return stats.ttest_ind(scores_a, scores_b).pvalue < 0.05


@wrong("the two means are compared")
def higher_mean(scores_a, scores_b):
    return scores_b.mean() > scores_a.mean()


@wrong("a limit of one's own")
def one_percent(scores_a, scores_b):
    return abs(difference(scores_a, scores_b)[0]) > 0.01


@wrong("a limit of one's own")
def half_a_percent(scores_a, scores_b):
    return abs(scores_b.mean() - scores_a.mean()) >= 0.005


@wrong("whether all seeds agree")
def all_seeds(scores_a, scores_b):
    return all(scores_b > scores_a) or all(scores_b < scores_a)


@wrong("the two ends have changed their signs")
def upper_end_above_zero(scores_a, scores_b):
    return difference(scores_a, scores_b)[2] > 0


@wrong("the difference is compared with its spread")
def more_than_a_deviation(scores_a, scores_b):
    d = scores_b - scores_a
    return abs(d.mean()) > d.std(ddof=1)


@wrong("not True or False")
def in_words(scores_a, scores_b):
    _, low, high = difference(scores_a, scores_b)
    return "beyond chance" if low > 0 or high < 0 else "within chance"


@wrong("nothing is returned")
def prints(scores_a, scores_b):
    _, low, high = difference(scores_a, scores_b)
    print(low > 0 or high < 0)


@wrong("nothing is returned")
def returns_sometimes(scores_a, scores_b):
    _, low, high = difference(scores_a, scores_b)
    if low > 0 or high < 0:
        return True


@wrong("not True or False")
def the_p_value(scores_a, scores_b):
    return stats.ttest_rel(scores_a, scores_b).pvalue


@wrong("the three numbers are compared with 0 at once")
def all_three(scores_a, scores_b):
    return difference(scores_a, scores_b) > 0


@wrong("the wrong number of names")
def two_names(scores_a, scores_b):
    low, high = difference(scores_a, scores_b)
    return low > 0 or high < 0


@wrong("a function in place of what it gives")
def not_called(scores_a, scores_b):
    return difference > 0


@wrong("one answer for all pairs")
def pair_by_pair(scores_a, scores_b):
    return True if scores_b - scores_a > 0 else False  # noqa: SIM210


@wrong("the three numbers are taken in another order")
def the_ends_first(scores_a, scores_b):
    low, _, high = difference(scores_a, scores_b)
    return bool(low > 0 or high < 0)


@wrong("a test of ranks")
def by_wilcoxon(scores_a, scores_b):
    return stats.wilcoxon(scores_a, scores_b).pvalue < 0.05


@wrong("a test of ranks")
def by_the_signs(scores_a, scores_b):
    return stats.binomtest(int((scores_b > scores_a).sum()), len(scores_a)).pvalue < 0.05


@wrong("never beyond chance")
def with_and(scores_a, scores_b):
    _, low, high = difference(scores_a, scores_b)
    return low > 0 and high < 0
