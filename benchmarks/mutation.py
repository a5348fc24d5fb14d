"""How many small changes of a module its own tests notice: a sample of its mutants.

    nice python -m benchmarks.mutation MODULE.py TESTS… [--most 40]

Each mutant changes one thing: a comparison, an `and`, a `not`, a number, a truth, a `return`. It
never touches the file: a child process compiles the changed tree in place of the module, and runs
the tests. Prints every one that nobody noticed. It says nothing about the changes that it cannot
think of; equal mutants count as unnoticed.
"""

import argparse
import ast
import copy
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

LONGEST = 240
"""Seconds for the tests of one mutant; one that stands still was noticed."""

_ANSWERS = {0, 1, 2}
"""How pytest ends over a mutant: all passed, one failed, or the module no longer loads."""

Change = Callable[[Any], None]
"""What is done to the twin of a node in the copied tree."""

_SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.And: ast.Or,
    ast.Or: ast.And,
}

_CHILD = """
import importlib.machinery as machinery, sys
name, path, tests = sys.argv[1], sys.argv[2], sys.argv[3:]
code = compile(sys.stdin.read(), path, "exec")
usual = machinery.SourceFileLoader.get_code
machinery.SourceFileLoader.get_code = (
    lambda self, asked: code if asked == name else usual(self, asked)
)
sys.dont_write_bytecode = True
sys.path.insert(0, "")
import pytest
sys.exit(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", *tests]))
"""


def changes(tree: ast.Module) -> Iterator[tuple[int, str, ast.Module]]:
    """Every mutant of a module: the line, what was changed, and the changed tree."""
    for place, node in enumerate(ast.walk(tree)):
        for what, change in _of(node):
            changed = copy.deepcopy(tree)
            twin = next(one for at, one in enumerate(ast.walk(changed)) if at == place)
            change(twin)
            yield getattr(node, "lineno", 0), what, ast.fix_missing_locations(changed)


def _of(node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.Compare):
        for at, sign in enumerate(node.ops):
            if type(sign) in _SWAPS:
                to = _SWAPS[type(sign)]
                yield f"{type(sign).__name__} to {to.__name__}", _sign(at, to)
    if isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in _SWAPS:
        to = _SWAPS[type(node.op)]
        yield f"{type(node.op).__name__} to {to.__name__}", _op(to)
    if isinstance(node, ast.Constant) and isinstance(node.value, bool | int):
        value = not node.value if isinstance(node.value, bool) else node.value + 1
        yield f"{node.value} to {value}", _value(value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not taken away", _twice_not
    if isinstance(node, ast.Return) and node.value is not None:
        yield "return nothing", lambda twin: setattr(twin, "value", ast.Constant(None))


def _twice_not(twin: Any) -> None:  # noqa: ANN401 - a node of the copied tree.
    """`not x` becomes `not not x`, which is true where x is, whatever x is."""
    twin.operand = ast.UnaryOp(ast.Not(), twin.operand)


def _sign(at: int, to: type[ast.AST]) -> Change:
    return lambda twin: twin.ops.__setitem__(at, to())


def _op(to: type[ast.AST]) -> Change:
    return lambda twin: setattr(twin, "op", to())


def _value(value: object) -> Change:
    return lambda twin: setattr(twin, "value", value)


def is_noticed(file: Path, source: str, tests: list[str]) -> bool:
    """Whether the tests fail over a changed module."""
    name = ".".join(file.with_suffix("").parts)
    command = [sys.executable, "-c", _CHILD, name, str(file), *tests]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter.
            command,
            input=source,
            text=True,
            capture_output=True,
            timeout=LONGEST,
            check=False,
            env=dict(os.environ),
        )
    except subprocess.TimeoutExpired:
        return True
    if done.returncode not in _ANSWERS:
        # Neither passed, failed nor unable to read a test: pytest itself said nothing about it.
        raise RuntimeError(f"pytest ended with {done.returncode}: {done.stdout[-500:]}")
    return done.returncode != 0


def main() -> None:
    """Draw a sample, try each, print what nobody noticed and the score."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("tests", nargs="+")
    parser.add_argument("--most", type=int, default=40, help="how many mutants are drawn")
    given = parser.parse_args()
    text = given.file.read_text(encoding="utf-8")
    # The tree written anew and unchanged: what fails here says nothing about the mutants.
    if is_noticed(given.file, ast.unparse(ast.parse(text)), given.tests):
        parser.error("the tests fail over the module as it is")
    every = list(changes(ast.parse(text)))
    drawn = random.Random(1).sample(every, min(given.most, len(every)))
    noticed = 0
    for line, what, tree in drawn:
        found = is_noticed(given.file, ast.unparse(tree), given.tests)
        noticed += found
        if not found:
            print(f"{given.file}:{line}: {what}: nobody noticed", flush=True)
    print(f"{noticed} of {len(drawn)} noticed, drawn from {len(every)}", flush=True)


if __name__ == "__main__":
    main()
