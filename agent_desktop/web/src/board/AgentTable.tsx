import { Group, Menu, Switch, Text } from "@mantine/core";
import { IconCoffee, IconHeadset, IconLogout, IconPhoneOff, IconStars } from "@tabler/icons-react";
import { type CSSProperties, memo, useState } from "react";
import { api } from "../shared/api";
import { Dot } from "../shared/Dot";
import type { Floor } from "../shared/floor";
import { tellProblem } from "../shared/notice";
import { STATE_COLOR } from "../shared/stateColor";
import { Nothing } from "../shared/states";
import { clock, percent } from "../shared/time";
import type { AgentView } from "../shared/types";
import { useWords } from "../shared/words";
import { choiceName, reasonName } from "../shared/words/choice";
import { Abilities } from "./Abilities";
import { handledNow, occupancyNow } from "./goingOn";
import { inOrder } from "./inOrder";
import { MenuButton, type OpenMenu, RowMenu, useRowMenu } from "./RowMenu";

const LEAST = { "--least": "480px" } as CSSProperties;

interface Props {
  floor: Floor;
  now: number;
  /** Whether this person may act for agents. */
  mayAct: boolean;
}

export const AgentTable = memo(function AgentTable({ floor, now, mayAct }: Props) {
  const words = useWords();
  const { t } = words;
  const { anchor, open, close } = useRowMenu();
  const [changing, setChanging] = useState<string | null>(null);
  const here = anchor ? floor.agents[anchor.id] : undefined;
  const changed = changing ? floor.agents[changing] : undefined;
  const [hide, setHide] = useState(true);
  const agents = inOrder(floor, !hide);
  return (
    <>
      <Group justify="space-between" mb={6}>
        <Text fw={600}>
          {t("board.agents")} <span className="dim num">{agents.length}</span>
        </Text>
        <Switch
          size="xs"
          checked={hide}
          onChange={(e) => setHide(e.currentTarget.checked)}
          label={t("board.hide_out")}
          data-testid="hide-signed-out"
        />
      </Group>
      {agents.length === 0 ? (
        <Nothing title={t("board.noagents")} />
      ) : (
        <div className="scroll-x">
          <table className="live tight" style={LEAST}>
            <thead>
              <tr>
                <th>{t("board.agent")}</th>
                <th style={{ width: 156 }}>{t("board.state")}</th>
                <th className="end" style={{ width: 56 }}>
                  {t("board.for")}
                </th>
                <th className="end" style={{ width: 70 }}>
                  {t("board.handled")}
                </th>
                <th className="end" style={{ width: 74 }} title={t("board.occupancy.help")}>
                  {t("board.occupancy")}
                </th>
                <th className="end" style={{ width: 84 }}>
                  {t("board.answered")}
                </th>
                {mayAct ? <th className="menu" style={{ width: 34 }} aria-label={t("board.act")} /> : null}
              </tr>
            </thead>
            <tbody>
              {agents.map((a) => (
                <AgentRow
                  key={a.id}
                  agent={a}
                  state={t(`state.${a.state}`)}
                  reason={
                    a.state === "paused" && a.reason ? reasonName(floor.pause_reasons, a.reason, words) : ""
                  }
                  lost={a.state !== "signed_out" && !a.reachable ? t("board.notreachable") : ""}
                  missed={a.missed ? t("board.missed", a.missed) : ""}
                  by={a.by ? t("board.by", a.by) : ""}
                  for_s={Math.floor((now - a.since) / 1000)}
                  handled_s={Math.floor(handledNow(a, now))}
                  occupied={percent(occupancyNow(a, now))}
                  menu={mayAct ? t("board.menu", a.name) : ""}
                  onMenu={open}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <RowMenu anchor={here ? anchor : null} onClose={close}>
        {here ? <AgentMenu agent={here} floor={floor} onAbilities={() => setChanging(here.id)} /> : null}
      </RowMenu>
      {changed ? (
        <Abilities key={changed.id} agent={changed} floor={floor} onClose={() => setChanging(null)} />
      ) : null}
    </>
  );
});

interface MenuProps {
  agent: AgentView;
  floor: Floor;
  onAbilities: () => void;
}

function AgentMenu({ agent, floor, onAbilities }: MenuProps) {
  const { t, language } = useWords();
  const act = (verb: "ready" | "pause" | "sign-out", body = {}) => {
    const at = `/api/floor/agents/${encodeURIComponent(agent.id)}/${verb}`;
    api.post(at, body).catch((problem: unknown) => tellProblem(problem, t));
  };
  const out = agent.state === "signed_out";
  const occupied = ["offered", "on_contact", "wrap_up"].includes(agent.state);
  return (
    <>
      <Menu.Label>{agent.name}</Menu.Label>
      <Menu.Item
        leftSection={<IconHeadset size={16} />}
        onClick={() => act("ready")}
        disabled={out || agent.state === "available"}
        data-testid="agent-ready"
      >
        {t("bar.ready")}
      </Menu.Item>
      <Menu.Item leftSection={<IconStars size={16} />} onClick={onAbilities} data-testid="agent-abilities">
        {t("abilities.go")}
      </Menu.Item>
      <Menu.Item
        color="red"
        leftSection={<IconLogout size={16} />}
        onClick={() => act("sign-out")}
        disabled={out}
        data-testid="agent-sign-out"
      >
        {t("bar.signout")}
      </Menu.Item>
      {out ? null : (
        <>
          <Menu.Divider />
          <Menu.Label>{t(occupied ? "bar.pause_after" : "bar.pause")}</Menu.Label>
          {floor.pause_reasons.map((one) => (
            <Menu.Item
              key={one.id}
              leftSection={<IconCoffee size={16} />}
              onClick={() => act("pause", { reason: one.id })}
              data-testid={`agent-pause-${one.id}`}
            >
              {choiceName(floor.pause_reasons, one.id, language)}
            </Menu.Item>
          ))}
        </>
      )}
    </>
  );
}

interface RowProps {
  agent: AgentView;
  state: string;
  reason: string;
  /** The phone cannot be rung. */
  lost: string;
  missed: string;
  by: string;
  for_s: number;
  handled_s: number;
  occupied: string;
  menu: string;
  onMenu: OpenMenu;
}

/** Drawn again only when what it shows is different: a floor of hundreds changes many times a second. */
const AgentRow = memo(function AgentRow(props: RowProps) {
  const { agent, state, reason, lost, missed, by, for_s, handled_s, occupied, menu, onMenu } = props;
  return (
    <tr data-testid={`agent-${agent.id}`} data-state={agent.state}>
      <td className="name" title={agent.name}>
        {agent.name}
      </td>
      <td title={by}>
        <span className="state">
          <Dot color={STATE_COLOR[agent.state]} />
          {state}
          {reason ? <span className="dim">{reason}</span> : null}
          {lost ? <IconPhoneOff size={15} role="img" aria-label={lost} color="var(--cf-late)" /> : null}
        </span>
      </td>
      <td className="num end">{clock(for_s)}</td>
      <td className="num end">{clock(handled_s)}</td>
      <td className="num end">{occupied}</td>
      <td className="num end">
        {agent.answered}
        {missed ? <span className="under">{missed}</span> : null}
      </td>
      {menu ? (
        <td className="menu">
          <MenuButton id={agent.id} label={menu} onOpen={onMenu} />
        </td>
      ) : null}
    </tr>
  );
});
