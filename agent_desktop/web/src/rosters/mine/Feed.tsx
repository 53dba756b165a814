/** The address at which a telephone's calendar finds the roster: made, copied, renewed, taken away. */

import { Button, CopyButton, Group, Text, TextInput } from "@mantine/core";
import { IconCalendarShare, IconCheck, IconCopy } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import { Ask } from "../../planner/Ask";
import { api } from "../../shared/api";
import { useCommand, useLoad } from "../../shared/hooks";
import type { MyFeed } from "../../shared/schema";
import { Failed, Panel } from "../../shared/states";
import { moment } from "../../shared/time";
import { useWords } from "../../shared/words";

const FEED = "/api/rosters/mine/feed";

export function Feed() {
  const { t, language } = useWords();
  const { data, error, reload } = useLoad(useCallback(() => api.get<MyFeed>(FEED), []));
  const { run, error: refused, busy, clear } = useCommand();
  /** Told once, when it is made: the server keeps no address. */
  const [made, setMade] = useState<MyFeed | null>(null);
  const [asking, setAsking] = useState<"renew" | "end" | null>(null);
  const feed = made ?? data;
  const renew = () => run(async () => setMade(await api.post<MyFeed>(FEED)));
  const end = () =>
    run(async () => {
      await api.drop(FEED);
      setMade(null);
      reload();
    });
  const address = made?.path ? location.origin + made.path : "";
  return (
    <Panel testid="feed" label={t("roster.feed")}>
      <Group gap={8} wrap="nowrap" mb={4}>
        <IconCalendarShare size={18} aria-hidden />
        <Text fw={600} size="sm">
          {t("roster.feed")}
        </Text>
      </Group>
      {error ? <Failed error={error} retry={reload} /> : null}
      {refused ? <Failed error={refused} onClose={clear} /> : null}
      <Text size="sm" className="dim">
        {address
          ? t("roster.feed.once")
          : feed?.made_at
            ? t("roster.feed.there", moment(feed.made_at, language))
            : t("roster.feed.help")}
      </Text>
      {address ? (
        <Group gap={6} mt={8} wrap="nowrap">
          <TextInput
            style={{ flex: 1 }}
            size="xs"
            readOnly
            value={address}
            aria-label={t("roster.feed.address")}
            onFocus={(event) => event.currentTarget.select()}
            data-testid="feed-address"
          />
          <CopyButton value={address}>
            {({ copied, copy }) => (
              <Button
                size="xs"
                onClick={copy}
                leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
                data-testid="feed-copy"
              >
                {t(copied ? "roster.feed.copied" : "roster.feed.copy")}
              </Button>
            )}
          </CopyButton>
        </Group>
      ) : null}
      {feed ? (
        <Group gap={6} mt={8}>
          {feed.made_at ? (
            <>
              <Button
                size="compact-sm"
                variant="default"
                loading={busy}
                onClick={() => setAsking("renew")}
                data-testid="feed-renew"
              >
                {t("roster.feed.renew")}
              </Button>
              <Button
                size="compact-sm"
                variant="subtle"
                color="gray"
                onClick={() => setAsking("end")}
                data-testid="feed-end"
              >
                {t("roster.feed.end")}
              </Button>
            </>
          ) : (
            <Button
              size="compact-sm"
              variant="light"
              loading={busy}
              onClick={() => void renew()}
              data-testid="feed-make"
            >
              {t("roster.feed.make")}
            </Button>
          )}
        </Group>
      ) : null}
      {asking ? (
        <Ask
          title={t(`roster.feed.${asking}`)}
          help={t(`roster.feed.${asking}.help`)}
          yes={t(`roster.feed.${asking}`)}
          danger={asking === "end"}
          onNo={() => setAsking(null)}
          onYes={() => {
            setAsking(null);
            void (asking === "renew" ? renew() : end());
          }}
        />
      ) : null}
    </Panel>
  );
}
