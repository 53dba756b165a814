/** What has to be kept, how patient callers are, who is away, how many are there whatever comes. */

import { ActionIcon, Button, Group, NumberInput, Select, Stack, Text, TextInput } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconPlus, IconX } from "@tabler/icons-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { api, Problem } from "../../shared/api";
import { percentWords } from "../../shared/format";
import { useCommand } from "../../shared/hooks";
import type { ForecastShown, RequirementBody, RequirementColumns } from "../../shared/schema";
import { Failed, Panel } from "../../shared/states";
import { useWords, type Word } from "../../shared/words";
import { faultsIn } from "../faults";
import { type Asked, askedOf, bodyOf, DEFINITIONS, readAsked, shrinkageOf, type Typed, USUAL } from "./asked";

interface Props {
  forecast: ForecastShown;
  /** What was asked of this forecast last. */
  latest: RequirementBody | null;
  onMade: (made: RequirementColumns) => void;
  writes: boolean;
  head: ReactNode;
}

const FIELDS = [
  "target.service_level",
  "target.within_s",
  "target.asa_s",
  "target.abandonment",
  "target.occupancy",
  "target",
  "patience_s",
  "aht_s",
  "minimum",
  "open_minimum",
  "shrinkage",
];

export function AskedForm({ forecast, latest, onMade, writes, head }: Props) {
  const { t, language } = useWords();
  const [kept, keep] = useLocalStorage<Asked>({
    key: "callfloor.planning.staffing",
    defaultValue: USUAL,
    getInitialValueInEffect: false,
    deserialize: readAsked,
  });
  /** What is being typed; until then what was asked last here, else on this machine. */
  const [typed, setTyped] = useState<Asked | null>(null);
  const asked = typed ?? (latest ? askedOf(latest) : kept);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const { run, error, busy, clear } = useCommand();
  const body = bodyOf(asked);
  const change = (part: Partial<Asked>) => {
    const next = { ...asked, ...part };
    setTyped(next);
    // A reload finds it again.
    keep(next);
    setFaults({});
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!body) return;
    setFaults({});
    await run(async () => {
      try {
        onMade(
          await api.post<RequirementColumns>(`/api/planning/forecasts/${forecast.id}/requirements`, body),
        );
        setTyped(null);
      } catch (problem) {
        const found = problem instanceof Problem ? faultsIn(problem, FIELDS, t) : {};
        if (!Object.keys(found).length) throw problem;
        setFaults(found);
      }
    });
  };
  const number = (
    name: Exclude<keyof Asked, "shrinkage">,
    word: Word,
    unit: string,
    more: { max?: number; fault?: string; placeholder?: string } = {},
  ) => (
    <NumberInput
      size="xs"
      label={t(word)}
      suffix={unit ? ` ${unit}` : undefined}
      min={0}
      max={more.max}
      clampBehavior="strict"
      hideControls
      placeholder={more.placeholder ?? "–"}
      value={asked[name]}
      onChange={(next) => change({ [name]: next === "" ? "" : Number(next) })}
      error={faults[more.fault ?? name]}
      disabled={!writes}
      data-testid={`asked-${name}`}
    />
  );
  const row = (n: number, part: Partial<Asked["shrinkage"][number]>) =>
    change({ shrinkage: asked.shrinkage.map((one, m) => (m === n ? { ...one, ...part } : one)) });
  return (
    <Panel testid="asked" label={t("plan.staff.asked")}>
      <form onSubmit={submit} noValidate>
        <Stack gap="xs">
          {head}
          <Text fw={600} size="sm" mt={4}>
            {t("plan.staff.target")}
          </Text>
          <Group grow gap="xs" align="flex-start">
            {number("service_level", "board.service", "%", { max: 99.9, fault: "target.service_level" })}
            {number("within_s", "plan.staff.within", t("unit.s"), { fault: "target.within_s" })}
          </Group>
          <Select
            size="xs"
            label={t("level.title")}
            data={DEFINITIONS.map((one) => ({
              value: one,
              label: t(one === "virtual" ? "plan.staff.virtual" : `level.${one}`),
            }))}
            value={asked.definition}
            onChange={(next) => change({ definition: (next ?? USUAL.definition) as Asked["definition"] })}
            allowDeselect={false}
            disabled={!writes}
            data-testid="asked-definition"
          />
          <Group grow gap="xs" align="flex-start">
            {number("asa_s", "plan.staff.asa", t("unit.s"), { fault: "target.asa_s" })}
            {number("abandonment", "plan.staff.abandonment", "%", { max: 99.9, fault: "target.abandonment" })}
            {number("occupancy", "plan.staff.occupancy", "%", { max: 100, fault: "target.occupancy" })}
          </Group>
          {faults.target || !body ? (
            <Text size="xs" c="var(--cf-bad)" role="alert">
              {faults.target || t("plan.staff.target.missing")}
            </Text>
          ) : null}
          <Text fw={600} size="sm" mt={4}>
            {t("plan.staff.callers")}
          </Text>
          <Group grow gap="xs" align="flex-start">
            {number("patience_s", "plan.staff.patience", t("unit.s"), {
              placeholder: t("plan.staff.endless"),
            })}
            {number("aht_s", "plan.staff.aht", t("unit.s"), { placeholder: t("plan.staff.forecast_aht") })}
          </Group>
          <Group justify="space-between" mt={4}>
            <Text fw={600} size="sm">
              {t("plan.staff.shrinkage")}{" "}
              <span className="dim num">{percentWords(shrinkageOf(asked), language)}</span>
            </Text>
            {writes ? (
              <Button
                size="compact-xs"
                variant="subtle"
                leftSection={<IconPlus size={13} />}
                onClick={() =>
                  change({ shrinkage: [...asked.shrinkage, { reason: "", percent: "", of: "paid" }] })
                }
                data-testid="shrinkage-add"
              >
                {t("plan.staff.shrinkage.add")}
              </Button>
            ) : null}
          </Group>
          {asked.shrinkage.map((one, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name while they are typed
            <Group key={n} gap="xs" wrap="nowrap">
              <TextInput
                size="xs"
                flex={1}
                aria-label={t("plan.staff.shrinkage.reason")}
                placeholder={t("plan.staff.shrinkage.reason")}
                maxLength={128}
                value={one.reason}
                onChange={(event) => row(n, { reason: event.currentTarget.value })}
                disabled={!writes}
                data-testid={`shrinkage-reason-${n}`}
              />
              <NumberInput
                size="xs"
                w={72}
                aria-label={`${t("plan.staff.shrinkage")} ${one.reason}`}
                suffix=" %"
                min={0}
                max={99.9}
                clampBehavior="strict"
                hideControls
                value={one.percent}
                onChange={(next) => row(n, { percent: (next === "" ? "" : Number(next)) as Typed })}
                disabled={!writes}
                data-testid={`shrinkage-percent-${n}`}
              />
              <Select
                size="xs"
                w={108}
                aria-label={t("plan.staff.shrinkage.of", one.reason)}
                data={[
                  { value: "paid", label: t("plan.staff.of.paid") },
                  { value: "present", label: t("plan.staff.of.present") },
                ]}
                value={one.of}
                onChange={(next) => row(n, { of: next === "present" ? "present" : "paid" })}
                allowDeselect={false}
                disabled={!writes}
              />
              {writes ? (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={t("plan.staff.shrinkage.remove", one.reason)}
                  onClick={() => change({ shrinkage: asked.shrinkage.filter((_, m) => m !== n) })}
                >
                  <IconX size={15} />
                </ActionIcon>
              ) : null}
            </Group>
          ))}
          {faults.shrinkage ? (
            <Text size="xs" c="var(--cf-bad)" role="alert">
              {faults.shrinkage}
            </Text>
          ) : null}
          <Text fw={600} size="sm" mt={4}>
            {t("plan.staff.least")}
          </Text>
          <Group grow gap="xs" align="flex-start">
            {number("open_minimum", "plan.staff.open_minimum", "")}
            {number("minimum", "plan.staff.minimum", "")}
          </Group>
          {faults[""] ? <Failed error={faults[""]} /> : null}
          {error ? <Failed error={error} onClose={clear} /> : null}
          {writes ? (
            <Button type="submit" mt={4} loading={busy} disabled={!body} data-testid="require">
              {t("plan.staff.go")}
            </Button>
          ) : null}
        </Stack>
      </form>
    </Panel>
  );
}
