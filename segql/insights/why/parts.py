"""The parts of a rule, each with whether it holds for a profile, what was seen, and the rows that decided it."""

from __future__ import annotations

from ... import conditions as c
from ...conditions.walk import leaves
from ...describer.values import WallClock
from ...evaluator.populations import looks_around
from ...evaluator.records import Profile
from ...evaluator.rules import holds_for
from ...plain import dataclass
from .evidence import Seen, seen, shown
from .inputs import read_fields
from .model import Part
from .outline import Group, Line, Outline
from .populations import Ask, Relative, Standing, says


@dataclass(frozen=True, slots=True)
class ProfileJudge:
    """Says of one profile whether conditions hold; `ask` answers those that look at others too."""

    profile: Profile
    clock: WallClock
    ask: Ask
    asked: dict[Relative, Standing]

    def holds(self, tree: c.Tree[c.Condition]) -> bool:
        """Whether the condition holds for the profile; what looks at other profiles is asked about."""
        match tree:
            case c.All(parts):
                return all(self.holds(part) for part in parts)
            case c.AnyOf(parts):
                return any(self.holds(part) for part in parts)
            case c.Not(part):
                return not self.holds(part)
            case c.InSegment(rule=of_segment, sample=None):
                return self.holds(of_segment)
            case _:
                return self.place(tree).holds if looks_around(tree) else holds_for(tree, self.profile)  # type: ignore[arg-type]

    def leaf(self, leaf: Line) -> bool:
        """Whether a line holds; one that is still open counts as if it did."""
        return self.is_open(leaf) or self.holds(leaf.bound)

    def is_open(self, leaf: Line) -> bool:
        """Whether it is a sample, of which only members are drawn, and the profile is none: it changes nothing."""
        return leaf.phrase is None and isinstance(leaf.bound, c.InSegment) and not self.holds(leaf.bound.rule)

    def part(self, node: Outline) -> Part:
        """The node, judged."""
        if isinstance(node, Group):
            parts = tuple(self.part(part) for part in node.parts)
            match node.kind:
                case "not":
                    holds = not parts[0].holds
                case "any":
                    holds = any(part.holds for part in parts)
                case _:
                    holds = all(part.holds for part in parts)
            return Part(node.kind, node.text, holds, parts=parts)
        holds = self.leaf(node)
        if self.is_open(node):
            return Part("condition", node.text, holds, "only members are drawn")
        found = {given.says: given for one in leaves(node.bound) if (given := self._seen(one)).says}
        sights = [sight for given in found.values() for sight in given.sights]
        facts = tuple(fact for given in found.values() for fact in given.facts)
        rows, more = shown(Seen("", sights, facts), read_fields(node.bound), self.clock)
        return Part("condition", node.text, holds, "; ".join(found), rows, more)

    def place(self, condition: Relative) -> Standing:
        """Where the profile stands among the others; asked once."""
        if condition not in self.asked:
            self.asked[condition] = self.ask(condition)
        return self.asked[condition]

    def _seen(self, condition: c.Condition) -> Seen:
        if looks_around(condition):
            return Seen(says(condition, self.place(condition), self.profile, self.clock))  # type: ignore[arg-type]
        return seen(condition, self.profile, self.clock)
