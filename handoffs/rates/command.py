"""`python -m handoffs rates`: what the month's page shows, printed or as JSON.

And `reopen-month`, which opens a closed month again with a reason.

For whoever runs it on the server, who sees what the health centre's own page shows: small
counts stand as they are. Prints counts, never a person.
"""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from datetime import datetime

from handoffs.backtest.command import month_of
from handoffs.database import Database
from handoffs.errors import BadEntry, HandoffError
from handoffs.rates.cells import measure_lines
from handoffs.rates.choices import Over, split_words
from handoffs.rates.cuts import CUTS
from handoffs.rates.figures import Figure, Measure, MonthlyRates
from handoffs.rates.month_close import reopen
from handoffs.rates.shown_month import shown_month
from handoffs.tokyo import TOKYO

_WORDS = ",".join((*CUTS, *Over))


def describe(parser: ArgumentParser) -> None:
    """Name the words of the command."""
    parser.add_argument("--region", required=True, help="地域の名前")
    parser.add_argument("--month", required=True, type=month_of, help="月。2026-10")
    parser.add_argument("--definition", default="", help="この数え方だけ(docs/rates.md の名前)")
    parser.add_argument("--by", default="", help=f"分け方。コンマで区切る: {_WORDS}")
    parser.add_argument("--json", action="store_true", help="JSON で出す")


def describe_reopening(parser: ArgumentParser) -> None:
    """Name the words of `reopen-month`."""
    parser.add_argument("--region", required=True, help="地域の名前")
    parser.add_argument("--month", required=True, type=month_of, help="月。2026-10")
    parser.add_argument("--reason", required=True, help="もう一度開く理由")


def open_again(database: Database, given: Namespace, now: datetime) -> str:
    """Open a closed month again; what to tell. Raises HandoffError without a reason."""
    try:
        with database.writing() as session:
            row = reopen(session, given.region, given.month, given.reason, by=None, now=now)
    except BadEntry as wrong:
        raise HandoffError("".join(wrong.fields.values())) from None
    month = f"{given.month:%Y-%m}"
    if row is None:
        return f"{month} は確定していません。何も変えていません。"
    return f"{month} をもう一度開きました。今月の数字が確定する日に、また確定します。"


def print_rates(
    database: Database,
    given: Namespace,
    *,
    region_name: str,
    hospital_names: bool,
    closes_on: int | None,
    now: datetime,
) -> Iterator[str]:
    """The lines to print. Raises NoCut and NoDefinition with what there is."""
    by, over = split_words([word for word in given.by.split(",") if word])
    with database.reading() as session:
        shown = shown_month(
            session,
            given.region,
            given.month,
            region_name=region_name,
            hospital_names=hospital_names,
            closes_on=closes_on,
            definition=given.definition,
            by=by,
            over=over,
            now=now,
        )
    rates = shown.rates
    if given.json:
        yield json.dumps(as_json(rates), ensure_ascii=False, indent=2)
        return
    standing = "速報" if rates.provisional else "確定"
    yield f"{rates.region_name}　{rates.month:%Y-%m}　{standing}"
    if shown.close is not None:
        closed_on = f"{shown.close.closed_at.astimezone(TOKYO):%Y-%m-%d}"
        yield f"{closed_on} に確定　{shown.close.digest[:12]}"
    for one in shown.changed:
        was, is_now = one.frozen, one.now
        yield (
            f"確定の後に変わった数字　{one.label}　"
            f"{was.counted}/{was.of} → {is_now.counted}/{is_now.of}"
        )
    for measure in (*rates.measures, *rates.others):
        yield ""
        yield from measure_lines(measure)


def as_json(rates: MonthlyRates) -> dict[str, object]:
    """Lay a month out for JSON."""
    return {
        "region": rates.region,
        "month": f"{rates.month:%Y-%m}",
        "as_of": rates.as_of.isoformat(),
        "provisional": rates.provisional,
        "digest": rates.digest,
        "measures": [_measure(each) for each in (*rates.measures, *rates.others)],
        "trend": [{"month": f"{m:%Y-%m}", **_figure(figure)} for m, figure in rates.trend],
    }


def _measure(measure: Measure) -> dict[str, object]:
    return {
        "id": measure.id,
        "label": measure.label,
        "definition": list(measure.definition),
        "definition_digest": measure.digest,
        "total": _figure(measure.total),
        "cuts": [
            {
                "by": cut.id,
                "label": cut.label,
                "note": cut.note,
                "rows": [{"label": row.label, **_figure(row.figure)} for row in cut.rows],
            }
            for cut in measure.cuts
        ],
        "spread": dict(measure.spread),
        "beside": dict(measure.beside),
    }


def _figure(figure: Figure) -> dict[str, object]:
    return {
        "counted": figure.counted,
        "of": figure.of,
        "unknown": figure.unknown,
        "low": figure.low,
        "high": figure.high,
    }
