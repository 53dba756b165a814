"""Where the boxes of a drawing stand and how its lines run: a layered layout, downwards, with right angles.

After K. Sugiyama, S. Tagawa, M. Toda (1981): lines that would lead up are turned round, each box goes as deep
as its longest way from the top, lines that pass layers get a place in each of them, the order in a layer
follows the neighbours' middles, and places are moved as near to their neighbours as their order lets them.
Lines to one box run together as one.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

SWEEPS: Final = 24
SIDE: Final = 28.0
"""Between two boxes side by side."""
LANE: Final = 14.0
"""Between a line and what stands beside it."""
TRACK: Final = 9.0
"""Between two lines that run sideways between the same layers."""
GAP: Final = 26.0
"""Between a layer and the nearest line below or above it."""
LINE_WEIGHT: Final = 8.0
"""How much straighter lines are pulled than boxes."""

STRAIGHT: Final = 0.5
"""Two ends no further apart are one above the other."""
INFINITE: Final = float("inf")

Key = Hashable
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A box of this size; ``ports`` are the places on its lower edge where lines leave, from the left."""

    width: float
    height: float
    ports: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """A line from a port of one box to the top of another."""

    source: str
    port: int
    target: str


@dataclass(slots=True)
class Laid:
    """The drawing: the left upper corner of each box, the corners of each line, and the size of it all.

    ``upward`` are the lines that lead back up.
    """

    at: dict[str, Point] = field(default_factory=dict)
    lines: dict[Edge, list[Point]] = field(default_factory=dict)
    upward: set[Edge] = field(default_factory=set)
    width: float = 0.0
    height: float = 0.0


def lay_out(boxes: dict[str, Box], edges: Sequence[Edge], roots: Iterable[str]) -> Laid:
    """The layout; ``roots`` are the boxes to begin with, others follow in their order."""
    return _Layout(boxes, edges, roots).lay()


@dataclass(slots=True)
class _Place:
    """A box, or the place where a line passes a layer, as the layout moves it."""

    key: Key
    width: float
    layer: int
    ports: tuple[float, ...] = ()
    x: float = 0.0
    """Its middle."""
    above: "list[tuple[_Place, float]]" = field(default_factory=list)
    """What is above, and how far from its middle the line leaves it."""
    below: "list[tuple[_Place, float]]" = field(default_factory=list)
    """What is below, and how far from the middle of this place the line leaves."""
    near: "list[_Place]" = field(default_factory=list)
    """What an upward line should run beside."""

    @property
    def is_line(self) -> bool:
        return isinstance(self.key, tuple)


@dataclass(slots=True)
class _Run:
    """What is joined sideways between two layers: where lines come from above, and where they go on below."""

    above: tuple[float, ...] = ()
    below: tuple[float, ...] = ()

    @property
    def span(self) -> tuple[float, float]:
        """From where to where."""
        return min(*self.above, *self.below), max(*self.above, *self.below)

    def hinders(self, other: "_Run") -> bool:
        """Whether this comes down where the other goes on down."""
        return any(abs(a - b) < TRACK for a in self.above for b in other.below)


