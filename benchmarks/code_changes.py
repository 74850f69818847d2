"""Small changes to Python code, each of which a test ought to notice.

A comparison is turned or moved by one, ``and`` becomes ``or``, a ``not`` or a condition is turned, a number is one off,
a sum is a difference, two arguments change places, nothing is returned, a statement is dropped. Left as they are:
annotations, decorators, docstrings and other text, assertions, ``strict=`` of ``zip``, the order of what ``min``,
``max`` and the like choose from, numbers of a hundred or more outside all functions (sizes and limits that are a
choice: one more or less is not noticed), and what only a type checker reads.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

LONGEST = 90
"""Characters that are shown of the code around what is changed."""
_CHOSEN = 100
"""A number outside all functions, from this on, is a choice."""

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
_NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
_IN_ANY_ORDER = {"min", "max", "np.minimum", "np.maximum", "suppress"}
"""What takes its arguments in any order."""
_DROPPED = (ast.Expr, ast.AugAssign, ast.Raise, ast.Continue, ast.Break, ast.Delete)
_TESTED = (ast.If, ast.While, ast.IfExp)
_UNREAD = {"decorator_list", "annotation", "returns", "type_params"}
"""Parts of the syntax that nothing is changed in."""
Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Change:
    """A piece of code, and what stands there instead."""

    file: str
    """Below the repository, with ``/``."""
    line: int
    function: str
    """The innermost one around it, with its classes; empty outside all functions."""
    function_line: int
    """The first line of that function as code objects have it, decorators included; 0 outside."""
    before: str
    after: str
    number: int
    """1, or more where the same is changed to the same several times in one function."""
    start: int
    end: int
    """Bytes of the source that are replaced."""
    replacement: str

    @property
    def name(self) -> str:
        """What tells it from the other changes of its file, wherever its line moves."""
        number = f" ({self.number})" if self.number > 1 else ""
        return f"{self.function or 'module'}: {self.before} => {self.after}{number}"

    def apply(self, source: bytes) -> bytes:
        """Return the source with this change."""
        return source[: self.start] + self.replacement.encode() + source[self.end :]


class _Place(NamedTuple):
    """Where a node is kept: an attribute of its parent, or an element of a list there."""

    parent: ast.AST
    field: str
    at: int | None

    def put(self, node: ast.AST) -> None:
        if self.at is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.at] = node


def changes(path: Path, root: Path) -> Iterator[list[Change]]:
    """Yield what can be changed in a file, place after place: the changes of which one is to be chosen."""
    source = path.read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    seen: Counter[tuple[str, str, str]] = Counter()
    for place, node, scopes in _nodes(ast.parse(source), ()):
        function = ".".join(each.name for each in scopes) if _in_function(scopes) else ""
        for variants in _variants(node, place, bool(function)):
            here = []
            for new in variants:
                before, after = _shown(place, node, new)
                seen[function, before, after] += 1
                here.append(
                    Change(
                        file=path.relative_to(root).as_posix(),
                        line=node.lineno,
                        function=function,
                        function_line=_first_line(scopes) if function else 0,
                        before=before,
                        after=after,
                        number=seen[function, before, after],
                        start=starts[node.lineno - 1] + node.col_offset,
                        end=starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0),
                        replacement="pass" if isinstance(new, ast.Pass) else f"({ast.unparse(new)})",
                    )
                )
            yield here


def _in_function(scopes: tuple[Scope, ...]) -> bool:
    return any(not isinstance(each, ast.ClassDef) for each in scopes)


def _first_line(scopes: tuple[Scope, ...]) -> int:
    innermost = [each for each in scopes if not isinstance(each, ast.ClassDef)][-1]
    return min([innermost.lineno, *(each.lineno for each in innermost.decorator_list)])


def _nodes(
    parent: ast.AST, scopes: tuple[Scope, ...]
) -> Iterator[tuple[_Place, ast.expr | ast.stmt, tuple[Scope, ...]]]:
    """Yield the expressions and statements that may be changed, each with its place and what it is defined in."""
    if isinstance(parent, Scope):
        scopes = (*scopes, parent)
    for field, value in ast.iter_fields(parent):
        if field in _UNREAD:
            continue
        for index, node in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(node, ast.AST) or _left_alone(node):
                continue
            if isinstance(node, ast.expr | ast.stmt):
                yield _Place(parent, field, index if isinstance(value, list) else None), node, scopes
            yield from _nodes(node, scopes)


def _left_alone(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return ast.unparse(node.test) == "TYPE_CHECKING"
    if isinstance(node, ast.keyword):
        return node.arg == "strict"
    # Before Python 3.12 nothing says where the parts of an f-string stand.
    return isinstance(node, ast.JoinedStr | ast.Assert | ast.pattern | ast.Import | ast.ImportFrom)


def _variants(node: ast.expr | ast.stmt, place: _Place, in_function: bool) -> Iterator[Sequence[ast.expr | ast.Pass]]:
    """Yield for each thing that can be changed in a node, but not below it, what may stand in the node's place."""
    parent, field = place.parent, place.field
    if (
        isinstance(node, _DROPPED) and in_function and not (isinstance(node, ast.Expr) and _says_nothing(node.value))
    ) or (isinstance(node, ast.Assign) and all(isinstance(to, ast.Attribute | ast.Subscript) for to in node.targets)):
        yield [ast.Pass()]
    if not isinstance(node, ast.expr):
        return
    if isinstance(parent, ast.Return) and not (isinstance(node, ast.Constant) and node.value in (None, False)):
        yield [ast.Constant(None)]
    if isinstance(parent, _TESTED) and field == "test" and not _turned_itself(node):
        yield [ast.UnaryOp(ast.Not(), node)]
    if isinstance(parent, ast.comprehension) and field == "ifs":
        yield [ast.Constant(True)]
    if isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            turned = [[*node.ops[:at], new(), *node.ops[at + 1 :]] for new in _COMPARISONS[type(operator)]]
            yield [ast.Compare(node.left, operators, node.comparators) for operators in turned]
    elif isinstance(node, ast.BoolOp):
        yield [ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)]
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield [node.operand]
    elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS and not (_text(node.left) or _text(node.right)):
        yield [ast.BinOp(node.left, _OPERATORS[type(node.op)](), node.right)]
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield [ast.Constant(not node.value)]
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        if in_function or node.value < _CHOSEN:
            yield [ast.Constant(node.value + 1), ast.Constant(node.value - 1)]
    elif isinstance(node, ast.Name) and node.id in _NAMES and isinstance(parent, ast.Call) and field == "func":
        yield [ast.Name(_NAMES[node.id])]
    elif isinstance(node, ast.Call):
        yield from _calls(node)


