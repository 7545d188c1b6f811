"""Trace the rule that decided: RulePolicy keeps only the states of a rule, so its name is stored beside them.

The name travels as metadata of the executed action, where the turn's trace reads it.
"""

from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import DEFAULT_RULES, LOOP_RULES, LOOP_RULES_SEPARATOR, RulePolicy

RULE = "rule"
_NAMES = "rule_names"


def install() -> None:
    """Make RulePolicy store its rules' names when it trains, and report them when it predicts."""
    analyse, predict = RulePolicy._analyze_rules, RulePolicy._rule_prediction

    def analyse_and_name(policy: RulePolicy, *args: Any) -> list[str]:
        not_in_stories: list[str] = analyse(policy, *args)
        policy.lookup[_NAMES] = {
            source: " / ".join(dict.fromkeys(name for name, _ in rules))
            for source, rules in policy._rules_sources.items()
            if source in policy.lookup["rules"]
        }
        return not_in_stories

    def predict_and_name(
        policy: RulePolicy, probabilities: list[float], source: str, **kwargs: Any
    ) -> PolicyPrediction:
        prediction: PolicyPrediction = predict(policy, probabilities, source, **kwargs)
        name = _name(policy, source)
        prediction.action_metadata = {RULE: name} if name else None
        return prediction

    RulePolicy._analyze_rules = analyse_and_name
    RulePolicy._rule_prediction = predict_and_name


def _name(policy: RulePolicy, source: str | None) -> str | None:
    if source is None:
        return None
    if source.startswith(LOOP_RULES):
        return "form " + source.removeprefix(LOOP_RULES).partition(LOOP_RULES_SEPARATOR)[0]
    if source.startswith(DEFAULT_RULES):
        return "Rasa's default for " + source.removeprefix(DEFAULT_RULES)
    name: str | None = policy.lookup.get(_NAMES, {}).get(source)
    return name
