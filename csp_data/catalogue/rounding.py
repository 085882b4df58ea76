"""Rounding as reports do it: half away from zero, exactly."""

from fractions import Fraction


def half_up(number: Fraction, step: Fraction = Fraction(1)) -> Fraction:
    """The multiple of a step nearest to a number; of two as near, the one further from zero."""
    size = abs(number) / step
    steps = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    return step * (-steps if number < 0 else steps)
