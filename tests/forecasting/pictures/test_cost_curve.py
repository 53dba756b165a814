"""The picture of the cost curve shows what was computed, the same each time."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from forecasting.pictures.cost_curve import cost_curve as draw
from forecasting.staffing.curve import Curve, Prices, cost_curve, plan_curve


def words(path: Path) -> set[str]:
    """What is written in an SVG."""
    texts = ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}text")
    return {"".join(text.itertext()).strip() for text in texts}


@pytest.fixture
def curve() -> Curve:
    return cost_curve(100, 1800, 180, 120, agents=range(6, 20), prices=Prices(30, 30, 4))


def test_service_abandonment_and_cost_are_named(curve: Curve, tmp_path: Path) -> None:
    """With title, target and every number of agents' scale; drawn twice it is the same file."""
    one, two = tmp_path / "one.svg", tmp_path / "two.svg"
    draw(curve, one, title="Monday at ten", target=0.8)
    draw(curve, two, title="Monday at ten", target=0.8)
    assert {"Monday at ten", "target 80%", "service level", "occupancy", "abandonment", "agents"} <= words(
        one
    )
    assert one.read_bytes() == two.read_bytes()


def test_nobody_gives_up_where_patience_has_no_end(tmp_path: Path) -> None:
    """No curve of abandonment; what is overloaded has no cost, and is drawn without it."""
    draw(cost_curve(100, 1800, 180, agents=range(8, 20)), tmp_path / "c.svg")
    assert "abandonment" not in words(tmp_path / "c.svg")
    draw(cost_curve(100, 1800, 180, agents=range(5, 9)), tmp_path / "overloaded.svg")


def test_a_plans_curve_says_more_or_fewer(tmp_path: Path) -> None:
    """As PNG too."""
    curve = plan_curve([100, 50], 1800, 180, [12, 7], 120)
    draw(curve, tmp_path / "c.svg")
    assert "agents more than planned" in words(tmp_path / "c.svg")
    draw(curve, tmp_path / "c.PNG")
    assert (tmp_path / "c.PNG").read_bytes().startswith(b"\x89PNG")


def test_other_files_are_refused(curve: Curve, tmp_path: Path) -> None:
    """Before anything is written."""
    with pytest.raises(ValueError, match=r"drawn as \.svg or \.png, not \.jpg"):
        draw(curve, tmp_path / "c.jpg")
    assert not list(tmp_path.iterdir())