class _Layout:
    def __init__(self, boxes: dict[str, Box], edges: Sequence[Edge], roots: Iterable[str]) -> None:
        self.boxes = boxes
        self.edges = [edge for edge in edges if edge.source in boxes and edge.target in boxes]
        self.laid = Laid()
        self.out: dict[str, list[Edge]] = {name: [] for name in boxes}
        for edge in self.edges:
            self.out[edge.source].append(edge)
        self.order = self._depth_first([*roots, *boxes])
        self.layer_of = self._layers()
        self.places: dict[Key, _Place] = {}
        self.layers: list[list[_Place]] = [[] for _ in range(max(self.layer_of.values(), default=-1) + 1)]
        self.chains: dict[Edge, list[_Place]] = {}

    def lay(self) -> Laid:
        """All of it."""
        self._set_places()
        self._untangle()
        self._move()
        self._draw()
        return self.laid

    # ------------------------------------------------------------ layers

    def _depth_first(self, starts: Iterable[str]) -> list[str]:
        """Boxes in the order in which they are left, last first; lines back to one still open lead up."""
        state: dict[str, int] = {}
        left: list[str] = []
        for start in starts:
            if start in state or start not in self.boxes:
                continue
            state[start] = 1
            stack = [(start, iter(self.out[start]))]
            while stack:
                name, rest = stack[-1]
                edge = next(rest, None)
                if edge is None:
                    stack.pop()
                    state[name] = 2
                    left.append(name)
                elif state.get(edge.target) == 1:
                    self.laid.upward.add(edge)
                elif edge.target not in state:
                    state[edge.target] = 1
                    stack.append((edge.target, iter(self.out[edge.target])))
        return left[::-1]

    def _layers(self) -> dict[str, int]:
        layer = dict.fromkeys(self.boxes, 0)
        for name in self.order:
            for edge in self.out[name]:
                if edge not in self.laid.upward:
                    layer[edge.target] = max(layer[edge.target], layer[name] + 1)
        return layer

    # ------------------------------------------------------------ places

    def _set_places(self) -> None:
        for name in self.order:
            box = self.boxes[name]
            middle = box.width / 2
            self._place(name, box.width, self.layer_of[name], tuple(port - middle for port in box.ports))
        for edge in self.edges:
            top, bottom = self.layer_of[edge.source], self.layer_of[edge.target]
            source, target = self.places[edge.source], self.places[edge.target]
            if edge in self.laid.upward:
                # Out below the source, up beside it and all between, and into the target from above.
                chain = [self._line("up", edge.target, at) for at in range(top, bottom - 1, -1)]
                for lower, upper in pairwise(chain):
                    _join(upper, lower, 0.0)
                chain[0].near.append(source)
                chain[-1].near.append(target)
            else:
                chain = [self._line("down", edge.target, at) for at in range(top + 1, bottom)]
                path = [source, *chain, target]
                _join(path[0], path[1], source.ports[edge.port])
                for upper, lower in pairwise(path[1:]):
                    _join(upper, lower, 0.0)
            self.chains[edge] = chain

    def _place(self, key: Key, width: float, layer: int, ports: tuple[float, ...] = ()) -> _Place:
        place = self.places[key] = _Place(key, width, layer, ports)
        self.layers[layer].append(place)
        return place

    def _line(self, way: str, target: str, layer: int) -> _Place:
        key = (way, target, layer)
        return self.places.get(key) or self._place(key, 0.0, layer)

    # ------------------------------------------------------------ order

    def _untangle(self) -> None:
        """Order each layer by the middles of its neighbours, down and up, and keep the best that was seen."""
        self._number()
        best, least = self._orders(), self._crossings()
        for sweep in range(SWEEPS):
            down = sweep % 2 == 0
            for layer in self.layers if down else reversed(self.layers):
                for place in layer:
                    place.x = _middle_of(place, down)
                layer.sort(key=lambda place: place.x)
                for at, place in enumerate(layer):
                    place.x = float(at)
            crossings = self._crossings()
            if crossings < least:
                best, least = self._orders(), crossings
        self.layers = best
        self._number()

    def _number(self) -> None:
        for layer in self.layers:
            for at, place in enumerate(layer):
                place.x = float(at)

    def _orders(self) -> list[list[_Place]]:
        return [list(layer) for layer in self.layers]

    def _crossings(self) -> int:
        """How often lines between neighbouring layers cross."""
        found = 0
        for layer in self.layers:
            ends = [(place.x + shift / 10_000, below.x) for place in layer for below, shift in place.below]
            ends.sort()
            for at, (_, first) in enumerate(ends):
                found += sum(first > second for _, second in ends[at + 1 :])
        return found

    # ------------------------------------------------------------ sideways

    def _move(self) -> None:
        for layer in self.layers:
            x = 0.0
            for left, place in zip([None, *layer], layer, strict=False):
                x = place.x = 0.0 if left is None else x + _apart(left, place)
        for sweep in range(3 * SWEEPS):
            down = sweep % 2 == 0
            for layer in self.layers if down else reversed(self.layers):
                _settle(layer, down, both=sweep >= SWEEPS)
        self._straighten()
        low = min((p.x - p.width / 2 for layer in self.layers for p in layer), default=0.0)
        for layer in self.layers:
            for place in layer:
                place.x -= low
        self.laid.width = max((p.x + p.width / 2 for layer in self.layers for p in layer), default=0.0)

    def _straighten(self) -> None:
        """Let lines that pass several layers run straight, as far as what stands beside them lets them."""
        beside: dict[Key, tuple[_Place | None, _Place | None]] = {}
        for layer in self.layers:
            for left, place, right in zip([None, *layer], layer, [*layer[1:], None], strict=False):
                beside[place.key] = (left, right)
        trunks: dict[tuple[str, str], list[_Place]] = {}
        for layer in self.layers:
            for place in layer:
                if isinstance(place.key, tuple):
                    way, target, _ = place.key
                    trunks.setdefault((way, target), []).append(place)
        for (_, target), trunk in trunks.items():
            end = self.places[target].x
            run: list[_Place] = []
            low, high = -INFINITE, INFINITE
            for place in reversed(trunk):
                least, most = _room(place, *beside[place.key])
                if least > high or most < low or _gap(run, place):
                    _align(run, low, high, end)
                    run, low, high = [], -INFINITE, INFINITE
                run.append(place)
                low, high = max(low, least), min(high, most)
            _align(run, low, high, end)

    # ------------------------------------------------------------ lines

    def _draw(self) -> None:
        """Give every gap between layers as many tracks as it needs, then the boxes and lines their places."""
        # A gap's runs: what is to be joined sideways there, all that leads to one place being one run.
        gaps: list[dict[Key, _Run]] = [{} for _ in range(len(self.layers) + 1)]

        def run(gap: int, key: Key, above: tuple[float, ...], below: tuple[float, ...]) -> None:
            one = gaps[gap].setdefault(key, _Run())
            one.above += above
            one.below += below

        for edge, chain in self.chains.items():
            source, target = self.places[edge.source], self.places[edge.target]
            leaves = source.x + source.ports[edge.port]
            if edge in self.laid.upward:
                run(source.layer + 1, chain[0].key, (leaves, chain[0].x), ())
                for lower, upper in pairwise(chain):
                    run(upper.layer + 1, upper.key, (upper.x,), (lower.x,))
                run(target.layer, ("in", edge.target), (), (chain[-1].x, target.x))
            else:
                xs = [leaves, *(place.x for place in chain), target.x]
                for at, (one, two) in enumerate(pairwise(xs)):
                    run(source.layer + 1 + at, [*chain, target][at].key, (one,), (two,))
        tracks = [_tracks(runs) for runs in gaps]
        tops, gap_tops, y = [], [], 0.0
        for at, track in enumerate(tracks):
            gap_tops.append(y)
            used = max(track.values(), default=-1) + 1
            y += 0.0 if not used and at in (0, len(self.layers)) else 2 * GAP + TRACK * max(0, used - 1)
            if at < len(self.layers):
                tops.append(y)
                y += max(
                    (self.boxes[p.key].height for p in self.layers[at] if isinstance(p.key, str)), default=0
                )
        self.laid.height = y
        for name, place in ((p.key, p) for layer in self.layers for p in layer):
            if isinstance(name, str):
                self.laid.at[name] = (place.x - place.width / 2, tops[place.layer])

        def height(gap: int, key: Key) -> float:
            return gap_tops[gap] + GAP + TRACK * tracks[gap][key]

        for edge, chain in self.chains.items():
            source, target = self.places[edge.source], self.places[edge.target]
            leaves = source.x + source.ports[edge.port]
            points = [(leaves, tops[source.layer] + self.boxes[edge.source].height)]
            if edge in self.laid.upward:
                y = height(source.layer + 1, chain[0].key)
                points += [(leaves, y), (chain[0].x, y)]
                for lower, upper in pairwise(chain):
                    y = height(upper.layer + 1, upper.key)
                    points += [(lower.x, y), (upper.x, y)]
                y = height(target.layer, ("in", edge.target))
                points += [(chain[-1].x, y), (target.x, y)]
            else:
                x = leaves
                for at, place in enumerate([*chain, target]):
                    y = height(source.layer + 1 + at, place.key)
                    points += [(x, y), (place.x, y)]
                    x = place.x
            points.append((target.x, tops[target.layer]))
            self.laid.lines[edge] = _straight(points)


