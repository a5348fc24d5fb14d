"""What no line of ours may do: rules of our own over the syntax tree of everything that is run.

A place where one is meant stands in `MEANT` with its reason. semgrep says the same with 70 MB and
forty packages more; these rules need the standard library.
"""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = ("rules", "handoffs", "forms", "exchange", "scheduler", "web")

MEANT = {
    ("markup", "forms/markup.py"): "the drawing of a month; its maker escapes what it is given",
    ("markup", "web/rates/reports.py"): "the same drawing on a page",
    ("clock", "web/context.py"): "the moment of a request",
    ("clock", "scheduler/jobs.py"): "the moment of a tick",
    ("network", "exchange/mail.py"): "mails to the site's own server",
    ("network", "exchange/webhook.py"): "calls to addresses that the site's file names",
    ("network", "scheduler/work.py"): "the machine's own name, to tell who took work up",
    ("network", "scheduler/delivery.py"): "the same, and errors of sending",
    ("network", "serve.py"): "asks whether the port is free",
    ("sql", "handoffs/database.py"): "the journal's mode, one of two words",
    ("sql", "handoffs/keeping/digests.py"): "names of tables that the database itself tells",
    ("xml", "forms/chart.py"): "writes a drawing; reads none",
}
"""Rule and file to why it is meant there. A command (`__main__.py`) may read the clock."""

_PERSONAL = {"name", "kana", "birth_on", "address", "telephone", "insured_number", "typed", "words"}
_SQL = re.compile(
    r"\b(?:select|insert|update|delete|drop|alter|create|pragma|where)\b", re.IGNORECASE
)
_NETWORK = {"urllib.request", "http", "socket", "smtplib", "ssl", "ftplib", "imaplib", "requests"}
_STORES = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "jsonpickle"}
_XML = {"xml", "lxml", "xmlrpc"}
_RUNS = {"eval", "exec", "compile", "__import__"}
_CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}

_LOOKED_AT = (ast.Import, ast.ImportFrom, ast.Call, ast.Attribute, ast.keyword)
"""The kinds of node at which a rule can find anything."""

Rule = Callable[[ast.AST], bool]


def _imports(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (one.name for one in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{one.name}" for one in node.names)


def _imports_of(packages: set[str]) -> Rule:
    def found(node: ast.AST) -> bool:
        return isinstance(node, ast.Import | ast.ImportFrom) and any(
            one == package or one.startswith(f"{package}.")
            for one in _imports(node)
            for package in packages
        )

    return found


def _called(node: ast.AST) -> str:
    return _dotted(node.func) if isinstance(node, ast.Call) else ""


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _yaml(node: ast.AST) -> bool:
    """A loader of PyYAML that makes objects, or one that nobody chose."""
    name = _dotted(node) if isinstance(node, ast.Attribute) else ""
    return bool(
        re.fullmatch(r"yaml\.(?:(?:full_|unsafe_)?load(?:_all)?|C?(?:Full|Unsafe)?Loader)", name)
    )


def _sql(node: ast.AST) -> bool:
    """SQL put together from words and values, in a call that runs or prepares it."""
    name = _called(node).rpartition(".")[2]
    if name not in {
        "execute",
        "executescript",
        "exec_driver_sql",
        "text",
        "literal_column",
        "exec",
    }:
        return False
    assert isinstance(node, ast.Call)
    return any(_is_put_together(one) and _SQL.search(ast.unparse(one)) for one in node.args[:1])


def _is_put_together(node: ast.AST) -> bool:
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add | ast.Mod)
    called = node.func if isinstance(node, ast.Call) else None
    words = called.value if isinstance(called, ast.Attribute) else None
    return isinstance(words, ast.Constant) and isinstance(words.value, str)


def _told(node: ast.AST) -> bool:
    """A line of a log, or a print outside a command, that says a field about a person."""
    if not re.fullmatch(r"(?:LOGGER|logger|logging|log)\.\w+|print|warnings\.warn", _called(node)):
        return False
    assert isinstance(node, ast.Call)
    parts = [*node.args, *(one.value for one in node.keywords)]
    return any(
        isinstance(one, ast.Attribute) and one.attr in _PERSONAL
        for part in parts
        for one in ast.walk(part)
    )


RULES: dict[str, Rule] = {
    "yaml": _yaml,
    "stored objects": _imports_of(_STORES),
    "markup": lambda node: _called(node).rpartition(".")[2] in {"Markup", "render_template_string"},
    "sql": _sql,
    "clock": lambda node: _called(node) in _CLOCKS,
    "network": _imports_of(_NETWORK),
    "xml": _imports_of(_XML),
    "runs text": lambda node: _called(node) in _RUNS | {"os.system", "os.popen"},
    "shell": lambda node: (
        isinstance(node, ast.keyword) and node.arg == "shell" and ast.unparse(node.value) != "False"
    ),
    "personal words told": _told,
}


def _files() -> Iterator[Path]:
    for package in OURS:
        yield from (ROOT / package).rglob("*.py")
    yield from ROOT.glob("*.py")


@cache
def _found() -> list[tuple[str, str, int]]:
    """Rule, file and line, of everything that a rule finds in what is ours."""
    return [
        (rule, file.relative_to(ROOT).as_posix(), getattr(node, "lineno", 0))
        for file in _files()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, _LOOKED_AT)
        for rule, says in RULES.items()
        if says(node)
    ]


def test_nothing_of_ours_does_what_is_forbidden() -> None:
    places = [
        f"{file}:{line}: {rule}"
        for rule, file, line in _found()
        if (rule, file) not in MEANT
        and not (rule in {"clock", "personal words told"} and file.endswith("__main__.py"))
    ]
    assert places == []


def test_every_place_where_it_is_meant_still_does_it() -> None:
    assert MEANT.keys() - {(rule, file) for rule, file, _ in _found()} == set()


def test_no_template_passes_text_on_unescaped() -> None:
    templates = [*(ROOT / "web").rglob("*.html"), *(ROOT / "forms").rglob("*.html")]
    assert len(templates) > 50
    for file in templates:
        text = file.read_text(encoding="utf-8")
        found = re.search(r"\|\s*safe\b|autoescape\s+false|\|\s*attr\b", text)
        assert found is None, file.relative_to(ROOT)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("yaml", "yaml.load(text, Loader=yaml.Loader)"),
        ("yaml", "yaml.compose(text, Loader=yaml.FullLoader)"),
        ("stored objects", "from pickle import loads"),
        ("markup", "Markup(name)"),
        ("markup", "flask.render_template_string(text)"),
        ("sql", "session.execute(sa.text(f'select {column} from stay'))"),
        ("sql", "connection.exec_driver_sql('select 1 from ' + table)"),
        ("sql", "session.execute('delete from stay where id = %s' % number)"),
        ("sql", "session.execute('select {}'.format(column))"),
        ("clock", "datetime.now(UTC)"),
        ("network", "import urllib.request"),
        ("network", "from http import client"),
        ("xml", "import xml.sax"),
        ("runs text", "eval(rule)"),
        ("shell", "subprocess.run(line, shell=True)"),
        ("personal words told", "LOGGER.info('registered %s', patient.name)"),
        ("personal words told", "print(f'{stay.patient.kana}')"),
    ],
)
def test_each_rule_finds_what_it_is_for(rule: str, code: str) -> None:
    assert any(RULES[rule](node) for node in ast.walk(ast.parse(code)))
