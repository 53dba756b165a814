/** What the judge says, in words of the page. */

import { Group, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useMemo } from "react";
import { dayWords, figure } from "../../shared/format";
import { type Naming, saidWords } from "../../shared/rosterSaid";
import type { RosterDifference, RosterFinding } from "../../shared/schema";
import { useWords, type Words } from "../../shared/words";
import { linesOf } from "./lines";
import type { Plan } from "./problem";

const RULES = [
  "assignment",
  "breaks",
  "activity",
  "duty",
  "eligible",
  "leave",
  "away",
  "fixed",
  "overlap",
  "contract",
  "wish",
  "cover",
  "demand",
  "rest",
  "succession",
  "consecutive_days",
  "consecutive_days_off",
  "weekends",
  "shift_count",
  "rest_days",
  "weekly_rest",
  "hours_in_window",
  "average_hours",
  "daily_overtime",
  "monthly_overtime",
  "average_shift",
  "break_due",
  "together",
  "reserve",
  "fairness",
] as const;

/** A family of rules in words; one the page does not know stays as it is. */
export function ruleWords(rule: string, t: Words["t"]): string {
  const known = RULES.find((one) => one === rule);
  return known ? t(`sched.rule.${known}`) : rule;
}

export function useNaming(plan: Plan): Naming {
  const { t, language } = useWords();
  return useMemo(() => ({ t, language, people: plan.names, shifts: plan.shiftNames }), [t, language, plan]);
}

/** Costs as they come and go: `+40`, `−12`. */
export function signed(cost: number, language: string): string {
  return new Intl.NumberFormat(language, { signDisplay: "exceptZero" }).format(cost);
}

/** Findings as a list, those of one demand's day as one line. */
export function FindingList({
  plan,
  findings,
  most = 8,
  onPick,
}: {
  plan: Plan;
  findings: readonly RosterFinding[];
  most?: number;
  onPick?: (finding: RosterFinding) => void;
}) {
  const { t, language } = useWords();
  const naming = useNaming(plan);
  const minutes = plan.file.interval_minutes ?? 15;
  const lines = useMemo(() => linesOf(findings, minutes), [findings, minutes]);
  return (
    <ul className="said">
      {lines.slice(0, most).map((one) => {
        const { finding, stretch } = one;
        const words = stretch
          ? t(
              finding.amount < 0 ? "sched.line.short" : "sched.line.beyond",
              finding.name,
              dayWords(finding.day ?? "", language),
              `${stretch.from}–${stretch.to}`,
              stretch.people,
            )
          : saidWords(finding.words, naming);
        return (
          <li key={one.key}>
            {onPick ? (
              <button type="button" className="link plain" onClick={() => onPick(finding)}>
                {words}
              </button>
            ) : (
              words
            )}{" "}
            {one.cost ? <span className="dim num">{figure(one.cost, language)}</span> : null}
          </li>
        );
      })}
      {lines.length > most ? <li className="dim">{t("roster.verdict.more", lines.length - most)}</li> : null}
    </ul>
  );
}

/** What a change does: legal or not, what it costs, what it breaks and mends. */
export function Difference({
  plan,
  difference,
  brief = false,
}: {
  plan: Plan;
  difference: RosterDifference;
  brief?: boolean;
}) {
  const { t, language } = useWords();
  const naming = useNaming(plan);
  const bad = difference.broken.length > 0;
  return (
    <div data-testid="difference" data-broken={difference.broken.length}>
      <Group gap={8} wrap="nowrap" align="flex-start">
        {bad ? (
          <IconAlertTriangle size={18} color="var(--cf-bad)" aria-hidden style={{ flex: "none" }} />
        ) : (
          <IconCircleCheck
            size={18}
            color="var(--mantine-color-teal-6)"
            aria-hidden
            style={{ flex: "none" }}
          />
        )}
        <Text size="sm">
          {bad ? (
            <b>{t("sched.breaks", difference.broken.length)}</b>
          ) : difference.mended.length ? (
            t("sched.mends", difference.mended.length)
          ) : (
            t("sched.breaks.none")
          )}{" "}
          <span className="num">
            {difference.cost === 0
              ? t("sched.cost.same")
              : difference.cost > 0
                ? t("sched.cost.more", signed(difference.cost, language))
                : t("sched.cost.less", signed(difference.cost, language))}
          </span>
        </Text>
      </Group>
      {bad ? (
        <ul className="said bad">
          {difference.broken.slice(0, brief ? 2 : 12).map((one) => (
            <li key={`${one.words} ${one.person}`}>{saidWords(one.words, naming)}</li>
          ))}
        </ul>
      ) : null}
      {!brief && difference.dearer.length ? (
        <>
          <Text size="sm" className="dim" mt={6}>
            {t("sched.dearer")}
          </Text>
          <FindingList plan={plan} findings={difference.dearer} most={6} />
        </>
      ) : null}
      {!brief && difference.cheaper.length ? (
        <>
          <Text size="sm" className="dim" mt={6}>
            {t("sched.cheaper")}
          </Text>
          <FindingList plan={plan} findings={difference.cheaper} most={4} />
        </>
      ) : null}
    </div>
  );
}
