/** From a forecast to people: how many by interval, and what one more or less would mean. */

import { Select, Stack } from "@mantine/core";
import { useCallback, useState } from "react";
import { api } from "../../shared/api";
import { percentWords } from "../../shared/format";
import { useLoad } from "../../shared/hooks";
import { go, useSearch } from "../../shared/path";
import type { ForecastShown, RequirementColumns, RequirementShown, SeriesShown } from "../../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../../shared/states";
import { moment } from "../../shared/time";
import { useWords } from "../../shared/words";
import { ForecastSelect } from "../forecast/ForecastSelect";
import { usePlanning } from "../planning";
import { tabPath } from "../tabs";
import { AskedForm } from "./AskedForm";
import { CostCurve } from "./CostCurve";
import { Required } from "./Required";

export function StaffingTab({ series }: { series: SeriesShown }) {
  const { t } = useWords();
  const { done } = usePlanning();
  const [search, change] = useSearch();
  const { data, error, reload } = useLoad(
    // biome-ignore lint/correctness/useExhaustiveDependencies: one more has been made
    useCallback(
      () => api.get<ForecastShown[]>(`/api/planning/series/${encodeURIComponent(series.id)}/forecasts`),
      [series.id, done.forecast],
    ),
  );
  // A year is planned by month; people are staffed by the interval.
  const fits = data?.filter((one) => one.kind !== "year" && one.interval_min < 1440);
  const asked = Number(search.get("forecast"));
  const forecast = fits?.find((one) => one.id === asked) ?? fits?.[0] ?? null;
  if (error) return <Failed error={error} retry={reload} />;
  if (!fits) return <Loading />;
  if (!forecast)
    return (
      <Panel>
        <Nothing title={t("plan.staff.no_forecast")} help={t("plan.staff.no_forecast.help")} />
        <div style={{ textAlign: "center", paddingBottom: 12 }}>
          <button type="button" className="link" onClick={() => go(tabPath("forecast"))}>
            {t("plan.staff.to_forecast")}
          </button>
        </div>
      </Panel>
    );
  return (
    <Staffed
      key={forecast.id}
      forecast={forecast}
      forecasts={fits}
      onForecast={(id) => change({ forecast: String(id), requirement: "" })}
    />
  );
}

interface StaffedProps {
  forecast: ForecastShown;
  forecasts: readonly ForecastShown[];
  onForecast: (id: number) => void;
}

function Staffed({ forecast, forecasts, onForecast }: StaffedProps) {
  const { t, language } = useWords();
  const { writes } = usePlanning();
  const [search, change] = useSearch();
  const { data, error, reload } = useLoad(
    useCallback(
      () => api.get<RequirementShown[]>(`/api/planning/forecasts/${forecast.id}/requirements`),
      [forecast.id],
    ),
  );
  /** Just worked out: it need not be loaded again. */
  const [made, setMade] = useState<RequirementColumns | null>(null);
  const asked = Number(search.get("requirement"));
  const chosen = data?.find((one) => one.id === asked) ?? data?.[0] ?? null;
  const id = made?.id ?? chosen?.id ?? null;
  const known = made?.id === id ? made : null;
  const columns = useLoad(
    useCallback(
      () =>
        id === null
          ? Promise.resolve(null)
          : known
            ? Promise.resolve(known)
            : api.get<RequirementColumns>(`/api/planning/requirements/${id}`),
      [id, known],
    ),
  );
  const required = columns.data;
  const pending = (!data && !error) || (id !== null && !required && !columns.error);
  const choose = (next: number) => {
    setMade(null);
    change({ requirement: String(next) });
  };
  return (
    <Stack gap="sm">
      <div className="staffing">
        <AskedForm
          forecast={forecast}
          latest={chosen?.asked ?? null}
          onMade={(next) => {
            setMade(next);
            change({ requirement: String(next.id) });
            reload();
          }}
          writes={writes}
          head={
            <ForecastSelect forecasts={forecasts} forecast={forecast} onChoose={onForecast} width="100%" />
          }
        />
        <Stack gap="sm" miw={0}>
          {error ? <Failed error={error} retry={reload} /> : null}
          {columns.error ? <Failed error={columns.error} retry={columns.reload} /> : null}
          {pending ? <Loading /> : null}
          {data && id === null ? (
            <Panel>
              <Nothing title={t("plan.staff.none")} help={t("plan.staff.none.help")} />
            </Panel>
          ) : null}
          {required ? (
            <Required
              forecast={forecast}
              required={required}
              others={
                data && data.length > 1 ? (
                  <Select
                    size="xs"
                    w={250}
                    aria-label={t("plan.staff.which")}
                    data={data.map((one) => ({
                      value: String(one.id),
                      label: `${moment(one.at, language)} ${one.by}${
                        one.asked.target?.service_level
                          ? ` · ${percentWords(one.asked.target.service_level * 100, language)}`
                          : ""
                      }`,
                    }))}
                    value={String(required.id)}
                    onChange={(next) => next && choose(Number(next))}
                    allowDeselect={false}
                    data-testid="requirement-which"
                  />
                ) : null
              }
            />
          ) : null}
        </Stack>
      </div>
      <CostCurve forecast={forecast} required={required} waiting={pending} />
    </Stack>
  );
}
