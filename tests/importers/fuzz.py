"""Feed one target of `targets` with bytes that atheris thinks out, guided by what they reach.

    python tests/importers/fuzz.py ward_list FOLDER-OF-SEEDS -max_total_time=300 -timeout=2

atheris is asked for by nothing else and is installed by hand. Only what reads a file is looked
on, or the start alone takes minutes. Ends with exit code 77 and the bytes in a file `crash-…` at
the first finding, which then becomes a line of `seeds.FOUND`.
"""

import sys
from pathlib import Path

import atheris  # type: ignore[import-untyped, import-not-found, unused-ignore]

ROOT = Path(__file__).parent.parent.parent
READERS = (
    "exchange",
    "forms.definition_file",
    "handoffs.rates.definition_file",
    "handoffs.rates.yearly.outside_lines",
    "rules.edition",
    "rules.library",
    "web.sheets.plan_pdf",
)


def main() -> None:
    """Read the importers with atheris looking on, and feed the one that is named."""
    sys.path.insert(0, str(ROOT))
    with atheris.instrument_imports(include=list(READERS)):
        from tests.importers.seeds import begun  # noqa: PLC0415 - looked on at its import.
        from tests.importers.targets import TARGETS  # noqa: PLC0415

    name = sys.argv.pop(1)
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(begun()[name]):
        (folder / f"seed{number}").write_bytes(content)
    atheris.Setup(sys.argv, TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
