"""手引き: one page for each kind of work on the screen and as PDF, and はじめての日.

The first day is five steps over the real pages, tried best on the invented people of the sample
region.
"""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from forms import render
from forms.guide import role_guides
from handoffs.parties import Actor, OrganizationKind
from web import errors
from web.context import actor, desk

pages = Blueprint("guides", __name__)

SAMPLE_REGION = "mihon"

_STEPS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "hospital": (
        (
            "stays.board",
            "入院中の方を見る",
            "名前を一つ開き、判定と理由、次にすることを見ます。",
        ),
        (
            "admissions.register",
            "一人登録してみる",
            "架空の名前で登録します。分からない項目は「不明」のままにします。あとで取り消せます。",
        ),
        (
            "simulator.look",
            "ルールを試す",
            "項目を一つ変えて、答えと理由がどう変わるかを見ます。何も保存されません。",
        ),
        (
            "worklist.worklist",
            "やることを一つ終える",
            "連絡を一つ選び、「連絡・送付を記録」で、電話で話せたことにしてみます。取り消せます。",
        ),
        (
            "direct_lines.show",
            "自分の連絡先を入れる",
            "直通と、つながる時間を入れます。相手の画面と様式に出ます。",
        ),
    ),
    "planner": (
        (
            "worklist.worklist",
            "やることの一覧を見る",
            "期限の近い順です。一人を選び「今日受け取った」を押してみます。取り消せます。",
        ),
        ("stays.board", "利用者を一人開く", "病院の窓口、退院予定、加算の期間を見ます。"),
        (
            "office_hours.show",
            "営業日・営業時間を入れる",
            "加算の期間と、営業日で数える期限のもとになります。",
        ),
        (
            "messages.settings",
            "お知らせと不在を決める",
            "メールの宛先と、休みの代わりの人です。",
        ),
        (
            "contacts.show",
            "窓口一覧を確かめる",
            "電話・FAX・時間を見て、確認を押します。",
        ),
    ),
    "officer": (
        ("reports.latest", "月報を見る", "三つの数字と、その数え方、幅を見ます。"),
        (
            "region_standing.show",
            "地域の状況を見る",
            "いつもより間があいた病院と、まだ始められていない事業所です。",
        ),
        ("contacts.show", "窓口一覧を印刷する", "確認の印のない機関に声をかけます。"),
        (
            "simulator.look",
            "ルールを試す",
            "架空の一人で、答えと理由を見ます。何も保存されません。",
        ),
        ("yearly.latest", "年報を見る", "手引きの指標と、地域の目標を並べて見ます。"),
    ),
}


def own_guide(somebody: Actor) -> str:
    """The id of the guide for the work that somebody does."""
    if somebody.is_hospital:
        return "hospital"
    if somebody.kind is OrganizationKind.HEALTH_CENTER:
        return "health_center"
    is_center = somebody.kind is OrganizationKind.COMMUNITY_SUPPORT_CENTER
    return "center" if is_center else "care_manager"


@pages.get("/help")
def first_day() -> ResponseReturnValue:
    """Show the five steps of the first day, and where the rest of the help is."""
    guide = own_guide(actor())
    steps = {"hospital": "hospital", "health_center": "officer"}.get(guide, "planner")
    return render_template(
        "help/first_day.html",
        steps=_STEPS[steps],
        guides=tuple(role_guides().values()),
        own=role_guides()[guide],
        is_sample=desk().region == SAMPLE_REGION,
    )


@pages.get("/help/guides/<guide>")
def show(guide: str) -> ResponseReturnValue:
    """Show one guide on the screen."""
    found = role_guides().get(guide)
    if found is None:
        return _no_such_guide()
    return render_template("help/guide.html", guide=found)


@pages.get("/help/guides/<guide>.pdf")
def printed(guide: str) -> ResponseReturnValue:
    """Print one guide: one page of A4."""
    found = role_guides().get(guide)
    if found is None:
        return _no_such_guide()
    return Response(
        render(found),
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="guide-{found.id}.pdf"'},
    )


def _no_such_guide() -> ResponseReturnValue:
    return errors.page(404, advice="画面の下の「はじめての日・手引き」から選び直してください。")
