"""What follows from each decision of a region, in one plain sentence, in the order of the page."""

from dataclasses import dataclass

from handoffs.region.policy import Policy


@dataclass(frozen=True)
class Group:
    """Decisions that stand together: a heading, and each policy with what follows from it."""

    heading: str
    policies: tuple[tuple[Policy, str], ...]


GROUPS = (
    Group(
        "使う手段",
        (
            (
                Policy.MAIL_USE,
                (
                    "「使わない」にすると、期限が近いことや届いた連絡を、メールでは知らせません。"
                    "やることの一覧には、いつも出ます。"
                ),
            ),
            (
                Policy.FAX_USE,
                "「使わない」にすると、病院はFAXの用紙を作れなくなり、順番を待っているFAXも出ません。",
            ),
            (
                Policy.LINK_USE,
                "「使わない」にすると、新しいリンクは作れません。渡したリンクは、その期限まで使えます。",
            ),
            (Policy.LINK_DAYS, "これから作るリンクの日数です。渡したリンクの期限は変わりません。"),
            (
                Policy.PASTE_MCS,
                (
                    "MCSなどの連携ネットワークに貼り付ける文です。多くの人が読むところなら、"
                    "氏名を伏せるか、文を出さないようにします。"
                ),
            ),
        ),
    ),
    Group(
        "氏名の出し方と、送り先の確かめ",
        (
            (
                Policy.LINK_NAMES,
                "リンクを開いた事業所の画面に出る氏名です。リンクを開くには、電話で決めた合い言葉がいります。",
            ),
            (
                Policy.FAX_NAME,
                (
                    "送付状と返信票に印刷する氏名です。違う番号に届いても、だれのことか分からないようにします。"
                    "カナの登録がない方は、イニシャルにできないので●にします。"
                ),
            ),
            (
                Policy.FAX_SECOND_PERSON,
                (
                    "「求める」にすると、番号を確かめた人とは別の人がもう一度確かめるまで、"
                    "その番号にFAXを送れません。職員が一人の機関では送れなくなります。"
                ),
            ),
        ),
    ),
    Group(
        "返事がないとき",
        (
            (
                Policy.BEYOND_OFFICE,
                (
                    "「知らせる」にすると、期限を過ぎて2営業日で各機関の責任者に、"
                    "4営業日で地域の調整役に、件数だけをメールで知らせます。"
                ),
            ),
            (
                Policy.COORDINATOR,
                (
                    "協議会で決めた宛先を一つ書きます。空欄なら、調整役には知らせません。"
                    "上で「知らせない」を選んでいるあいだも使いません。"
                ),
            ),
        ),
    ),
    Group(
        "退院のあと",
        (
            (
                Policy.OFFICE_ACCESS,
                (
                    "この日数を過ぎた入院は、次の夜から、事業所・センターでは開けなくなります。"
                    "病院では開けます。日数を延ばすと、また開けるようになります。"
                ),
            ),
        ),
    ),
    Group(
        "数字",
        (
            (
                Policy.HOSPITAL_NAMES,
                "「出す」にすると、月報と地域の状況に、病院の名前と数字が並びます。",
            ),
            (
                Policy.MONTH_CLOSES,
                "この日までは速報です。そのあとに変わった数字は、確定した数字の横に出ます。",
            ),
        ),
    ),
    Group(
        "休みの日",
        (
            (
                Policy.YEAR_END,
                (
                    "営業時間を登録していない機関の休みと、地域の開庁日（月の確定の日など）に使います。"
                    "営業時間を登録した機関は、その機関の休業日だけで数えます。"
                ),
            ),
            (
                Policy.CLOSED_DAYS,
                (
                    "お盆など、年末年始のほかに地域で休む日です。一行に一日か、一つの期間を書きます。"
                    "例 R9.8.13〜R9.8.15。土日と祝日は書かなくてかまいません。"
                ),
            ),
        ),
    ),
)
