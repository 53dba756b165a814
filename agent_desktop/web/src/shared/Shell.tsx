/** The frame round every signed-in page: where to go, who I am, the reconnecting strip, the shortcut list. */

import { ActionIcon, Box, Group, Menu, Text, Tooltip, VisuallyHidden } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { IconKeyboard, IconLogout, IconUser } from "@tabler/icons-react";
import type { MouseEvent, ReactNode } from "react";
import { useWaiting } from "../rosters/waiting";
import { useLive, usePhone, useSession } from "../session/session";
import { Keys } from "./Keys";
import { LanguageButton, SchemeButton } from "./look";
import { tellProblem } from "./notice";
import { go } from "./path";
import type { Me } from "./schema";
import { useWords, type Word } from "./words";

function pagesOf(me: Me): [string, Word][] {
  const pages: [string, Word][] = [];
  if (me.agent) pages.push(["/desk", "nav.desk"], ["/roster", "nav.roster"]);
  if (me.role !== "agent") pages.push(["/board", "nav.board"], ["/missed", "nav.missed"]);
  pages.push(["/history", "nav.history"]);
  if (me.role !== "agent") {
    pages.push(["/reports", "nav.reports"], ["/planning", "nav.planning"]);
    pages.push(["/requests", "nav.requests"], ["/adherence", "nav.adherence"]);
  }
  if (me.role === "admin") pages.push(["/admin", "nav.admin"]);
  return pages;
}

/** How many wait there for whoever is signed in. */
function Waiting({ badge }: { badge: [number, Word] | undefined }) {
  const { t } = useWords();
  if (!badge?.[0]) return null;
  return (
    <span className="nav-badge num" title={t(badge[1], badge[0])} data-testid="nav-badge">
      <span aria-hidden>{badge[0]}</span>
      <VisuallyHidden>{t(badge[1], badge[0])}</VisuallyHidden>
    </span>
  );
}

interface Props {
  me: Me;
  at: string;
  /** Stands between the navigation and the page, on every page. */
  notice?: ReactNode;
  children: ReactNode;
}

export function Shell({ me, at, notice, children }: Props) {
  const { t } = useWords();
  const { signOut } = useSession();
  const { state: phone } = usePhone();
  const { link } = useLive();
  const [help, { open, close }] = useDisclosure(false);
  useHotkeys([["shift+?", open]]);
  const waiting = useWaiting(me);
  const pages = pagesOf(me);
  const badges: Record<string, [number, Word]> = {
    "/roster": [waiting.agree, "roster.waiting.agree"],
    "/requests": [waiting.decide, "roster.waiting.decide"],
  };
  const follow = (path: string) => (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(path);
  };
  return (
    <Box mih="100vh">
      <Box
        component="header"
        hidden={at === "/board/wall"}
        className="panel"
        style={{ borderWidth: "0 0 1px", borderRadius: 0 }}
        px="md"
        py={8}
      >
        <Group justify="space-between" wrap="nowrap" className="top-bar">
          <Group gap={4} wrap="nowrap" component="nav" className="nav-bar" aria-label={t("nav.main")}>
            <Text fw={700} mr="sm">
              {t("app.name")}
            </Text>
            {pages.map(([path, word]) => (
              <a
                key={path}
                href={path}
                className="nav"
                aria-current={at.startsWith(path) ? "page" : undefined}
                onClick={follow(path)}
                data-testid={`nav${path.replace("/", "-")}`}
              >
                {t(word)}
                <Waiting badge={badges[path]} />
              </a>
            ))}
            <a href="/test-call" target="_blank" rel="noopener" className="nav" data-testid="nav-test-call">
              {t("nav.testcall")}
            </a>
          </Group>
          <Group gap={4} wrap="nowrap">
            <LanguageButton />
            <Tooltip label={`${t("nav.shortcuts")} (?)`}>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t("nav.shortcuts")}
                onClick={open}
                data-testid="shortcuts"
              >
                <IconKeyboard size={18} />
              </ActionIcon>
            </Tooltip>
            <SchemeButton />
            <Menu position="bottom-end">
              <Menu.Target>
                <button type="button" className="nav" aria-label={me.name} data-testid="me">
                  <Group gap={6} wrap="nowrap">
                    <IconUser size={16} />
                    <span className="me-name" data-narrow={pages.length > 9 || undefined}>
                      {me.name}
                    </span>
                  </Group>
                </button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Label>{t(`role.${me.role}`)}</Menu.Label>
                <Menu.Item
                  leftSection={<IconLogout size={16} />}
                  onClick={() => void signOut().catch((problem: unknown) => tellProblem(problem, t))}
                  disabled={phone.call !== null}
                  data-testid="sign-out"
                >
                  {t("nav.signout")}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </Group>
        </Group>
      </Box>
      {link === "reconnecting" ? (
        <div className="strip" role="status" data-testid="reconnecting">
          {t(navigator.onLine ? "link.reconnecting" : "link.offline")}
        </div>
      ) : null}
      {notice}
      <Box component="main" p="md" data-link={link} data-testid="page">
        {children}
      </Box>
      <Keys opened={help} onClose={close} />
    </Box>
  );
}
