"""How long sheets take: one against a plain call of the library, and many against one by one.

    python -m benchmarks.sheets [--rounds 5] [--count 500]

By turns in one run: the full two-page sheet through the product's door (tagged, checked, its own
child left out, which only hands bytes over), the same HTML through a plain call of the library
with the same font, and a batch. Prints ratios, sizes, and the time of the batch by the clock.
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import monotonic, process_time

from benchmarks.turns import by_turns, ratio
from forms import catalogue, markup, pdf
from forms.batch.command import invented
from forms.batch.layout import Press, book
from forms.batch.stack import Stack
from forms.batch.workers import batch
from forms.filled import FilledSheet
from forms.font import font_path
from forms.samples import sample

SHEET = "admission_information"
IN_A_ROUND = 20


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sheets", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=500, help="sheets of the batch; 0: none")
    chosen = parser.parse_args()
    catalogue()
    full = sample(SHEET, "full")
    page = markup.html(full)
    press = pdf.press(font_path())
    people = iter(invented(SHEET, "", IN_A_ROUND * (chosen.rounds + 2)))
    ways: dict[str, Callable[[], object]] = {
        "plain": lambda: pdf.plain(page, press),
        "product": lambda: pdf.pdf(markup.html(full)),
        "batch": _batch_of(people),
    }
    seconds = by_turns(ways, chosen.rounds, process_time)
    print(f"product / plain call\t{ratio(seconds, 'product', 'plain'):.2f}\tat most 1.15")
    each = [plain * IN_A_ROUND / many for plain, many in zip(
        seconds["plain"], seconds["batch"], strict=True)]  # fmt: skip
    print(f"plain call / sheet of a batch, one core\t{median(each):.1f}\tat least 5 on two")
    print(f"full sheet\t{len(pdf.pdf(page)):,} bytes\tunder 200,000")
    if chosen.count:
        _by_the_clock(chosen.count, median(seconds["plain"]))


def _batch_of(people: object) -> Callable[[], object]:
    stack = Stack(Press())

    def print_some() -> bytes:
        sheets: list[FilledSheet] = [next(people) for _ in range(IN_A_ROUND)]  # type: ignore[call-overload]
        pages = [page for one in stack.pages(sheets) for page in one]
        return book(pages, sheets[0].title, stack.press)

    return print_some


def _by_the_clock(count: int, plain: float) -> None:
    sheets = invented(SHEET, "", count)
    began = monotonic()
    with tempfile.TemporaryDirectory() as folder:
        files = batch(sheets, Path(folder) / "out")
        size = sum(file.stat().st_size for file in files)
    took = monotonic() - began
    print(f"{count} sheets, two processes\t{took:.1f} s\tunder 60 for 500")
    print(f"a sheet of them\t{took / count * 1000:.0f} ms\t{size // count:,} bytes each")
    print(f"plain call (processor's time)\t{plain * 1000:.0f} ms\t{plain * count / took:.1f} times")


if __name__ == "__main__":
    main()
