/** The planner's word against the machine's: written with its reason, seen before it is kept, never forgotten. */

import { Badge, Button, Table, Text, TextInput } from "@mantine/core";
import { useCallback, useState } from "react";
import { api } from "../../shared/api";
import { callsWords, secondsWords, spanWords } from "../../shared/format";
import { useCommand, useLoad } from "../../shared/hooks";
import { tellDone } from "../../shared/notice";
import type { ForecastShown, OverrideShown, PreviewShown } from "../../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../../shared/states";
import { moment } from "../../shared/time";
import { useWords } from "../../shared/words";
import { Ask } from "../Ask";
import { usePlanning } from "../planning";
import { Closer } from "./Closer";
import { OverrideForm } from "./OverrideForm";
import { changeWords, slotsWords } from "./overrides";

interface Props {
  forecast: ForecastShown;
  onChanged: () => void;
  onPreview: (preview: PreviewShown | null) => void;
}

export function Overrides({ forecast, onChanged, onPreview }: Props) {
  const { t, language } = useWords();
  const { writes } = usePlanning();
  const { data, error, reload } = useLoad(
    useCallback(
      () => api.get<OverrideShown[]>(`/api/planning/forecasts/${forecast.id}/overrides`),
      [forecast.id],
    ),
  );
  const [withdrawing, setWithdrawing] = useState<OverrideShown | null>(null);
  const [why, setWhy] = useState("");
  const { run, error: refused, clear } = useCommand();
  const changed = () => {
    reload();
    onChanged();
  };
  const withdraw = async () => {
    const one = withdrawing;
    setWithdrawing(null);
    if (!one) return;
    if (!(await run(() => api.post(`/api/planning/overrides/${one.id}/withdraw`, { reason: why.trim() }))))
      return;
    setWhy("");
    tellDone(t("plan.override.withdrawn.done"));
    changed();
  };
  const value = (one: OverrideShown, of: number | null) =>
    one.measure === "calls" ? callsWords(of, language) : secondsWords(of, language, (n) => t("unit.s.of", n));
  return (
    <div className={writes ? "overrides" : undefined}>
      {writes ? <OverrideForm forecast={forecast} onMade={changed} onPreview={onPreview} /> : null}
      <Panel testid="overrides" label={t("plan.part.overrides")}>
        <Text fw={600} mb="xs">
          {t("plan.override.trail")}
        </Text>
        {error ? <Failed error={error} retry={reload} /> : null}
        {refused ? <Failed error={refused} onClose={clear} /> : null}
        {!data && !error ? <Loading /> : null}
        {data && !data.length ? (
          <Nothing title={t("plan.override.none")} help={t("plan.override.none.help")} />
        ) : null}
        {data?.length ? (
          <Table.ScrollContainer type="native" minWidth={820}>
            <Table verticalSpacing={6} className="trail">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("plan.override.what")}</Table.Th>
                  <Table.Th>{t("plan.override.reason")}</Table.Th>
                  <Table.Th>{t("plan.override.effect")}</Table.Th>
                  <Table.Th>{t("plan.override.closer")}</Table.Th>
                  <Table.Th />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {data.map((one) => (
                  <Table.Tr
                    key={one.id}
                    className={one.withdrawn_at ? "withdrawn" : undefined}
                    data-testid={`override-${one.number}`}
                  >
                    <Table.Td>
                      <b className="num">{changeWords(one, t, language)}</b>
                      <span className="under num">
                        {spanWords(one.first, one.last, language)} {slotsWords(one)}
                        {one.weekly ? ` · ${t("plan.override.weekly")}` : ""}
                      </span>
                    </Table.Td>
                    <Table.Td>
                      {one.reason}
                      <span className="under">
                        {one.by}, {moment(one.at, language)}
                        {one.carried_from ? ` · ${t("plan.override.carried")}` : ""}
                      </span>
                      {one.withdrawn_at ? (
                        <span className="under">
                          {t(
                            "plan.override.withdrawn",
                            one.withdrawn_by,
                            moment(one.withdrawn_at, language),
                            one.withdrawn_why,
                          )}
                        </span>
                      ) : null}
                    </Table.Td>
                    <Table.Td className="num">
                      {one.withdrawn_at ? (
                        "–"
                      ) : (
                        <>
                          {value(one, one.before)} → <b>{value(one, one.after)}</b>
                          {one.actual !== null ? (
                            <span className="under">{t("plan.override.came", value(one, one.actual))}</span>
                          ) : null}
                        </>
                      )}
                    </Table.Td>
                    <Table.Td>
                      {one.withdrawn_at ? (
                        <Badge variant="light" color="gray" tt="none">
                          {t("plan.override.gone")}
                        </Badge>
                      ) : (
                        <Closer closer={one.closer} />
                      )}
                    </Table.Td>
                    <Table.Td ta="right">
                      {writes && !one.withdrawn_at ? (
                        <Button
                          size="compact-xs"
                          variant="default"
                          onClick={() => setWithdrawing(one)}
                          data-testid="override-withdraw"
                        >
                          {t("plan.override.withdraw")}
                        </Button>
                      ) : null}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        ) : null}
      </Panel>
      {withdrawing ? (
        <Ask
          title={t("plan.override.withdraw")}
          help={t("plan.override.withdraw.help", changeWords(withdrawing, t, language))}
          yes={t("plan.override.withdraw")}
          disabled={!why.trim()}
          onYes={() => void withdraw()}
          onNo={() => setWithdrawing(null)}
        >
          <TextInput
            label={t("plan.override.reason")}
            value={why}
            maxLength={128}
            required
            onChange={(event) => setWhy(event.currentTarget.value)}
            data-autofocus
            data-testid="withdraw-reason"
          />
        </Ask>
      ) : null}
    </div>
  );
}
