"""What an expression evaluates to, found from the syntax tree alone: a constant, a choice of constants, or unresolved.

Sizes are bounded at every step, so `10**10**10` or `[0] * 10**9` costs nothing: such a value stays unresolved.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from index.facts.evaluation import arguments, texts
from index.facts.evaluation.arithmetic import MAX_INT, MAX_TEXT, Constant, combined
from index.facts.evaluation.configs import Configs
from index.facts.evaluation.frames import Frame, Origin
from index.facts.evaluation.program import Program, dotted
from index.facts.evaluation.resolver import Resolver
from index.facts.evaluation.siblings import Siblings

_TRAINS = re.compile(
    r"^(do_|is_|to_|run_|mode_|_)?(train|training|fit|learn)(_?(model|mode|net|network|vae|gan))?$", re.IGNORECASE
)
_PARTS = 16  # of a text that is put together
_STEPS = 60_000  # of one script, in all
_DEPTH = 40  # expressions that an expression may lead through
_COMPARE: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip
_NUMERIC: dict[str, Callable[[Any], int | float]] = {
    "int": int, "float": float, "round": round, "abs": abs, "ceil": math.ceil, "floor": math.floor,
}  # fmt: skip


_RESPELLED: dict[str, Callable[[str], str]] = {"lower": str.lower, "upper": str.upper, "strip": str.strip}
_HELD = {"Variable", "constant", "float32", "float64", "shared"}  # lr = tf.Variable(0.01): a number all the same


@dataclass(frozen=True)
class Value:
    """`options` holds every constant the expression may have: one is known, several a choice, none unresolved.

    `line` proves the value; `text` is the expression as written, for saying what an unresolved value hangs on.
    """

    options: tuple[Constant, ...]
    line: int
    node: ast.AST | None = None
    beside: str = ""  # where it is stated, if that is a module of settings beside the script: "config.py:6"

    @property
    def text(self) -> str:
        return _text(self.node) if self.node is not None else ""

    @property
    def known(self) -> bool:
        return len(self.options) == 1

    @property
    def constant(self) -> Constant:
        """The one constant it is; None when it is not known (or is known to be None)."""
        return self.options[0] if len(self.options) == 1 else None

    @property
    def number(self) -> int | float | None:
        """The one finite number it is, if it is one."""
        constant = self.constant
        if isinstance(constant, bool) or not isinstance(constant, int | float):
            return None
        return constant if abs(constant) < MAX_INT else None


class Evaluator:
    """Evaluates expressions of one program."""

    def __init__(self, program: Program, configs: Configs | None = None, siblings: Siblings | None = None) -> None:
        self.program = program
        self.resolver = Resolver(program, self.decide, configs or Configs(), siblings)
        self._deciding: set[tuple[int, int]] = set()
        self._depth = 0
        self._steps = _STEPS
        self._evaluating: set[tuple[int, Frame]] = set()
        self._decided: dict[tuple[int, Frame], tuple[ast.expr, bool | None]] = {}
        self._known: dict[tuple[int, Frame], tuple[ast.expr, Value]] = {}

    def release(self) -> None:
        """As :meth:`Program.release`."""
        self.resolver.siblings.release()
        self.resolver.__dict__.clear()
        self.__dict__.clear()

    def evaluate(self, node: ast.expr, frame: Frame) -> Value:
        """The value of an expression as it stands in a frame."""
        key = (id(node), frame)
        known = self._known.get(key)
        if known is not None:
            return known[1]
        self._steps -= 1
        if self._depth > _DEPTH or self._steps < 0 or key in self._evaluating:
            return Value((), getattr(node, "lineno", 0), node)
        self._depth += 1
        self._evaluating.add(key)
        try:
            value = self._evaluate(node, frame)
        finally:
            self._depth -= 1
            self._evaluating.discard(key)
        if not self._deciding:  # a test that is being decided is open to itself alone
            self._known[key] = (node, value)  # holding the node keeps its id its own
        return value

    def _evaluate(self, node: ast.expr, frame: Frame) -> Value:
        line = getattr(node, "lineno", 0)
        found: dict[tuple[type, Constant], Value] = {}
        for origin in self.resolver.follow(node, frame):
            value = self._origin(origin)
            if not value.options:
                return self._open(node, frame)
            shown, beside = value.line, value.beside
            if value.line and not beside and origin.frame.scope.module is not self.program.module:
                _, beside = self.placed(value.line, origin.frame)
                shown = self.placed(line, frame)[0]
            for constant in value.options:
                found.setdefault((type(constant), constant), Value((constant,), shown, beside=beside))
        if not found or len(found) > 16:
            return self._open(node, frame)
        first = next(iter(found.values()))
        options = tuple(value.options[0] for value in found.values())
        if not first.line and not first.beside:  # of a configuration file: what proves it is where it is used
            return replace(self._open(node, frame), options=options)
        return Value(options, first.line or line, node, first.beside)

    def _open(self, node: ast.expr, frame: Frame) -> Value:
        """What is not resolved, with the place where it is written."""
        line, beside = self.placed(getattr(node, "lineno", 0), frame)
        return Value((), line, node, beside)

    def placed(self, line: int, frame: Frame) -> tuple[int, str]:
        """Where a line of what a frame runs is: its number in the script and ""; of another file the line of the script
        that led there (0 where none is known) and the place: (87, "config.py:6")."""
        home = frame.scope.module
        if home is self.program.module:
            return line, ""
        step: Frame | None = frame
        while step is not None:
            if step.call is not None and step.call.scope.module is self.program.module:
                return step.call.node.lineno, self.resolver.siblings.place(home, line)
            step = step.caller
        return 0, self.resolver.siblings.place(home, line)

    def decide(self, test: ast.expr, frame: Frame) -> bool | None:
        """How a condition comes out with the script's own defaults; None when that is open."""
        known = self._decided.get((id(test), frame))
        if known is not None:
            return known[1]
        key = (id(test), id(frame.scope))
        if key in self._deciding:
            return None
        whole = not self._deciding and not self._evaluating  # nothing that is being worked out is open for now
        self._deciding.add(key)
        try:
            decided = self._decide(test, frame)
        finally:
            self._deciding.discard(key)
        if whole:
            self._decided[id(test), frame] = (test, decided)
        return decided

    def _decide(self, test: ast.expr, frame: Frame) -> bool | None:
        match test:
            case ast.BoolOp(op=ast.And()):
                parts = [self._decide(part, frame) for part in test.values]
                return False if False in parts else None if None in parts else True
            case ast.BoolOp():
                parts = [self._decide(part, frame) for part in test.values]
                return True if True in parts else None if None in parts else False
            case ast.UnaryOp(op=ast.Not()):
                inner = self._decide(test.operand, frame)
                return None if inner is None else not inner
            case ast.Compare(left=ast.Name(id="__name__"), comparators=[ast.Constant(value="__main__")]):
                return True
            case ast.Compare(ops=[op], comparators=[right]):
                counts = self._counts(test.left) or self._counts(right)
                return None if counts else self._compare(op, test.left, right, frame)
            case ast.Call(func=ast.Attribute(value=asked, attr="startswith" | "endswith" as end), args=[part]):
                said, given = self.evaluate(asked, frame).constant, self.evaluate(part, frame).constant
                if not isinstance(said, str) or not isinstance(given, str):
                    return None
                return said.startswith(given) if end == "startswith" else said.endswith(given)
            case _:
                value = self.evaluate(test, frame)
                if value.known and value.constant is None and self._left_open(test, frame):
                    return None
                if value.known and not value.options[0] and _TRAINS.match((dotted(test) or "").split(".")[-1]):
                    # `if args.train:` holds the training, whether or not it is on by default
                    return False if self._told_apart(test, frame) else None
                return bool(value.options[0]) if value.known else None

    def _left_open(self, node: ast.expr, frame: Frame) -> bool:
        """Whether None is what a parameter is without a caller: in a file that others use, they give something."""
        bindings = frame.scope.bindings.get(node.id, []) if isinstance(node, ast.Name) and frame.call is None else []
        scope = frame.scope.owner if frame.scope.name == "__init__" else frame.scope
        parameter = len(bindings) == 1 and bindings[0].kind == "parameter" and not frame.scope.is_class
        return parameter and scope is not None and not self.resolver.call_sites(scope)

    def _told_apart(self, test: ast.expr, frame: Frame) -> bool:
        """Whether a call tells a function not to train which others tell to: `run(held, train=False)`."""
        if not isinstance(test, ast.Name) or frame.call is None:
            return False
        sites = self.resolver.call_sites(frame.scope)
        return arguments.told(frame.scope, test.id, frame.call.node, False) and any(
            arguments.told(frame.scope, test.id, site.node, True) for site in sites
        )

    def _counts(self, node: ast.expr) -> bool:
        """Whether an expression is of a counter: where it starts says nothing of where it gets to."""
        while isinstance(node, ast.BinOp):  # steps % 4
            node = node.left
        return (dotted(node) or "").split(".")[-1] in self.program.counted

    def _compare(self, op: ast.cmpop, left_node: ast.expr, right_node: ast.expr, frame: Frame) -> bool | None:
        left = self.evaluate(left_node, frame)
        if not left.known:
            return None
        if isinstance(op, ast.In | ast.NotIn) and isinstance(right_node, ast.Tuple | ast.List | ast.Set):
            members = [self.evaluate(element, frame) for element in right_node.elts[:32]]
            inside = any(member.known and member.constant == left.constant for member in members)
            return None if not inside and not all(m.known for m in members) else inside == isinstance(op, ast.In)
        right = self.evaluate(right_node, frame)
        if not right.known:
            made = isinstance(op, ast.In | ast.NotIn) and self._made_of_itself(right_node, frame)
            return isinstance(op, ast.NotIn) if made and isinstance(left.constant, str) else None
        a, b = left.constant, right.constant
        if a is None and self._left_open(left_node, frame):
            return None
        if isinstance(op, ast.In | ast.NotIn):
            return (a in b) == isinstance(op, ast.In) if isinstance(a, str) and isinstance(b, str) else None
        if isinstance(op, ast.Eq | ast.NotEq):
            if a != b and isinstance(b, str) and _TRAINS.match(b):
                return None  # `if args.mode == "train":` likewise
            return (a == b) == isinstance(op, ast.Eq)
        if isinstance(op, ast.Is | ast.IsNot):
            return ((a is b) or (a == b and type(a) is type(b))) == isinstance(op, ast.Is)
        compare = _COMPARE.get(type(op))
        if compare and isinstance(a, int | float) and isinstance(b, int | float):
            return compare(a, b)
        return None

    def _made_of_itself(self, node: ast.expr, frame: Frame) -> bool:
        """Whether a name that was a text stands for what was made of it, in which no text is: `data = MNIST(data)`."""
        made = [o.node for o in self.resolver.follow(node, frame)] if isinstance(node, ast.Name) else []
        call = made[0] if len(made) == 1 else None
        parts = [*call.args, *(keyword.value for keyword in call.keywords)] if isinstance(call, ast.Call) else []
        return isinstance(node, ast.Name) and node.id in {part.id for part in parts if isinstance(part, ast.Name)}

    def _origin(self, origin: Origin) -> Value:
        node, frame = origin.node, origin.frame
        line = getattr(node, "lineno", 0)
        unresolved = Value((), line, node)
        if origin.element or origin.name:
            return unresolved
        match node:
            case ast.Constant(value=int() | float() | str() | None as constant):
                if isinstance(constant, int) and abs(constant) >= MAX_INT:
                    return unresolved
                if isinstance(constant, str):
                    constant = _clean(constant)[:MAX_TEXT]
                return Value((constant,), line)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as op):
                return self._map(node.operand, frame, line, lambda x: -x if isinstance(op, ast.USub) else x)
            case ast.Compare() | ast.UnaryOp(op=ast.Not()):
                decided = self.decide(node, frame)
                return unresolved if decided is None else Value((decided,), line)
            case ast.BinOp():
                return self._binary(node, frame)
            case ast.JoinedStr():
                return self._joined(node, frame)
            case ast.Call():
                return self._call(node, frame)
            case _:
                return unresolved

    def _binary(self, node: ast.BinOp, frame: Frame) -> Value:
        unresolved = Value((), node.lineno, node)
        left, right = self.evaluate(node.left, frame), self.evaluate(node.right, frame)
        if not right.options and isinstance(node.op, ast.Div | ast.FloorDiv):
            return self._cancelled(node, frame) or unresolved
        if isinstance(node.op, ast.Mod) and isinstance(left.constant, str):
            parts = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
            given = self._texts(parts, frame)
            text = texts.percent(left.constant, given) if given is not None else None
            return Value((text[:MAX_TEXT],), node.lineno) if text is not None else unresolved
        if len(left.options) * len(right.options) > 16:
            return unresolved
        results: list[Constant] = []
        for a in left.options:
            for b in right.options:
                result = combined(node.op, a, b)
                if result is None:
                    return unresolved
                results.append(result)
        return Value(tuple(dict.fromkeys(results)), node.lineno) if results else unresolved

    def _cancelled(self, node: ast.BinOp, frame: Frame) -> Value | None:
        """`steps / per_epoch` where steps are `epochs * per_epoch`: the epochs, whatever makes up one."""
        divisor = ast.dump(node.right)
        for origin in self.resolver.follow(node.left, frame):
            product = origin.node
            if isinstance(product, ast.BinOp) and isinstance(product.op, ast.Mult):
                for side, other in ((product.left, product.right), (product.right, product.left)):
                    if ast.dump(other) == divisor:
                        return self.evaluate(side, origin.frame)
        return None

    def _map(self, node: ast.expr, frame: Frame, line: int, change: Callable[[int | float], int | float]) -> Value:
        number = self.evaluate(node, frame).number
        if number is None:
            return Value((), line, node)
        try:
            return Value((change(number),), line)
        except (ValueError, OverflowError):
            return Value((), line, node)

    def _call(self, node: ast.Call, frame: Frame) -> Value:
        unresolved = Value((), node.lineno, node)
        if isinstance(node.func, ast.Attribute) and node.func.attr in _RESPELLED and not node.args:
            said = self.evaluate(node.func.value, frame)  # args.optimizer.lower()
            if isinstance(said.constant, str):
                return Value((_RESPELLED[node.func.attr](said.constant),), said.line, beside=said.beside)
        full = self.resolver.name(node.func, frame)
        name = full.split(".")[-1]
        if name in {"format", "join"} and node.args + node.keywords:
            return self._written(node, full, frame) or unresolved
        if name in _NUMERIC and len(node.args) == 1:
            given = self.evaluate(node.args[0], frame)
            if name in {"int", "float"} and isinstance(given.constant, str):
                try:
                    return Value((_NUMERIC[name](given.constant[:40]),), given.line)
                except (ValueError, OverflowError):
                    return unresolved
            return self._map(node.args[0], frame, given.line or node.lineno, _NUMERIC[name])
        if name in _HELD and node.args:
            return self.evaluate(node.args[0], frame)
        if name in {"max", "min"} and 2 <= len(node.args) <= 8:
            numbers = [self.evaluate(argument, frame).number for argument in node.args]
            known = [number for number in numbers if number is not None]
            if len(known) == len(numbers):
                return Value((max(known) if name == "max" else min(known),), node.lineno)
        if name in {"str", "bool", "Path"} and len(node.args) == 1:
            given = self.evaluate(node.args[0], frame)
            if given.known:
                constant = given.constant
                return Value((bool(constant) if name == "bool" else str(constant)[:MAX_TEXT],), given.line)
        if name in {"Option", "Argument", "field", "Field"}:  # typer, dataclasses, pydantic
            for keyword in node.keywords:
                if keyword.arg == "default":
                    return self.evaluate(keyword.value, frame)
            if node.args:
                return self.evaluate(node.args[0], frame)
        if name == "len" and len(node.args) == 1:
            for origin in self.resolver.follow(node.args[0], frame):
                if isinstance(origin.node, ast.List | ast.Tuple) and origin.node.elts:  # an empty one is filled later
                    return Value((len(origin.node.elts),), node.lineno)
        return unresolved

    def _written(self, node: ast.Call, full: str, frame: Frame) -> Value | None:
        """What `"{}/{}".format(a, b)` and `os.path.join(a, b)` write."""
        given = self._texts(node.args, frame)
        named = self._texts([keyword.value for keyword in node.keywords], frame)
        if given is None or named is None:
            return None
        text: str | None = None
        if full.endswith("path.join"):
            text = texts.joined(given)
        elif isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            template = self.evaluate(node.func.value, frame).constant
            names = (keyword.arg or "" for keyword in node.keywords)
            told = dict(zip(names, named, strict=True))
            text = texts.braces(template, given, told) if isinstance(template, str) else None
        return Value((text[:MAX_TEXT],), node.lineno) if text is not None else None

    def _texts(self, nodes: list[ast.expr], frame: Frame) -> list[str] | None:
        """What expressions are as texts; None where one of them is not known."""
        values = [self.evaluate(node, frame) for node in nodes[:_PARTS]]
        known = len(nodes) <= _PARTS and all(value.known and value.constant is not None for value in values)
        return [str(value.constant) for value in values] if known else None

    def _joined(self, node: ast.JoinedStr, frame: Frame) -> Value:
        text = ""
        for part in node.values:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            value = self.evaluate(inner, frame)
            if not value.known:
                return Value((), node.lineno, node)
            text += str(value.constant)
        return Value((text[:MAX_TEXT],), node.lineno)


def _clean(text: str) -> str:
    """Without the lone surrogates that a string literal may hold and no file or database can."""
    return text.encode("utf-8", "replace").decode()


def _text(node: ast.AST) -> str:
    """The expression as a person would write it, at most one short line."""
    if not isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.Call | ast.BinOp | ast.IfExp):
        return ""
    try:
        return _clean(" ".join(ast.unparse(node).split()))[:120]
    except (RecursionError, ValueError, AttributeError):
        return ""