def _join(upper: _Place, lower: _Place, shift: float) -> None:
    upper.below.append((lower, shift))
    lower.above.append((upper, shift))


def _middle_of(place: _Place, down: bool) -> float:
    """Where a place belongs in its layer, by its neighbours; an upward line stands beside its ends."""
    neighbours = place.above if down else place.below
    if neighbours:
        return sum(p.x + (shift / 10_000 if down else 0) for p, shift in neighbours) / len(neighbours)
    return max((p.x + 0.5 for p in place.near), default=place.x)


def _apart(left: _Place, right: _Place) -> float:
    """How far the middles of two neighbours must be apart."""
    between = LANE if left.is_line or right.is_line else SIDE
    return (left.width + right.width) / 2 + between


def _settle(layer: list[_Place], down: bool, both: bool) -> None:
    """Move each place to the middle of its neighbours, or as near as the order lets it.

    The least squares under that order: neighbours that would come too near are pooled and move as one.
    """
    pools: list[list[float]] = []  # where the first of them shall stand: sum, weight; and how many they are
    offset = 0.0
    offsets = []
    for at, place in enumerate(layer):
        offset += 0.0 if at == 0 else _apart(layer[at - 1], place)
        offsets.append(offset)
        wanted, weight = _wanted(place, down, both)
        pools.append([(wanted - offset) * weight, weight, 1])
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] > pools[-1][0] / pools[-1][1]:
            last = pools.pop()
            pools[-1] = [a + b for a, b in zip(pools[-1], last, strict=True)]
    at = 0
    for total, weight, count in pools:
        for _ in range(int(count)):
            layer[at].x = total / weight + offsets[at]
            at += 1


