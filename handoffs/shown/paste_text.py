"""Text to paste elsewhere: a network of many readers, the hospital's chart, the care manager's log.

A pure function of what the page of a stay shows. Only facts of the handoffs: no free text, no
ticked fact and no reason of a decision, so that a suspicion of abuse cannot come along. Where
the whereabouts are hidden (所在秘匿) there is no text at all, since the name of a hospital tells
where somebody is.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from handoffs.era import on_paper
from handoffs.handoff import State
from handoffs.parties import Actor
from handoffs.shown.overview import Overview
from handoffs.shown.task import Task
from handoffs.statement import Side
from handoffs.stays.consent import ConsentAnswer
from handoffs.tokyo import day_of
from rules.kinds import Labelled


class Target(Labelled):
    """Where a text is pasted. The codes are those of config.yaml's `paste`."""

    MCS = "mcs", "MCSなどの連携ネットワーク"
    CHART = "chart", "病院の電子カルテ"
    SUPPORT_LOG = "support_log", "支援経過（居宅介護支援経過）"


@dataclass(frozen=True)
class PasteText:
    """One text for one target. `masked`: the name and the age are hidden."""

    target: Target
    text: str
    masked: bool


def targets_for(stay: Overview, actor: Actor, *, is_reserved: bool = False) -> tuple[Target, ...]:
    """For which targets this person may have a text of this stay; none where nothing may be told.

    Others read a network: nothing goes there without the person's consent or against their wish,
    nor where they do not want some kind of receiver told: a network asks nobody who reads.
    """
    if stay.whereabouts_hidden:
        return ()
    own = Target.CHART if actor.is_hospital else Target.SUPPORT_LOG
    withheld = stay.consent is not None and stay.consent.answer is ConsentAnswer.WITHHELD
    return (own,) if withheld or is_reserved or stay.wants_no_contact else (own, Target.MCS)


def paste_texts(
    stay: Overview,
    actor: Actor,
    *,
    masked: Collection[str],
    now: datetime,
    is_reserved: bool = False,
) -> tuple[PasteText, ...]:
    """Write the texts of a stay for this person. `masked` holds the targets that hide the name.

    is_reserved: whether the person does not want some kind of receiver told.
    """
    return tuple(
        PasteText(
            target=target,
            text="\n".join(_lines(stay, target, hides=target.value in masked, today=day_of(now))),
            masked=target.value in masked,
        )
        for target in targets_for(stay, actor, is_reserved=is_reserved)
    )


def masked_name(name: str) -> str:
    """Hide the first letter of each part: 見本 花子 becomes ●本 ●子. One letter hides wholly."""
    return "　".join(f"●{part[1:]}" for part in name.split()) or "●"


def _lines(stay: Overview, target: Target, *, hides: bool, today: date) -> list[str]:
    lines = [f"【退院調整】{on_paper(today)}現在"]
    lines.append(_who(stay, hides=hides))
    lines += _where(stay)
    if target is Target.CHART:
        lines += _planner(stay)
        lines += _contacts(stay, Side.HOSPITAL)
    elif target is Target.SUPPORT_LOG:
        lines += _contacts(stay, Side.PLAN_OFFICE)
    lines += _next(stay)
    lines.append(_whom_to_call(stay))
    return lines


def _who(stay: Overview, *, hides: bool) -> str:
    level = stay.certification.level.label
    if hides:
        age = f"{stay.person.age // 10 * 10}歳代"
        return f"{masked_name(stay.person.name)} 様（{age}）　{level}"
    return f"{stay.person.name} 様（{stay.person.age}歳）　{level}"


def _where(stay: Overview) -> list[str]:
    lines = [f"入院　{stay.hospital} {stay.ward}　{_day(stay.admitted_on)}から"]
    if stay.discharged_on is not None:
        to = f"　{stay.destination.label}" if stay.destination is not None else ""
        lines.append(f"退院　{_day(stay.discharged_on)}{to}")
    elif stay.planned_on is not None:
        lines.append(f"退院予定　{_day(stay.planned_on)}（{stay.planned_certainty.label}）")
    else:
        lines.append("退院予定　未定")
    return lines


def _planner(stay: Overview) -> list[str]:
    plan = stay.plan
    named = "　".join(part for part in (plan.office, plan.care_manager) if part)
    return [f"計画作成担当　{named or plan.status.label}"]


def _contacts(stay: Overview, side: Side) -> list[str]:
    """What the own side wrote down of contacts: day, means, result, whom; never its words."""
    said = [
        f"・{_day(one.happened_on)}　{one.topic.label}　{one.means.label}　{one.result.label}"
        + (f"　相手 {one.counterpart}" if one.counterpart else "")
        for one in stay.said_by(side)
    ]
    return ["連絡の記録", *said] if said else ["連絡の記録　なし"]


def _next(stay: Overview) -> list[str]:
    tasks = [
        f"・{task.title}（{task.sender.label}→{task.receiver.label}）　{_state(task)}"
        + (f"　期限 {_day(task.due_on)}" if task.due_on is not None else "")
        for task in stay.open_tasks
    ]
    return ["これからの引き継ぎ", *tasks] if tasks else []


def _state(task: Task) -> str:
    """Where a handoff stands, for readers elsewhere: what is missing, and nobody's lateness."""
    return "まだ記録がありません" if task.state is State.MISSED else task.state.label


def _whom_to_call(stay: Overview) -> str:
    whom = stay.hospital_contact
    parts = ("病院の窓口", stay.contact_staff or stay.ward, whom.telephone, whom.reachable)
    return "　".join(part for part in parts if part)


def _day(day: date) -> str:
    return f"{day.month}/{day.day}"
