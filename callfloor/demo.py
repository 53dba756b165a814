"""The demo: a sample bank on the embedded switch, with simulated callers and agents as local legs of it.

``speed`` scales arrivals and talk times of the simulated people only; the clock is the wall clock.
"""

import asyncio
import random
import secrets
from datetime import datetime

from callfloor import migrate, sample
from callfloor.people import Crowd, Habits, Team
from callfloor.phrases import AGENTS_SAY, CALLERS_SAY, spoken
from callfloor.sample import Sample
from callfloor.sample_planning import PlannersPast
from callfloor.server import Platform
from callfloor.settings import Settings
from callfloor.switches import advertised, embedded
from common.db import Database
from telephony.embedded.switch import EmbeddedSwitch

SEED = 95588
"""The sample bank is the same every time; who rings when is not."""
HABITS = Habits(calls_per_hour=240.0, talk_s=50.0)


async def run(settings: Settings, speed: float, language: str) -> None:
    """Serve the demo until told to stop; prints where everything is once it listens."""
    settings.folder.mkdir(parents=True, exist_ok=True)
    migrate.upgrade(settings.database_url)
    passwords = tuple(secrets.token_urlsafe(9) for _ in range(4))
    bank = _fill(settings, language, *passwords)
    platform = Platform(settings, embedded)
    crowd = _crowd(platform, bank, speed, language)
    planning = PlannersPast(platform.database, SEED, language, bank.queues)

    def ready() -> None:
        _team(platform, bank, speed, language).start()
        crowd.start()
        planning.start()
        print(_welcome(settings, bank, *passwords), flush=True)

    def leaving() -> None:
        crowd.stop()
        planning.stop()

    await platform.serve(ready, leaving)


def _fill(settings: Settings, language: str, agent: str, supervisor: str, planner: str, admin: str) -> Sample:
    database = Database(settings.database_url)
    try:
        with database.transaction() as session:
            return sample.build(
                session,
                seed=SEED,
                language=language,
                agent_password=agent,
                supervisor_password=supervisor,
                planner_password=planner,
                admin_password=admin,
            )
    finally:
        database.close()


def _switch(platform: Platform) -> EmbeddedSwitch:
    assert isinstance(platform.switch, EmbeddedSwitch)
    return platform.switch


def _team(platform: Platform, bank: Sample, speed: float, language: str) -> Team:
    team = Team(
        _switch(platform),
        asyncio.get_running_loop(),
        random.Random(),
        bank.agents,
        platform.runner.tell,
        HABITS,
        speed,
        spoken(AGENTS_SAY, language),
    )
    platform.runner.listen(team.on_intent)
    return team


def _crowd(platform: Platform, bank: Sample, speed: float, language: str) -> Crowd:
    return Crowd(
        _switch(platform),
        asyncio.get_running_loop(),
        random.Random(),
        bank.numbers,
        bank.entry_number,
        HABITS,
        speed,
        hour=lambda: datetime.now().hour,
        phrases=spoken(CALLERS_SAY, language),
    )


def _welcome(settings: Settings, bank: Sample, agent: str, supervisor: str, planner: str, admin: str) -> str:
    web, sip = settings.web, settings.sip
    scheme = "https" if web.certificate or web.self_signed else "http"
    return f"""
  Callfloor is up, with {len(bank.agents)} simulated agents and callers on their way.

  The page             {scheme}://{web.host}:{web.port}/
    as an agent          {bank.agent_user}  {agent}
    as a supervisor      {bank.supervisor_user}  {supervisor}
    as a planner         {bank.planner_user}  {planner}
    as an administrator  {bank.admin_user}  {admin}

  Dial                 sip:{bank.entry_number}@{advertised(settings)}:{sip.port}
                       with any SIP softphone, or with the page's own test caller at /test-call

  Data                 {settings.folder}
  Ctrl-C ends it.
"""
