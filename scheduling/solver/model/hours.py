"""Rules that add up minutes of work, and the contract."""

from typing import Any

from scheduling.people import Contract, Person
from scheduling.rules import AverageHours, AverageShift, HoursInWindow, MonthlyOvertime
from scheduling.solver.model.base import Base, Because, lasting
from scheduling.solver.options import Kind, begun_hours


class Hours(Base):
    """A method for each family; what a family means is said in ``scheduling/rules.py``."""

    def hours_in_window(self, rule: HoursInWindow, person: Person) -> None:
        for last in range(self.problem.days):
            window = range(last - rule.days + 1, last + 1)
            left = max(0, rule.most_minutes - self.minutes_before(person, window))
            because = Because(
                rule.rule, person.id, last, rule.name, f"{lasting(rule.most_minutes)} in any {rule.days} days"
            )
            self._beyond(self.minutes(person, window) - left, rule.weight, because)

    def average_hours(self, rule: AverageHours, person: Person) -> None:
        period = self.problem.days
        days = max(period, min(rule.over_days, period + person.history.known_days))
        before = self.minutes_before(person, range(period - days, 0))
        left = max(0, rule.most_minutes_a_week * days // 7 - before)
        because = Because(
            rule.rule, person.id, None, rule.name, f"{lasting(rule.most_minutes_a_week)} a week"
        )
        self._beyond(self.minutes(person, range(period)) - left, rule.weight, because)

    def monthly_overtime(self, rule: MonthlyOvertime, person: Person) -> None:
        def over(worked: int) -> int:
            return max(0, worked - rule.normal_minutes)

        for month in self.spans("month"):
            before = sum(over(one.worked) for one in person.history.shifts if one.day in month)
            left = max(0, rule.most_minutes - before)
            days = [day for day in month if 0 <= day < self.problem.days]
            total = sum(self.sum_of(person, day, lambda kind: over(kind.worked)) for day in days)
            because = Because(rule.rule, person.id, days[-1], rule.name, lasting(rule.most_minutes))
            self._beyond(total - left, rule.weight, because)

    def average_shift(self, rule: AverageShift, person: Person) -> None:
        def beyond(kind: Kind) -> int:
            return (kind.worked - rule.most_minutes) * kind.named(rule.shifts)

        total = sum(self.sum_of(person, day, beyond) for day in range(self.problem.days))
        because = Because(rule.rule, person.id, None, rule.name, lasting(rule.most_minutes))
        self._beyond(total, rule.weight, because)

    def contract(self, contract: Contract, person: Person) -> None:
        """Minutes owed and allowed in the period and in each week."""
        credit = {leave.day: leave.minutes for leave in person.leave}
        worked = self.minutes(person, range(self.problem.days))
        weight, id = contract.weight, contract.id
        if contract.period_least is not None:
            because = Because(
                "contract", person.id, None, id, f"at least {lasting(contract.period_least)} in the period"
            )
            self._beyond(
                contract.period_least - sum(credit.values()) - worked, weight, because, contract.period_least
            )
        if contract.period_most is not None:
            because = Because(
                "contract", person.id, None, id, f"at most {lasting(contract.period_most)} in the period"
            )
            self._beyond(worked - contract.period_most, weight, because)
        for week in self.spans("week"):
            day = max(0, week.start)
            in_week = self.minutes(person, week)
            if contract.week_least is not None and week.start >= 0 and week.stop <= self.problem.days:
                granted = sum(credit.get(one, 0) for one in week)
                because = Because(
                    "contract", person.id, day, id, f"at least {lasting(contract.week_least)} a week"
                )
                self._beyond(contract.week_least - granted - in_week, weight, because, contract.week_least)
            if contract.week_most is not None:
                left = max(0, contract.week_most - self.minutes_before(person, week))
                because = Because(
                    "contract", person.id, day, id, f"at most {lasting(contract.week_most)} a week"
                )
                self._beyond(in_week - left, weight, because)

    def _beyond(self, excess: Any, weight: int | None, because: Because, owed: int = 0) -> None:
        """Broken once for each begun hour of ``excess`` minutes, of which ``owed`` may be missing."""
        if isinstance(excess, int) and excess <= 0:
            return
        self.breach(excess, self.hours_at_most + begun_hours(owed), weight, because, 60)
