/** Figures of days gone by: queues, agents, and the numbers people dialled; each as a file for a spreadsheet. */

import { Button, Group, Stack, Tabs, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { go, usePath } from "../shared/path";
import { type Span, SpanPicker, useSpan } from "../shared/SpanPicker";
import { useTitle } from "../shared/title";
import { useWords } from "../shared/words";
import { AgentsReport } from "./AgentsReport";
import { QueuesReport } from "./QueuesReport";
import { SourcesReport } from "./SourcesReport";

const KINDS = ["queues", "agents", "sources"] as const;
type Kind = (typeof KINDS)[number];

export function ReportsPage() {
  const { t } = useWords();
  const span = useSpan("today");
  const at = usePath().split("/")[2];
  const kind: Kind = KINDS.find((one) => one === at) ?? "queues";
  useTitle(t("reports.title"));
  return (
    <Stack gap="md" data-testid="reports">
      <Group justify="space-between">
        <Title order={1} size="h3">
          {t("reports.title")}
        </Title>
        <SpanPicker span={span} />
      </Group>
      <Tabs
        value={kind}
        onChange={(next) => go(`/reports/${next}${location.search}`)}
        keepMounted={false}
        activateTabWithKeyboard={false}
      >
        <Tabs.List mb="md">
          {KINDS.map((one) => (
            <Tabs.Tab key={one} value={one} data-testid={`report-${one}`}>
              {t(`reports.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="queues">
          <QueuesReport span={span} />
        </Tabs.Panel>
        <Tabs.Panel value="agents">
          <AgentsReport span={span} />
        </Tabs.Panel>
        <Tabs.Panel value="sources">
          <SourcesReport span={span} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

export interface ReportProps {
  span: Span;
}

/** A heading with the table's file beside it. */
export function Head({ title, href, children }: { title: string; href: string; children?: ReactNode }) {
  return (
    <Group justify="space-between" mb="xs">
      <Group gap="md">
        <Title order={2} size="h5">
          {title}
        </Title>
        {children}
      </Group>
      <Button
        component="a"
        href={href}
        download
        size="compact-sm"
        variant="subtle"
        color="gray"
        leftSection={<IconDownload size={15} />}
        aria-label={`CSV: ${title}`}
        data-testid="csv"
      >
        CSV
      </Button>
    </Group>
  );
}
