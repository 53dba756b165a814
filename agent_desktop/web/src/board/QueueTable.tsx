import { type CSSProperties, memo } from "react";
import type { Floor } from "../shared/floor";
import { Nothing } from "../shared/states";
import { clockOr, percent } from "../shared/time";
import type { QueueView } from "../shared/types";
import { useWords } from "../shared/words";
import { byName } from "./byName";
import { below, late } from "./totals";

const COLUMNS = [
  "waiting",
  "longest",
  "available",
  "staffed",
  "offered",
  "answered",
  "abandoned",
  "service",
  "target",
  "asa",
] as const;

const LEAST = { "--least": "1000px" } as CSSProperties;

interface Props {
  floor: Floor;
  now: number;
  /** Those in trouble first, for a screen nobody scrolls. */
  worstFirst?: boolean;
}

export const QueueTable = memo(function QueueTable({ floor, now, worstFirst = false }: Props) {
  const { t } = useWords();
  const trouble = (q: QueueView) =>
    worstFirst ? (late(q, now) ? 4 : 0) + (below(q) ? 2 : 0) + (q.waiting ? 1 : 0) : 0;
  const queues = Object.values(floor.queues).sort((a, b) => trouble(b) - trouble(a) || byName(a, b));
  if (!queues.length) return <Nothing title={t("board.noqueues")} />;
  return (
    <div className="scroll-x">
      <table className="live" style={LEAST}>
        <thead>
          <tr>
            <th>{t("board.queue")}</th>
            {COLUMNS.map((name) => (
              <th key={name} className="end" style={{ width: "7.7%" }} title={t(`board.${name}`)}>
                {t(`board.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {queues.map((q) => (
            <QueueRow
              key={q.id}
              queue={q}
              wait_s={q.oldest === null ? null : Math.floor((now - q.oldest) / 1000)}
              late={late(q, now)}
              target={t("board.within", percent(q.target_share), q.target_s)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
});

interface RowProps {
  queue: QueueView;
  wait_s: number | null;
  late: boolean;
  target: string;
}

const QueueRow = memo(function QueueRow({ queue, wait_s, late, target }: RowProps) {
  return (
    <tr data-testid={`queue-${queue.id}`}>
      <td className="name strong" title={queue.name}>
        {queue.name}
      </td>
      <td className={`num end ${queue.waiting ? "strong" : ""}`} data-testid="queue-waiting">
        {queue.waiting}
      </td>
      <td className={`num end ${late ? "late" : ""}`}>{clockOr(wait_s)}</td>
      <td className="num end">{queue.available}</td>
      <td className="num end">{queue.staffed}</td>
      <td className="num end">{queue.offered}</td>
      <td className="num end">{queue.answered}</td>
      <td className="num end">{queue.abandoned}</td>
      <td className={`num end ${below(queue) ? "late" : "strong"}`} data-testid="queue-service">
        {percent(queue.service_level)}
      </td>
      <td className="num end dim">{target}</td>
      <td className="num end">{clockOr(queue.asa_s)}</td>
    </tr>
  );
});
