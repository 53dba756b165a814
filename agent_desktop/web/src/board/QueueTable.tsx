import { Menu } from "@mantine/core";
import { IconDoor, IconDoorOff } from "@tabler/icons-react";
import { type CSSProperties, memo, useState } from "react";
import { api } from "../shared/api";
import type { Floor } from "../shared/floor";
import type { Level } from "../shared/level";
import { tellProblem } from "../shared/notice";
import { Nothing } from "../shared/states";
import { clockOr, percent } from "../shared/time";
import type { QueueView } from "../shared/types";
import { useWords } from "../shared/words";
import { byName } from "./byName";
import { Closing } from "./Closing";
import { MenuButton, type OpenMenu, RowMenu, useRowMenu } from "./RowMenu";
import { below, late, levelOf } from "./totals";

/** Columns with their widths in pixels: those of their headings in either language. */
const COLUMNS = [
  ["waiting", 70],
  ["callbacks", 66],
  ["longest", 76],
  ["estimate", 84],
  ["available", 78],
  ["staffed", 74],
  ["offered", 76],
  ["answered", 84],
  ["abandoned", 98],
  ["service", 108],
  ["asa", 76],
  ["aht", 76],
] as const;

/** Left away on a wall, where names are read from afar. */
const NOT_ON_WALL: ReadonlySet<string> = new Set(["callbacks", "staffed", "aht"]);

const LEAST = { "--least": "1080px" } as CSSProperties;

interface Props {
  floor: Floor;
  now: number;
  level: Level;
  /** Those in trouble first, for a screen nobody scrolls. */
  worstFirst?: boolean;
  /** Whether this person may close and open queues. */
  mayAct?: boolean;
}

export const QueueTable = memo(function QueueTable({ floor, now, level, worstFirst, mayAct }: Props) {
  const { t } = useWords();
  const { anchor, open, close } = useRowMenu();
  const [closing, setClosing] = useState<string | null>(null);
  const trouble = (q: QueueView) =>
    worstFirst ? (late(q, now) ? 4 : 0) + (below(q, level) ? 2 : 0) + (q.waiting ? 1 : 0) : 0;
  const columns = COLUMNS.filter(([name]) => !worstFirst || !NOT_ON_WALL.has(name));
  const queues = Object.values(floor.queues).sort((a, b) => trouble(b) - trouble(a) || byName(a, b));
  if (!queues.length) return <Nothing title={t("board.noqueues")} />;
  const here = anchor ? floor.queues[anchor.id] : undefined;
  const shut = closing ? floor.queues[closing] : undefined;
  const reopen = (queue: string) =>
    api
      .post(`/api/floor/queues/${encodeURIComponent(queue)}/open`)
      .catch((problem) => tellProblem(problem, t));
  return (
    <div className="scroll-x">
      <table className="live" style={LEAST}>
        <thead>
          <tr>
            <th>{t("board.queue")}</th>
            {columns.map(([name, width]) => (
              <th key={name} className="end" style={{ width }} title={t(`board.${name}`)}>
                {t(`board.${name}`)}
              </th>
            ))}
            {mayAct ? <th className="menu" style={{ width: 40 }} aria-label={t("board.act")} /> : null}
          </tr>
        </thead>
        <tbody>
          {queues.map((q) => (
            <QueueRow
              key={q.id}
              queue={q}
              wait_s={q.oldest === null ? null : Math.floor((now - q.oldest) / 1000)}
              late={late(q, now)}
              level={level}
              target={t("board.within", percent(q.target_share), q.target_s)}
              closed={q.closed === null ? "" : t("board.closed")}
              menu={mayAct ? t("board.menu", q.name) : ""}
              onMenu={open}
              brief={Boolean(worstFirst)}
            />
          ))}
        </tbody>
      </table>
      <RowMenu anchor={here ? anchor : null} onClose={close}>
        {here ? <Menu.Label>{here.name}</Menu.Label> : null}
        {here?.closed === null ? (
          <Menu.Item
            color="red"
            leftSection={<IconDoorOff size={16} />}
            onClick={() => setClosing(here.id)}
            data-testid="queue-close"
          >
            {t("board.close")}
          </Menu.Item>
        ) : here ? (
          <Menu.Item
            leftSection={<IconDoor size={16} />}
            onClick={() => void reopen(here.id)}
            data-testid="queue-open"
          >
            {t("board.open")}
          </Menu.Item>
        ) : null}
      </RowMenu>
      {shut ? <Closing key={shut.id} queue={shut} onClose={() => setClosing(null)} /> : null}
    </div>
  );
});

interface RowProps {
  queue: QueueView;
  wait_s: number | null;
  late: boolean;
  level: Level;
  target: string;
  closed: string;
  menu: string;
  onMenu: OpenMenu;
  /** As on a wall. */
  brief: boolean;
}

const QueueRow = memo(function QueueRow(props: RowProps) {
  const { queue, wait_s, late, level, target, closed, menu, onMenu, brief } = props;
  return (
    <tr data-testid={`queue-${queue.id}`} data-closed={closed ? "yes" : "no"}>
      <td className="name strong" title={queue.name}>
        {queue.name}
        {closed ? (
          <span className="under late" title={queue.closed ?? ""}>
            {closed}
          </span>
        ) : null}
      </td>
      <td className={`num end ${queue.waiting ? "strong" : ""}`} data-testid="queue-waiting">
        {queue.waiting}
      </td>
      {brief ? null : (
        <td className="num end" data-testid="queue-callbacks">
          {queue.callbacks}
        </td>
      )}
      <td className={`num end ${late ? "late" : ""}`}>{clockOr(wait_s)}</td>
      <td className="num end" data-testid="queue-estimate">
        {clockOr(queue.estimate_s)}
      </td>
      <td className="num end">{queue.available}</td>
      {brief ? null : <td className="num end">{queue.staffed}</td>}
      <td className="num end">{queue.offered}</td>
      <td className="num end">{queue.answered}</td>
      <td className="num end">{queue.abandoned}</td>
      <td className="end">
        <span className={`num ${below(queue, level) ? "late" : "strong"}`} data-testid="queue-service">
          {percent(levelOf(queue, level))}
        </span>
        <span className="under num">{target}</span>
      </td>
      <td className="num end">{clockOr(queue.asa_s)}</td>
      {brief ? null : <td className="num end">{clockOr(queue.aht_s)}</td>}
      {menu ? (
        <td className="menu">
          <MenuButton id={queue.id} label={menu} onOpen={onMenu} />
        </td>
      ) : null}
    </tr>
  );
});
