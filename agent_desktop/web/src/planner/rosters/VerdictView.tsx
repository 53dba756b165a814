/** The judge's whole verdict: what no roster may do, what it costs by rule and person, and how even it is. */

import { Group, Table, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { figure } from "../../shared/format";
import type { RosterFinding, RosterVerdict } from "../../shared/schema";
import { Panel } from "../../shared/states";
import { useWords } from "../../shared/words";
import type { Rostered } from "./edits";
import { COUNTED, type Counted, sharesOf, spread } from "./fairness";
import type { Plan } from "./problem";
import { FindingList, ruleWords } from "./Said";

interface Props {
  plan: Plan;
  roster: Rostered;
  verdict: RosterVerdict;
  onPick: (finding: RosterFinding) => void;
}

export function VerdictView({ plan, roster, verdict, onPick }: Props) {
  const { t, language } = useWords();
  const [rule, setRule] = useState<string | null>(null);
  const rules = Object.entries(verdict.costs_by_rule).sort((a, b) => b[1] - a[1]);
  const most = Math.max(1, ...rules.map(([, cost]) => cost));
  const broken = useMemo(() => {
    const of = new Map<string, RosterFinding[]>();
    for (const one of verdict.violations) of.set(one.rule, [...(of.get(one.rule) ?? []), one]);
    return [...of.entries()].sort((a, b) => b[1].length - a[1].length);
  }, [verdict]);
  const soft = rule === null ? verdict.findings : verdict.findings.filter((one) => one.rule === rule);
  return (
    <div className="verdict-grid">
      <Panel label={t("sched.violations")} testid="violations">
        <Text fw={600} size="sm">
          {t("sched.violations")}{" "}
          <span className="num" style={{ color: broken.length ? "var(--cf-bad)" : undefined }}>
            {verdict.violations.length}
          </span>
        </Text>
        {broken.length ? (
          <div className="verdict-list">
            {broken.map(([family, findings]) => (
              <section key={family} aria-label={ruleWords(family, t)}>
                <Text size="sm" fw={600} mt={6}>
                  {ruleWords(family, t)} <span className="dim num">{findings.length}</span>
                </Text>
                <FindingList plan={plan} findings={findings} most={40} onPick={onPick} />
              </section>
            ))}
          </div>
        ) : (
          <Group gap={6} mt={6}>
            <IconCircleCheck size={18} color="var(--mantine-color-teal-6)" aria-hidden />
            <Text size="sm">{t("sched.violations.none")}</Text>
          </Group>
        )}
      </Panel>
      <Panel label={t("sched.costs")} testid="costs">
        <Text fw={600} size="sm" mb={4}>
          {t("sched.costs")} <span className="num">{figure(verdict.cost, language)}</span>
        </Text>
        <div className="rule-bars" role="listbox" aria-label={t("sched.costs")}>
          {rules.map(([family, cost]) => (
            <button
              type="button"
              role="option"
              key={family}
              className="option rule-bar"
              aria-selected={rule === family}
              onClick={() => setRule(rule === family ? null : family)}
            >
              <span>{ruleWords(family, t)}</span>
              <span className="share-bar" aria-hidden>
                <span style={{ width: `${(cost / most) * 100}%` }} />
              </span>
              <span className="num">{figure(cost, language)}</span>
            </button>
          ))}
        </div>
        {rules.length ? null : (
          <Text size="sm" className="dim">
            {t("sched.costs.none")}
          </Text>
        )}
        {soft.length ? (
          <div className="verdict-list">
            <FindingList plan={plan} findings={soft} most={30} onPick={onPick} />
          </div>
        ) : rule && verdict.costs_by_rule[rule] ? (
          <Text size="sm" className="dim">
            {t("sched.costs.small")}
          </Text>
        ) : null}
      </Panel>
      <Fairness plan={plan} roster={roster} costs={verdict.costs_by_person} />
    </div>
  );
}

function Fairness({ plan, roster, costs }: { plan: Plan; roster: Rostered; costs: Record<string, number> }) {
  const { t, language } = useWords();
  const [by, setBy] = useState<Counted | "cost">("hours");
  const shares = useMemo(() => sharesOf(plan, roster.values()), [plan, roster]);
  const spreads = useMemo(() => new Map(COUNTED.map((of) => [of, spread(shares, of)] as const)), [shares]);
  // What nobody has, or can have, is no column.
  const columns = COUNTED.filter((of) => (spreads.get(of)?.most ?? 0) > 0 || of === "hours");
  const most = Math.max(1, ...shares.map((one) => costs[one.person] ?? 0));
  const rows = [...shares].sort((a, b) =>
    by === "cost"
      ? (costs[b.person] ?? 0) - (costs[a.person] ?? 0)
      : b.counts[by] - a.counts[by] || a.person.localeCompare(b.person),
  );
  return (
    <Panel label={t("sched.fairness")} className="fairness" testid="fairness">
      <Text fw={600} size="sm">
        {t("sched.fairness")}
      </Text>
      <div className="fairness-rows">
        <Table verticalSpacing={2} className="board-table" stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("sched.person")}</Table.Th>
              {[...columns, "cost" as const].map((of) => {
                const range = of === "cost" ? null : spreads.get(of);
                return (
                  <Table.Th key={of} aria-sort={by === of ? "descending" : undefined}>
                    <button type="button" className="link" onClick={() => setBy(of)}>
                      {t(`sched.fair.${of}`)}
                      {by === of ? " ↓" : ""}
                    </button>
                    {range ? (
                      <span className="under num">
                        {figure(range.least, language)}–{figure(range.most, language)}
                      </span>
                    ) : (
                      <span className="under">&nbsp;</span>
                    )}
                  </Table.Th>
                );
              })}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((one) => (
              <Table.Tr key={one.person}>
                <Table.Td>{plan.name(one.person)}</Table.Td>
                {columns.map((of) => {
                  const top = Math.max(1, spreads.get(of)?.most ?? 1);
                  const value = one.counts[of];
                  return (
                    <Table.Td key={of}>
                      <span className="fair">
                        <span className="num">
                          {figure(value, language, of === "hours" ? 1 : 0)}
                          {of === "wishes" ? `/${one.wishes}` : ""}
                        </span>
                        <span className="share-bar" aria-hidden>
                          <span
                            style={{
                              width: `${((of === "wishes" ? (one.wishes ? value / one.wishes : 0) : value / top) * 100).toFixed(0)}%`,
                            }}
                          />
                        </span>
                      </span>
                    </Table.Td>
                  );
                })}
                <Table.Td>
                  <span className="fair">
                    <span className="num">{figure(costs[one.person] ?? 0, language)}</span>
                    <span className="share-bar warm" aria-hidden>
                      <span style={{ width: `${((costs[one.person] ?? 0) / most) * 100}%` }} />
                    </span>
                  </span>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </Panel>
  );
}