def _says_nothing(node: ast.expr) -> bool:
    """Whether a statement of this expression alone is a docstring or an ellipsis."""
    return isinstance(node, ast.Constant)


def _turned_itself(node: ast.expr) -> bool:
    """Whether an expression is a condition whose parts are turned already."""
    return isinstance(node, ast.Compare | ast.BoolOp) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    )


def _text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))


def _calls(node: ast.Call) -> Iterator[Sequence[ast.expr]]:
    if ast.unparse(node.func) in _IN_ANY_ORDER:
        return
    given = node.args
    for at in range(len(given) - 1):
        pair = given[at : at + 2]
        if not any(isinstance(each, ast.Starred) for each in pair) and ast.dump(pair[0]) != ast.dump(pair[1]):
            yield [ast.Call(node.func, [*given[:at], *reversed(pair), *given[at + 2 :]], node.keywords)]


def _shown(place: _Place, node: ast.expr | ast.stmt, new: ast.AST) -> tuple[str, str]:
    """Return the code before and after a change, with a little of what stands around it."""
    if isinstance(new, ast.Pass):
        return _cut(ast.unparse(node)), "nothing"
    around = place.parent
    if (
        isinstance(around, ast.comprehension | ast.keyword | ast.expr | ast.Return)
        and len(ast.unparse(around)) < LONGEST
    ):
        before = ast.unparse(around)
        place.put(new)
        after = ast.unparse(around)
        place.put(node)
        return before.strip(), after.strip()
    return _cut(ast.unparse(node)), _cut(ast.unparse(new))


def _cut(code: str) -> str:
    line = " ".join(code.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}..."
