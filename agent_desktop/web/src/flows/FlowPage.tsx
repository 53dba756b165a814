/** One flow: its draft with what is wrong in which line, its versions, who did what. */

import { Anchor, Group, Stack, Title } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useCallback } from "react";
import { api, Problem } from "../shared/api";
import { useLoad } from "../shared/hooks";
import { go } from "../shared/path";
import type { Deed, DraftText, FlowDetail, VersionText } from "../shared/schema";
import { Failed, Loading } from "../shared/states";
import { useWords } from "../shared/words";
import { Editor } from "./Editor";
import { History } from "./History";
import { blank } from "./text";
import { Versions } from "./Versions";

export interface Whole {
  detail: FlowDetail | null;
  draft: DraftText | null;
  /** What editing begins with, where there is no draft. */
  start: VersionText | null;
  deeds: Deed[];
  /** The version that is live and was published here; null if callers get a file, or nothing. */
  live: number | null;
  /** Of a flow without any text: where its callers go when it fails. */
  queue: string;
}

const nothing: Whole = { detail: null, draft: null, start: null, deeds: [], live: null, queue: "" };

async function load(name: string): Promise<Whole> {
  const whole = await there(name);
  if (whole.draft || whole.start) return whole;
  const queues = await api.get<{ id: string }[]>("/api/admin/queues");
  return { ...whole, queue: queues[0]?.id ?? "default" };
}

async function there(name: string): Promise<Whole> {
  const at = `/api/ivr/flows/${name}`;
  let detail: FlowDetail;
  try {
    detail = await api.get<FlowDetail>(at);
  } catch (problem) {
    if (problem instanceof Problem && problem.status === 404) return nothing;
    throw problem;
  }
  const first = detail.version || detail.versions[0]?.version;
  const [draft, start, deeds] = await Promise.all([
    detail.draft ? api.get<DraftText>(`${at}/draft`) : null,
    first && !detail.draft ? api.get<VersionText>(`${at}/versions/${first}`) : null,
    api.get<Deed[]>(`${at}/history`),
  ]);
  const live = detail.source === "rows" ? detail.version : null;
  return { detail, draft, start, deeds, live, queue: "" };
}

export function FlowPage({ name }: { name: string }) {
  const { data, error, reload } = useLoad(useCallback(() => load(name), [name]));
  return (
    <Stack gap="md" data-testid="flow-page">
      <Head name={name} title={data?.detail?.title ?? ""} />
      {error ? <Failed error={error} retry={reload} /> : null}
      {!data && !error ? <Loading /> : null}
      {data ? (
        <>
          <Editor
            key={data.draft?.tag ?? `from ${data.start?.version ?? 0}`}
            name={name}
            whole={data}
            begin={data.draft?.text ?? data.start?.text ?? blank(name, data.queue)}
            onDone={reload}
          />
          {data.detail ? <Versions name={name} whole={data} onDone={reload} /> : null}
          {data.deeds.length ? <History deeds={data.deeds} /> : null}
        </>
      ) : null}
    </Stack>
  );
}

function Head({ name, title }: { name: string; title: string }) {
  const { t } = useWords();
  return (
    <Group gap="md">
      <Anchor
        href="/admin/flows"
        size="sm"
        onClick={(event) => {
          event.preventDefault();
          go("/admin/flows");
        }}
      >
        <IconArrowLeft size={14} style={{ verticalAlign: "-2px" }} aria-hidden /> {t("flows.back")}
      </Anchor>
      <Title order={2} size="h4">
        {name} <span className="dim">{title === name ? "" : title}</span>
      </Title>
    </Group>
  );
}
