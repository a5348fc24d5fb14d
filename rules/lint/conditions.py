"""Faults that lie in the conditions: clauses without effect, contradictions, gaps.

Each question is one search over the closed lists of the facts involved (`search`), so
a finding is proved and its patient is real. A gap of a partial edition that its own list
of what is unverified declares is a note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

from rules.condition import Condition, Leaf, any_of, facts_of
from rules.condition_parts import by_fact, exactly, lines_of, without_one_part
from rules.due import Counted
from rules.edition import Clause, Edition, HandoffRule
from rules.facts import Facts
from rules.kinds import Concern, Party
from rules.lint.finding import Fault, Finding
from rules.lint.search import TooLarge, never, somebody, whole

CERTIFIED = Leaf(
    "care_level",
    ("support_1", "support_2", "care_1", "care_2", "care_3", "care_4", "care_5"),
)
# So many handoffs with one and the same condition show what the paper means by it.
MANY = 3
CONSENT = "consent_to_contact"
# Where everything hangs on consent, nothing is passed on without it, and that is no gap.
AGREES = Leaf(CONSENT, ("given",))


def faults_of_conditions(edition: Edition) -> Iterator[Finding]:
    """Look at every clause of an edition, in the order of the paper, then at the whole."""
    asked = Questions(edition)
    for criterion in edition.criteria:
        yield from asked.settled(criterion, asked.criterion)
        yield from asked.settled(criterion, asked.spare_parts)
    for exclusion in edition.exclusions:
        yield from asked.settled(exclusion, asked.exclusion)
    for beside in (*edition.consult, *edition.yields_to):
        yield from asked.settled(beside, asked.beside)
    for rule in edition.handoffs:
        yield from asked.settled(rule, asked.handoff)
        yield from asked.settled(rule, asked.due_cases)
    for one, other in combinations(edition.handoffs, 2):
        yield from asked.settled(other, lambda rule, one=one: asked.twice(one, rule))
        yield from asked.settled(other, lambda rule, one=one: asked.nearly_alike(one, rule))
        yield from asked.settled(one, lambda rule, other=other: asked.nearly_alike(other, rule))
    if edition.handoffs:
        yield from asked.settled(edition.handoffs[0], asked.nobody_is_told)


@dataclass(frozen=True)
class Questions:
    """The questions that can be asked of one edition."""

    edition: Edition

    def settled(
        self,
        clause: Clause | HandoffRule,
        question: Callable[..., Finding | None],
    ) -> Iterator[Finding]:
        """Ask one question of one clause; say so where it is too large to be decided."""
        try:
            found = question(clause)
        except TooLarge:
            message = f"「{clause.id}」は、条件の組み合わせが多すぎて調べきれません。"
            found = replace(
                self._finding(Fault.UNDECIDED, clause, message, "条件を分けると調べられます。"),
                note=True,
            )
        if found is not None:
            yield found

    def criterion(self, clause: Clause) -> Finding | None:
        """Whether a criterion can be met, has an effect, and leaves anybody in."""
        vocabulary = self.edition.vocabulary
        met = somebody((clause.condition,), vocabulary)
        if met is None:
            found = f"基準「{clause.id}」に当てはまる人はいません(条件が食い違っています)。"
            return self._finding(Fault.UNREACHABLE, clause, found, "条件を紙と見比べてください。")
        if somebody((clause.condition, *self._not_against), vocabulary) is None:
            found = f"基準「{clause.id}」に当てはまる人は、全員が除外されます。"
            instead = "基準か除外の、紙と違うほうを直してください。"
            return self._finding(Fault.CONTRADICTORY, clause, found, instead, met)
        others = [c for c in self.edition.criteria if c is not clause and self._masks(c, clause)]
        nots = tuple(never(other.condition, vocabulary) for other in others)
        if others and somebody((clause.condition, *nots), vocabulary) is None:
            found = f"基準「{clause.id}」に当てはまる人は、全員がほかの基準にも当てはまります。"
            instead = "条件が紙より狭くないかを確かめ、同じことなら一つにまとめてください。"
            return self._finding(Fault.UNREACHABLE, clause, found, instead, met)
        return None

    def spare_parts(self, clause: Clause) -> Finding | None:
        """Whether a choice within a criterion has a part that changes nothing."""
        for smaller in without_one_part(clause.condition):
            changed = (clause.condition, never(smaller, self.edition.vocabulary))
            if somebody(changed, self.edition.vocabulary) is None:
                found = f"基準「{clause.id}」の選択肢に、あってもなくても同じものがあります。"
                instead = "ほかの選択肢に含まれるか、当てはまる人のいない行を直してください。"
                met = somebody((clause.condition,), self.edition.vocabulary)
                return self._finding(Fault.UNREACHABLE, clause, found, instead, met)
        return None

    def exclusion(self, clause: Clause) -> Finding | None:
        """Whether an exclusion takes anybody out who would otherwise be in."""
        vocabulary = self.edition.vocabulary
        met = somebody((clause.condition,), vocabulary)
        others = tuple(
            never(other.condition, vocabulary)
            for other in self.edition.grounds_against
            if other is not clause
        )
        if met is None:
            found = f"除外「{clause.id}」に当てはまる人はいません(条件が食い違っています)。"
            return self._finding(
                Fault.UNREACHABLE, clause, found, "when と unless を見比べてください。"
            )
        if somebody((clause.condition, self._asks, *others), vocabulary) is None:
            found = f"除外「{clause.id}」は、誰も除きません(基準に当たらないか、ほかで除かれます)。"
            instead = "条件を紙と見比べてください。"
            declared = self._declared(Concern.CRITERIA, Concern.EXCLUSIONS)
            finding = self._finding(Fault.UNREACHABLE, clause, found, instead, met)
            return replace(finding, note=declared)
        return None

    def beside(self, clause: Clause) -> Finding | None:
        """Whether a clause about other documents can ever hold."""
        if somebody((clause.condition,), self.edition.vocabulary) is not None:
            return None
        found = f"「{clause.id}」に当てはまる人はいません(条件が食い違っています)。"
        return self._finding(Fault.UNREACHABLE, clause, found, "条件を紙と見比べてください。")

    def handoff(self, rule: HandoffRule) -> Finding | None:
        """Whether a handoff is ever owed."""
        vocabulary = self.edition.vocabulary
        met = somebody((rule.condition,), vocabulary)
        if met is None:
            found = f"引継ぎ「{rule.id}」に当てはまる人はいません(条件が食い違っています)。"
            return self._finding(Fault.UNREACHABLE, rule, found, "条件を紙と見比べてください。")
        if not self.edition.criteria:
            # Nobody could read whom it is for; the edition declares that itself.
            return None
        asked_for = somebody((rule.condition, self._asks), vocabulary)
        if asked_for is None:
            found = f"引継ぎ「{rule.id}」の相手は、どの基準にも当てはまりません。"
            instead = "基準か引継ぎの条件を紙と見比べてください。"
            finding = self._finding(Fault.UNREACHABLE, rule, found, instead, met)
            return replace(finding, note=self._declared(Concern.CRITERIA, Concern.SCOPE))
        if somebody((rule.condition, self._asks, *self._not_against), vocabulary) is None:
            found = f"引継ぎ「{rule.id}」の相手は知らせる人なのに、全員が除外されます。"
            instead = "除外か引継ぎの、紙と違うほうを直してください。"
            finding = self._finding(Fault.CONTRADICTORY, rule, found, instead, asked_for)
            return replace(finding, note=self._declared(Concern.SCOPE))
        return None

    def due_cases(self, rule: HandoffRule) -> Finding | None:
        """Whether every case of a due can come before the others."""
        vocabulary = self.edition.vocabulary
        for place, case in enumerate(rule.cases):
            earlier = tuple(
                never(other.condition, vocabulary)
                for other in rule.cases[:place]
                if (other.days_left_below, other.admitted_from, other.admitted_until)
                in {
                    (None, None, None),
                    (case.days_left_below, case.admitted_from, case.admitted_until),
                }
            )
            if somebody((rule.condition, case.condition, *earlier), vocabulary) is None:
                found = f"引継ぎ「{rule.id}」の場合ごとの期限の{place + 1}つめは、使われません。"
                instead = "前の場合に全員が入っていないかを確かめてください。"
                return self._finding(Fault.UNREACHABLE, rule, found, instead)
        return None

    def twice(self, one: HandoffRule, other: HandoffRule) -> Finding | None:
        """Whether somebody is owed the same thing twice, by different days."""
        alike = (one.kind, one.sender, one.receiver) == (other.kind, other.sender, other.receiver)
        linked = other.follows == one.id or one.follows == other.id
        dues = (one.due, other.due)
        if not alike or linked or not all(isinstance(due, Counted) for due in dues):
            return None
        first, second = (due for due in dues if isinstance(due, Counted))
        same_anchor = (first.anchor, first.direction) == (second.anchor, second.direction)
        if not same_anchor or first.latest is None or second.latest is None or first == second:
            return None
        both = (one.condition, other.condition, self._asks, *self._left_in)
        met = somebody(both, self.edition.vocabulary)
        if met is None:
            return None
        found = f"同じ引継ぎ「{one.id}」と「{other.id}」が、違う期限で同じ人にかかります。"
        instead = "どちらかの条件か期限を直してください。"
        return self._finding(Fault.CONTRADICTORY, other, found, instead, met)

    def nearly_alike(self, wider: HandoffRule, rule: HandoffRule) -> Finding | None:
        """Whether a handoff says what another of its kind, or many, say, but for one value."""
        others_like_it = [r for r in self.edition.handoffs if r.condition == wider.condition]
        if wider.kind is not rule.kind and (
            wider is not others_like_it[0] or len(others_like_it) < MANY
        ):
            return None
        theirs, own = by_fact(wider.condition), by_fact(rule.condition)
        beside = [set(lines_of(each.condition)) - set(leaves.values())
                  for each, leaves in ((wider, theirs), (rule, own))]  # fmt: skip
        if not beside[0] <= beside[1] or not theirs.keys() <= own.keys():
            return None
        other = [fact for fact, leaf in theirs.items() if own[fact] != leaf]
        if len(other) != 1:
            return None
        (fact,) = other
        lacking = set(theirs[fact].allowed) - set(own[fact].allowed)
        narrower = set(own[fact].allowed) < set(theirs[fact].allowed)
        if not narrower or len(lacking) != 1:
            return None
        value = lacking.pop()
        missed = Leaf(fact, (value,))
        others = tuple(part for part in lines_of(rule.condition) if part != own[fact])
        met = somebody((missed, *others, self._asks, *self._left_in), self.edition.vocabulary)
        if met is None:
            return None
        label = self.edition.vocabulary[fact].values[value]
        found = (
            f"引継ぎ「{rule.id}」には、似た「{wider.id}」にある「{label}」({value})がありません。"
        )
        instead = "紙のとおりかを確かめ、抜けていれば書き足してください。"
        return self._finding(Fault.GAP, rule, found, instead, met)

    def nobody_is_told(self, first: HandoffRule) -> Finding | None:
        """Whether somebody needs coordination and the hospital has nothing to pass on."""
        vocabulary = self.edition.vocabulary
        by_hospital = [r for r in self.edition.handoffs if r.sender is Party.HOSPITAL]
        nothing = tuple(
            never(rule.condition, vocabulary) for rule in by_hospital or self.edition.handoffs
        )
        told_anyway = any(CONSENT not in facts_of(rule.condition) for rule in by_hospital)
        question = (*nothing, *self._left_in, self._asks, *(() if told_anyway else (AGREES,)))
        met = somebody((*question, CERTIFIED), vocabulary) or somebody(question, vocabulary)
        if met is None:
            return None
        who = "病院からの引継ぎ" if by_hospital else "引継ぎ"
        found = f"退院調整が必要なのに、{who}が一つも当てはまらない人がいます。"
        instead = "引継ぎの条件が紙より狭くないかを確かめてください。"
        patient = whole(met, (*question, *self.edition.conditions), vocabulary)
        still = somebody((*question, *exactly(patient)), vocabulary)
        finding = self._finding(Fault.GAP, first, found, instead, patient if still else met)
        declared = self._declared(Concern.HANDOFFS, Concern.SCOPE, Concern.CRITERIA)
        return replace(finding, clause="", line=0, note=declared)

    @cached_property
    def _asks(self) -> Condition:
        return any_of(tuple(clause.condition for clause in self.edition.criteria))

    @cached_property
    def _not_against(self) -> tuple[Condition, ...]:
        against = self.edition.grounds_against
        return tuple(never(clause.condition, self.edition.vocabulary) for clause in against)

    @cached_property
    def _left_in(self) -> tuple[Condition, ...]:
        """Nobody who is taken out, or may be by an exclusion that was not read in full."""
        unread = self.edition.unread_exclusions
        doubts = tuple(never(part.condition, self.edition.vocabulary) for part in unread)
        return (*self._not_against, *doubts)

    def _masks(self, other: Clause, clause: Clause) -> bool:
        """Whether meeting `other` too takes all effect from `clause`: tiers tell them apart."""
        order = [tier.id for tier in self.edition.tiers]
        if clause.tier is None or other.tier is None:
            return clause.tier == other.tier
        return order.index(other.tier) <= order.index(clause.tier)

    def _declared(self, *concerns: Concern) -> bool:
        """Whether the edition says itself that it could not read this."""
        return any(part.concern in concerns for part in self.edition.unverified)

    def _finding(
        self,
        fault: Fault,
        clause: Clause | HandoffRule,
        found: str,
        instead: str,
        patient: Facts | None = None,
    ) -> Finding:
        return Finding(fault, self.edition.file, clause.line, clause.id, found, instead, patient)
