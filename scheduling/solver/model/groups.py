"""Rules about several people at once: teams, the reserve, fairness."""

from typing import Any

from scheduling.people import Person
from scheduling.rules import Fairness, Reserve, Together
from scheduling.solver.model.base import Base, Because


class Groups(Base):
    """A method for each family; what a family means is said in ``scheduling/rules.py``."""

    def together(self, rule: Together) -> None:
        teams: dict[str, list[Person]] = {}
        for person in self._concerned(rule):
            if person.team:
                teams.setdefault(person.team, []).append(person)
        for team, people in teams.items():
            if len(people) < 2:
                continue
            for day in range(self.problem.days):
                used = []
                for shift in self.problem.shifts:
                    there = self.cp.new_bool_var("")
                    for person in people:
                        self.cp.add(there >= self.on(person, day, (shift.id,)))
                    used.append(there)
                because = Because(rule.rule, "", day, rule.name, team)
                self.breach(sum(used) - 1, len(used), rule.weight, because)

    def reserve(self, rule: Reserve) -> None:
        people = self._concerned(rule)
        reserves = tuple(one.id for one in self.problem.shifts if one.reserve)
        others = len(self.problem.concerned(rule.who)) - len(people) if self.questioned else 0
        for day in range(self.problem.days):
            at_work = sum(self.on(person, day) for person in people)
            have = sum(self.on(person, day, reserves) for person in people) if reserves else 0
            if others:  # of whom nothing is asked: they do what helps
                working, floating = (self.cp.new_int_var(0, others, "") for _ in range(2))
                self.cp.add(floating <= working)
                at_work, have = at_work + working, have + floating
            because = Because(rule.rule, "", day, rule.name, f"{rule.least_percent} to {rule.most_percent} %")
            missing = rule.least_percent * at_work - 100 * have
            beyond = 100 * have - rule.most_percent * at_work
            if rule.weight is None:
                self.must(missing <= 0, because)
                self.must(beyond <= 0, because)
            elif not self.questioned:
                times = self.cp.new_int_var(0, len(people), "")
                self.cp.add(100 * times >= missing)
                self.cp.add(100 * times >= beyond)
                self.costs.append(rule.weight * times)

    def fairness(self, rule: Fairness) -> None:
        counts = [
            self.count_of(rule.of, person) + person.history.counts.get(rule.of, 0)
            for person in self._concerned(rule)
        ]
        if len(counts) < 2:
            return
        far = 10**6
        high, low = self.cp.new_int_var(-far, far, ""), self.cp.new_int_var(-far, far, "")
        for count in counts:
            self.cp.add(high >= count)
            self.cp.add(low <= count)
        apart = f"at most {rule.tolerance} apart" if rule.tolerance else "all the same"
        because = Because(rule.rule, "", None, rule.name, f"{rule.of} shared fairly, {apart}")
        self.breach(high - low - rule.tolerance, far, rule.weight, because)

    def count_of(self, of: str, person: Person) -> Any:
        """How much of what fairness is of a person has in the period."""
        days = range(self.problem.days)
        if of == "days":
            return sum(self.on(person, day) for day in days)
        if of == "hours":
            hours = self.cp.new_int_var(0, self.hours_at_most, "")
            minutes = self.minutes(person, days)
            self.cp.add(60 * hours <= minutes)
            self.cp.add(minutes <= 60 * hours + 59)
            return hours
        if of == "weekends":
            return self._weekends_worked(person)
        if of == "holidays":
            return sum(self.on(person, day) for day in sorted(set(self.problem.holidays)))
        if of == "wishes":
            works = [self.on(person, wish.day, wish.shifts) for wish in person.wishes]
            return sum(one if wish.want else 1 - one for one, wish in zip(works, person.wishes, strict=True))
        return sum(self.on(person, day, (of,)) for day in days)

    def _weekends_worked(self, person: Person) -> Any:
        weekends: dict[int, list[Any]] = {}
        for day in range(self.problem.days):
            weekday = self.problem.weekday(day)
            if weekday >= 5:
                weekends.setdefault(day - weekday, []).append(self.on(person, day))
        found = []
        for days in weekends.values():
            works = self.cp.new_bool_var("")
            for one in days:
                self.cp.add(works >= one)
            self.cp.add(works <= sum(days))
            found.append(works)
        return sum(found)

    def _concerned(self, rule: Together | Reserve | Fairness) -> list[Person]:
        mine = {person.id for person in self.people}
        return [person for person in self.problem.concerned(rule.who) if person.id in mine]
