/** Which of the forecasts that were kept is looked at. */

import { Select } from "@mantine/core";
import { periodWords, spanWords } from "../../shared/format";
import type { ForecastShown } from "../../shared/schema";
import { moment } from "../../shared/time";
import { useWords, type Words } from "../../shared/words";

interface Props {
  forecasts: readonly ForecastShown[];
  forecast: ForecastShown;
  onChoose: (id: number) => void;
  width?: number | string;
  size?: "xs" | "sm";
}

/** What a forecast is of: `December 2026`, or its days. */
export function ofWords(one: ForecastShown, t: Words["t"], locale: string): string {
  if (one.period) return periodWords(one.period, locale);
  const span = spanWords(one.first, one.last, locale);
  return one.kind === "intraday" ? t("plan.run.today.of", span) : span;
}

export function ForecastSelect({ forecasts, forecast, onChoose, width = 360, size = "sm" }: Props) {
  const { t, language } = useWords();
  return (
    <Select
      w={width}
      size={size}
      aria-label={t("plan.forecast.which")}
      data={forecasts.map((one) => ({
        value: String(one.id),
        label: [
          ofWords(one, t, language),
          moment(one.at, language),
          one.published ? t("plan.forecast.v", one.published) : "",
        ]
          .filter(Boolean)
          .join(" · "),
      }))}
      value={String(forecast.id)}
      onChange={(next) => next && onChoose(Number(next))}
      allowDeselect={false}
      searchable
      nothingFoundMessage={t("field.nothing")}
      data-testid="forecast-which"
    />
  );
}
