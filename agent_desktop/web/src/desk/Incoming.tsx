/** A call that rings is noticed on every page: sound, window title, a banner, and a note outside the window. */

import { Button, Group, Text, VisuallyHidden } from "@mantine/core";
import { IconPhone } from "@tabler/icons-react";
import { useEffect } from "react";
import { useRinger } from "../session/session";
import { go } from "../shared/path";
import type { Me } from "../shared/schema";
import { useRingingTitle } from "../shared/title";
import { useWords } from "../shared/words";
import { notifyOutside } from "./outside";
import { useDesk, useNews } from "./useDesk";

export function Incoming({ me, atDesk }: { me: Me; atDesk: boolean }) {
  const { t } = useWords();
  const desk = useDesk(me);
  const { ringer, silent } = useRinger();
  useNews(desk.floor.news);
  const { ringing, call, card, offer } = desk;
  const who = card?.customer?.name || call?.customer_name || call?.caller || t("call.anonymous");
  const tier = card?.customer?.tier_name || call?.tier_name;
  const words = [who, tier, offer?.queue_name].filter(Boolean).join(" · ");
  const title = t(offer?.dial ? "call.call_back" : "call.incoming");

  useEffect(() => {
    if (!ringing) return;
    ringer?.start();
    return () => ringer?.stop();
  }, [ringing, ringer]);

  // The name may be read a moment after the ring began; the note is made once a call.
  const ringingCall = ringing ? (call?.id ?? null) : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: one note a call, with the words known then
  useEffect(() => (ringingCall ? notifyOutside(title, words) : undefined), [ringingCall]);

  useRingingTitle(ringing ? `${title} · ${who}` : null);

  return (
    <>
      <VisuallyHidden role="alert">{ringing ? `${title}: ${words}` : ""}</VisuallyHidden>
      {silent && desk.working ? (
        <div className="strip afloat" role="status" data-testid="silent">
          {t("phone.silent")}
        </div>
      ) : null}
      {ringing && !atDesk ? (
        <section className="incoming" aria-label={title} data-testid="incoming">
          <Group justify="center" gap="md">
            <Text fw={700}>{title}</Text>
            <Text>{words}</Text>
            <Button
              size="compact-md"
              variant="white"
              color="dark"
              leftSection={<IconPhone size={16} />}
              disabled={desk.phone.call?.stage !== "ringing"}
              onClick={() => {
                desk.answer();
                go("/desk");
              }}
            >
              {t("phone.answer")}
            </Button>
            <Button size="compact-md" variant="outline" color="white" onClick={() => go("/desk")}>
              {t("call.open_desk")}
            </Button>
          </Group>
        </section>
      ) : null}
    </>
  );
}
