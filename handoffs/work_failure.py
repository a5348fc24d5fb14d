"""Why long work ended without a result: a closed list, in words for whoever asked."""

from rules.kinds import Labelled


class WorkFailure(Labelled):
    """Why work ended without a result, in words for whoever asked; each says what to do."""

    UNUSABLE = (
        "unusable",
        "案か、選んだ版を読めなくなっていました。案を開き直して、もう一度試してください。",
    )
    TOO_LARGE = (
        "too_large",
        (
            "入院の数が多く、計算に使える記憶域に収まりませんでした。"
            "月の範囲を短くして、もう一度試してください。"
        ),
    )
    TOO_LONG = (
        "too_long",
        (
            "決められた時間のうちに計算が終わりませんでした。"
            "月の範囲を短くして、もう一度試してください。"
        ),
    )
    GAVE_UP = (
        "gave_up",
        (
            "計算が三度とも途中で止まりました。月の範囲を短くして、もう一度試してください。"
            "同じことが続くときは、下の番号をシステムの管理者に伝えてください。"
        ),
    )
    BROKEN = (
        "broken",
        (
            "計算を続けられませんでした。もう一度試してください。"
            "同じことが続くときは、下の番号をシステムの管理者に伝えてください。"
        ),
    )
