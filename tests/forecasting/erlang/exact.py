"""Erlang's queues the slow way: every state's probability, in fractions or fifty digits."""

from decimal import Decimal, localcontext
from fractions import Fraction
from math import comb


def blocking(lines: int, load: Fraction) -> Fraction:
    """Erlang B from its definition, the last of the weights a**k/k!."""
    weight = total = Fraction(1)
    for k in range(1, lines + 1):
        weight *= load / k
        total += weight
    return weight / total


def waiting(agents: int, load: Fraction) -> Fraction:
    """Erlang C from its definition, for a load below the agents."""
    weight, below = Fraction(1), Fraction(0)
    for k in range(agents):
        below += weight
        weight *= load / (k + 1)
    queue = weight * agents / (agents - load)
    return queue / (below + queue)


class Chain:
    """M/M/n+M state by state. ``patience`` is in units of handling; so are all times that come out."""

    def __init__(self, agents: int, load: str, patience: str, most: int = 4000) -> None:
        with localcontext() as context:
            context.prec = 50
            self.agents, self.load, self.patience = agents, Decimal(load), Decimal(patience)
            weight, weights = Decimal(1), [Decimal(1)]
            for k in range(1, agents + most):
                leaving = min(k, agents) + max(k - agents, 0) / self.patience
                weight *= self.load / leaving
                weights.append(weight)
                if k > agents and weight < Decimal("1e-45") * max(weights):
                    break
            total = sum(weights)
            self.states = [weight / total for weight in weights]

    @property
    def waits(self) -> Decimal:
        """The probability that somebody who comes finds all agents busy."""
        return sum(self.states[self.agents :], Decimal(0))

    @property
    def queue(self) -> Decimal:
        """The mean number who wait."""
        return sum((max(k - self.agents, 0) * p for k, p in enumerate(self.states)), Decimal(0))

    @property
    def abandonment(self) -> Decimal:
        """What leaves the queue unserved of what comes."""
        return self.queue / self.patience / self.load

    @property
    def answered_wait(self) -> Decimal:
        """The mean wait of the answered. Who comes as the (j + 1)th to wait is served with probability
        x/(x + j + 1) after stages at rates (x + k)/patience, k = j + 1 down to 1, x = agents patience.
        """
        with localcontext() as context:
            context.prec = 50
            x = self.agents * self.patience
            served, waited = sum(self.states[: self.agents], Decimal(0)), Decimal(0)
            stages = Decimal(0)
            for j, p in enumerate(self.states[self.agents :]):
                stages += self.patience / (x + j + 1)
                share = p * x / (x + j + 1)
                served += share
                waited += share * stages
            return waited / served

    def answered_within(self, time: str) -> Decimal:
        """The share of all answered within ``time``; x must be whole.

        The stages of the (j + 1)th who waits are those between the j + 1 first deaths of x + j + 1 lives of
        mean ``patience``, so they have ended by then if more than j of these have died: a binomial
        probability.
        """
        with localcontext() as context:
            context.prec = 50
            x = int(self.agents * self.patience)
            assert x == self.agents * self.patience
            alive = (-Decimal(time) / self.patience).exp()
            dead = 1 - alive
            found = sum(self.states[: self.agents], Decimal(0))
            for j, p in enumerate(self.states[self.agents :]):
                lives = x + j + 1
                late = sum(comb(lives, k) * dead**k * alive ** (lives - k) for k in range(j + 1))
                found += p * x / (x + j + 1) * (1 - late)
            return found
