"""Sums on printed numbers, written as text: "incidents / residents * 1000". Exact, and nothing but arithmetic.

What a sum may hold: numbers, names, ``+ - * /`` and brackets, and the functions of ``FUNCTIONS``. Anything else is a
fault. The text is taken apart with Python's own grammar and never run.
"""

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from csp_data.catalogue.rounding import half_up

Value = Fraction | tuple[Fraction, ...]

LONGEST = 500
"""Characters of a sum."""


class ArithmeticFault(ValueError):
    """A sum that cannot be worked out, told in words."""


def _flat(values: Sequence[Value]) -> list[Fraction]:
    return [each for value in values for each in (value if isinstance(value, tuple) else (value,))]


def _one(value: Value) -> Fraction:
    if isinstance(value, tuple):
        raise ArithmeticFault("a list of numbers stands where one number is needed: use sum(…) or count(…)")
    return value


def _percent_of(*values: Value) -> Fraction:
    part, whole = (_one(value) for value in values)
    return 100 * _divided(part, whole)


def _percent_change(*values: Value) -> Fraction:
    now, before = (_one(value) for value in values)
    return 100 * (_divided(now, before) - 1)


def _round(*values: Value) -> Fraction:
    number, decimals = (_one(values[0]), _one(values[1]) if len(values) > 1 else Fraction(0))
    if decimals.denominator != 1 or not -12 <= decimals <= 12:
        raise ArithmeticFault("round(…) takes a whole number of decimals")
    return half_up(number, Fraction(10) ** -int(decimals))


def _divided(part: Fraction, whole: Fraction) -> Fraction:
    if not whole:
        raise ArithmeticFault("it divides by nothing")
    return part / whole


FUNCTIONS: Mapping[str, tuple[tuple[int, ...], Callable[..., Fraction]]] = {
    "percent_of": ((2,), _percent_of),
    "percent_change": ((2,), _percent_change),
    "round": ((1, 2), _round),
    "sum": (tuple(range(1, 100)), lambda *values: sum(_flat(values), Fraction(0))),
    "count": (tuple(range(1, 100)), lambda *values: Fraction(len(_flat(values)))),
    "smallest": (tuple(range(1, 100)), lambda *values: min(_flat(values))),
    "largest": (tuple(range(1, 100)), lambda *values: max(_flat(values))),
}
"""Name -> how many values it takes, and what it does. ``percent_change(now, before)``, ``percent_of(part, whole)``,
``round(number, decimals)`` half up, and of lists ``sum``, ``count``, ``smallest``, ``largest``."""


def names(text: str) -> tuple[str, ...]:
    """The names that a sum uses, in order: "crimes", or "A1.crimes" of another claim.

    Raises
    ------
    ArithmeticFault
        When the text is no sum.
    """
    return tuple(dict.fromkeys(_named(_parsed(text))))


def worked_out(text: str, known: Mapping[str, Value]) -> Fraction:
    """The value of a sum, with its names looked up in ``known``.

    Raises
    ------
    ArithmeticFault
        When the text is no sum, a name is not known, it divides by nothing, or its value is not one number.
    """
    return _one(_value(_parsed(text), known))


def _parsed(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise ArithmeticFault(f"it is longer than {LONGEST} characters")
    # A claim's number may hold a hyphen ("D-1.users"), which Python's grammar takes for a minus.
    try:
        found = ast.parse(_HYPHEN.sub(r"\1__\2", text.strip()), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ArithmeticFault(f"'{text}' is no sum") from None
    _check(found)
    return found


_HYPHEN = re.compile(r"\b([A-Z][A-Za-z0-9]*)-([0-9]+)(?=\.[a-z])")


def _check(node: ast.expr) -> None:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return None
    if isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
        return None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        return _check(node.operand)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div):
        _check(node.left)
        return _check(node.right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        if node.func.id not in FUNCTIONS:
            raise ArithmeticFault(f"there is no function '{node.func.id}'; there are {', '.join(FUNCTIONS)}")
        if len(node.args) not in FUNCTIONS[node.func.id][0]:
            raise ArithmeticFault(f"'{node.func.id}' does not take {len(node.args)} values")
        for argument in node.args:
            _check(argument)
        return None
    raise ArithmeticFault("it holds something that is not arithmetic: numbers, names, + - * / and brackets may be used")


def _name(node: ast.Name | ast.Attribute) -> str:
    if isinstance(node, ast.Name):
        return node.id
    assert isinstance(node.value, ast.Name)
    return f"{node.value.id.replace('__', '-')}.{node.attr}"


def _named(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Name | ast.Attribute):
        return [_name(node)]
    if isinstance(node, ast.UnaryOp):
        return _named(node.operand)
    if isinstance(node, ast.BinOp):
        return [*_named(node.left), *_named(node.right)]
    if isinstance(node, ast.Call):
        return [name for argument in node.args for name in _named(argument)]
    return []


def _value(node: ast.expr, known: Mapping[str, Value]) -> Value:
    if isinstance(node, ast.Constant):
        return Fraction(str(node.value))
    if isinstance(node, ast.Name | ast.Attribute):
        name = _name(node)
        if name not in known:
            raise ArithmeticFault(f"nothing is printed under the name '{name}'")
        return known[name]
    if isinstance(node, ast.UnaryOp):
        value = _one(_value(node.operand, known))
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.Call):
        assert isinstance(node.func, ast.Name)
        return FUNCTIONS[node.func.id][1](*(_value(argument, known) for argument in node.args))
    assert isinstance(node, ast.BinOp)
    left, right = _one(_value(node.left, known)), _one(_value(node.right, known))
    if isinstance(node.op, ast.Add):
        return left + right
    if isinstance(node.op, ast.Sub):
        return left - right
    return left * right if isinstance(node.op, ast.Mult) else _divided(left, right)
