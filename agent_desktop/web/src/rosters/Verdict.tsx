/** What the judge says of a request, in words. */

import { Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from "@tabler/icons-react";
import { useMemo } from "react";
import { dayWords } from "../shared/format";
import { known } from "../shared/refusal";
import { saidWords } from "../shared/rosterSaid";
import type { RosterRequestVerdict } from "../shared/schema";
import { useWords } from "../shared/words";
import { gathered } from "./gathered";

/** Costs that come up with a request and are told; the others are summed up. */
const DEARER = 6;

interface Props {
  /** Null: no roster of that day is published yet. */
  verdict: RosterRequestVerdict | null;
  people: ReadonlyMap<string, string>;
  shifts?: ReadonlyMap<string, string>;
  /** Of one who only wants to know whether it goes. */
  brief?: boolean;
}

export function Verdict({ verdict, people, shifts, brief }: Props) {
  const { t, language } = useWords();
  const naming = useMemo(() => ({ t, language, people, shifts }), [t, language, people, shifts]);
  const dearer = useMemo(() => gathered(verdict?.dearer ?? []), [verdict]);
  if (!verdict)
    return (
      <p className="verdict" data-testid="verdict" data-allowed="later">
        <IconInfoCircle size={18} aria-hidden />
        <span>{t("roster.verdict.later")}</span>
      </p>
    );
  return (
    <div data-testid="verdict" data-allowed={verdict.allowed}>
      <p className={verdict.allowed ? "verdict good" : "verdict bad"}>
        {verdict.allowed ? (
          <IconCircleCheck size={18} aria-hidden />
        ) : (
          <IconAlertTriangle size={18} aria-hidden />
        )}
        <span>{t(verdict.allowed ? "roster.verdict.good" : "roster.verdict.bad")}</span>
      </p>
      {verdict.broken.length ? (
        <ul className="said">
          {verdict.broken.map((one) => (
            <li key={one.words}>
              {/* What cannot be done at all is told as the server refuses it. */}
              {one.rule === "request" ? (known(one.words, t) ?? one.words) : saidWords(one.words, naming)}
            </li>
          ))}
        </ul>
      ) : null}
      {!brief && dearer.length ? (
        <>
          <Text size="sm" className="dim" mt={6}>
            {t("roster.verdict.dearer")}
          </Text>
          <ul className="said">
            {dearer.slice(0, DEARER).map((one) => (
              <li key={one.key}>
                {one.missing
                  ? t(
                      "roster.verdict.missing",
                      one.missing.name,
                      dayWords(one.missing.day, language),
                      `${one.missing.from}–${one.missing.to}`,
                      one.missing.intervals,
                    )
                  : saidWords(one.words, naming)}
              </li>
            ))}
            {dearer.length > DEARER ? (
              <li className="dim">{t("roster.verdict.more", dearer.length - DEARER)}</li>
            ) : null}
          </ul>
        </>
      ) : null}
      {!brief && verdict.cost !== null ? (
        <Text size="sm" className="dim num" mt={4}>
          {verdict.cost > 0
            ? t("roster.verdict.costs", verdict.cost)
            : verdict.cost < 0
              ? t("roster.verdict.saves", -verdict.cost)
              : t("roster.verdict.same")}
        </Text>
      ) : null}
    </div>
  );
}
