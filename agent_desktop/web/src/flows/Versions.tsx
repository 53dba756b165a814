/** The versions of a flow: compare one with what callers get, go back to it, or withdraw it. */

import { Badge, Button, Code, Group, Modal, Stack, Table, Text } from "@mantine/core";
import { useCallback, useState } from "react";
import { api } from "../shared/api";
import { useCommand, useLoad } from "../shared/hooks";
import { tellDone } from "../shared/notice";
import type { Difference, VersionShown as FlowVersionShown } from "../shared/schema";
import { Failed, Loading, Panel } from "../shared/states";
import { moment } from "../shared/time";
import { useWords } from "../shared/words";
import { Ask } from "./Ask";
import type { Whole } from "./FlowPage";
import "./flows.css";
import { withKind } from "./text";

interface Props {
  name: string;
  whole: Whole;
  onDone: () => void;
}

export function Versions({ name, whole, onDone }: Props) {
  const { t, language } = useWords();
  const { run, error, busy, clear } = useCommand();
  const [compared, setCompared] = useState<number | null>(null);
  const [asking, setAsking] = useState<{ version: number; withdraw: boolean } | null>(null);
  const { detail, live } = whole;
  if (!detail) return null;
  const at = `/api/ivr/flows/${name}`;
  const act = async () => {
    if (!asking) return;
    const { version, withdraw } = asking;
    setAsking(null);
    const done = await run(async () => {
      if (withdraw) await api.post(`${at}/withdraw`, { live });
      else {
        await api.post<FlowVersionShown>(`${at}/rollback`, { version, live });
        tellDone(t("flows.published", version));
      }
    });
    if (done) onDone();
  };
  return (
    <Panel testid="flow-versions" label={t("flows.versions")}>
      <Text fw={600} mb={6}>
        {t("flows.versions")}
      </Text>
      {error ? <Failed error={error} onClose={clear} /> : null}
      <Table.ScrollContainer type="native" minWidth={600}>
        <Table verticalSpacing={6}>
          <Table.Tbody>
            {detail.versions.map((one) => (
              <Table.Tr key={one.version} data-testid={`version-${one.version}`}>
                <Table.Td className="num">{t("flows.version", one.version)}</Table.Td>
                <Table.Td>
                  <Badge variant="light" tt="none" color={one.state === "published" ? "green" : "gray"}>
                    {t(`flows.state.${one.state}`)}
                  </Badge>
                </Table.Td>
                <Table.Td className="dim">{one.source === "file" ? one.file : one.note}</Table.Td>
                <Table.Td className="dim">
                  {one.published_by || one.changed_by}{" "}
                  {one.source === "rows"
                    ? moment((one.published_at ?? one.changed_at ?? 0) / 1000, language)
                    : null}
                </Table.Td>
                <Table.Td ta="right">
                  <Group gap={4} justify="flex-end" wrap="nowrap">
                    {detail.version && one.version !== detail.version ? (
                      <Button
                        size="compact-sm"
                        variant="subtle"
                        color="gray"
                        onClick={() => setCompared(one.version)}
                        data-testid="version-compare"
                      >
                        {t("flows.compare")}
                      </Button>
                    ) : null}
                    {one.state === "retired" ? (
                      <Button
                        size="compact-sm"
                        variant="subtle"
                        disabled={busy}
                        onClick={() => setAsking({ version: one.version, withdraw: false })}
                        data-testid="version-rollback"
                      >
                        {t("flows.rollback")}
                      </Button>
                    ) : null}
                    {one.version === live ? (
                      <Button
                        size="compact-sm"
                        variant="subtle"
                        color="red"
                        disabled={busy}
                        onClick={() => setAsking({ version: one.version, withdraw: true })}
                        data-testid="version-withdraw"
                      >
                        {t("flows.withdraw")}
                      </Button>
                    ) : null}
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {compared !== null ? (
        <Compared
          name={name}
          from={Math.min(compared, detail.version)}
          to={Math.max(compared, detail.version)}
          onClose={() => setCompared(null)}
        />
      ) : null}
      {asking ? (
        <Ask
          title={t(asking.withdraw ? "flows.withdraw" : "flows.rollback")}
          help={asking.withdraw ? t("flows.withdraw.help") : t("flows.rollback.help", asking.version)}
          takesAway={asking.withdraw}
          onYes={() => void act()}
          onNo={() => setAsking(null)}
        />
      ) : null}
    </Panel>
  );
}

function Compared(props: { name: string; from: number; to: number; onClose: () => void }) {
  const { t } = useWords();
  const { name, from, to, onClose } = props;
  const { data, error, reload } = useLoad(
    useCallback(
      () => api.get<Difference>(`/api/ivr/flows/${name}/diff?from=${from}&to=${to}`),
      [name, from, to],
    ),
  );
  const named = (nodes: string[]) => nodes.join(t("list.comma")) || "–";
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t("flows.compare.title", from, to)}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="flow-diff"
    >
      {error ? <Failed error={error} retry={reload} /> : null}
      {!data && !error ? <Loading /> : null}
      {data ? (
        <Stack gap="sm">
          <Text size="sm">
            {data.text
              ? t(
                  "flows.compare.nodes",
                  named(data.added),
                  named(data.removed),
                  named(data.changed.map((one) => one.node)),
                )
              : t("flows.compare.same")}
          </Text>
          {data.text ? <Lined text={data.text} /> : null}
        </Stack>
      ) : null}
    </Modal>
  );
}

/** A difference, what came and what went told by colour beside the signs. */
function Lined({ text }: { text: string }) {
  return (
    <Code block>
      {withKind(text).map(({ key, line, kind }) => (
        <span key={key} className={kind ? `flow-${kind}` : undefined}>
          {line}
          {"\n"}
        </span>
      ))}
    </Code>
  );
}
