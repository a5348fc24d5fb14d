"""Why long work ended without a result: a closed list, in words for whoever asked."""

from rules.kinds import Labelled


class WorkFailure(Labelled):
    """Why work ended without a result, in words for whoever asked; each says what to do."""

    UNUSABLE = (
        "unusable",
        "もとにする案や版を読めなくなっていました。頼んだページを開き直して、もう一度試してください。",
    )
    TOO_LARGE = (
        "too_large",
        (
            "量が多く、使える記憶域に収まりませんでした。"
            "期間を選べるときは短くして、もう一度試してください。"
        ),
    )
    TOO_LONG = (
        "too_long",
        (
            "決められた時間のうちに終わりませんでした。"
            "期間を選べるときは短くして、もう一度試してください。"
        ),
    )
    GAVE_UP = (
        "gave_up",
        (
            "三度とも途中で止まりました。期間を選べるときは短くして、もう一度試してください。"
            "同じことが続くときは、下の番号をシステムの管理者に伝えてください。"
        ),
    )
    BROKEN = (
        "broken",
        (
            "途中で続けられなくなりました。もう一度試してください。"
            "同じことが続くときは、下の番号をシステムの管理者に伝えてください。"
        ),
    )