def _wanted(place: _Place, down: bool, both: bool) -> tuple[float, float]:
    """Where a place wants to stand, and how much."""
    above = [(p.x + shift, _pull(place, p)) for p, shift in place.above] if down or both else []
    below = [(p.x - shift, _pull(place, p)) for p, shift in place.below] if not down or both else []
    wishes = above + below + [(p.x + p.width / 2 + LANE, 1.0) for p in place.near]
    if not wishes:
        return place.x, 0.1
    weight = sum(w for _, w in wishes)
    return sum(x * w for x, w in wishes) / weight, weight


def _room(place: _Place, left: "_Place | None", right: "_Place | None") -> tuple[float, float]:
    """Between where and where a place may be moved, those beside it staying where they are."""
    low = -INFINITE if left is None else left.x + _apart(left, place)
    high = INFINITE if right is None else right.x - _apart(place, right)
    return min(low, place.x), max(high, place.x)


def _gap(run: list[_Place], place: _Place) -> bool:
    """Whether a place is not just above the last of a run."""
    return bool(run) and run[-1].layer != place.layer + 1


def _align(run: list[_Place], low: float, high: float, end: float) -> None:
    if run:
        x = end if low <= end <= high else sum(place.x for place in run) / len(run)
        for place in run:
            place.x = max(low, min(high, x))


def _pull(one: _Place, other: _Place) -> float:
    return LINE_WEIGHT if one.is_line and other.is_line else 1.0


def _tracks(runs: dict[Key, _Run]) -> dict[Key, int]:
    """A track for each run, so that no two on one track meet, and short ones are nearest the boxes above.

    Where one comes down just where another goes on down, the first turns off above the second, if it can.
    """
    before = {
        key: {other for other in runs if other != key and runs[other].hinders(run)}
        for key, run in runs.items()
    }
    taken: list[list[tuple[float, float]]] = []
    found: dict[Key, int] = {}
    rest = sorted(runs, key=lambda key: (runs[key].span[1] - runs[key].span[0], runs[key].span))
    while rest:
        key = next((one for one in rest if before[one] <= found.keys()), rest[0])
        rest.remove(key)
        low, high = runs[key].span
        first = max((found[one] + 1 for one in before[key] & found.keys()), default=0)
        if high - low < STRAIGHT:
            found[key] = 0
            continue
        number = first
        while number < len(taken) and any(high + LANE >= a and low - LANE <= b for a, b in taken[number]):
            number += 1
        taken += [[] for _ in range(number + 1 - len(taken))]
        taken[number].append((low, high))
        found[key] = number
    return found


def _straight(points: list[Point]) -> list[Point]:
    """The corners that are corners."""
    kept: list[Point] = []
    for point in points:
        if kept and abs(kept[-1][0] - point[0]) < 0.5 and abs(kept[-1][1] - point[1]) < 0.5:
            continue
        while len(kept) > 1 and (
            (abs(kept[-2][0] - kept[-1][0]) < 0.5 and abs(kept[-1][0] - point[0]) < 0.5)
            or (abs(kept[-2][1] - kept[-1][1]) < 0.5 and abs(kept[-1][1] - point[1]) < 0.5)
        ):
            kept.pop()
        kept.append(point)
    return kept
