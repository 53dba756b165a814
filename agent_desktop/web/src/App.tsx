/** Which page stands at which address. Each is loaded when it is first wanted, or when there is nothing else to do. */

import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { lazy, Suspense, useEffect } from "react";
import { Incoming } from "./desk/Incoming";
import { SignIn } from "./session/SignIn";
import { SessionProvider, useSession } from "./session/session";
import { Broken } from "./shared/Broken";
import { usePath } from "./shared/path";
import { Shell } from "./shared/Shell";
import type { Me } from "./shared/schema";
import { Loading, Nothing } from "./shared/states";
import { theme, variables } from "./shared/theme";
import { useWords, WordsProvider } from "./shared/words";

const rooms = {
  desk: () => import("./desk/DeskPage"),
  history: () => import("./history/HistoryPage"),
  board: () => import("./board/BoardPage"),
  missed: () => import("./missed/MissedPage"),
  reports: () => import("./reports/ReportsPage"),
  planning: () => import("./planner/PlanningPage"),
  roster: () => import("./rosters/MyRosterPage"),
  requests: () => import("./rosters/decide/RequestsPage"),
  adherence: () => import("./rosters/adherence/AdherencePage"),
  admin: () => import("./admin/AdminPage"),
  test: () => import("./softphone/TestCallPage"),
};
const DeskPage = lazy(() => rooms.desk().then((m) => ({ default: m.DeskPage })));
const HistoryPage = lazy(() => rooms.history().then((m) => ({ default: m.HistoryPage })));
const BoardPage = lazy(() => rooms.board().then((m) => ({ default: m.BoardPage })));
const MissedPage = lazy(() => rooms.missed().then((m) => ({ default: m.MissedPage })));
const ReportsPage = lazy(() => rooms.reports().then((m) => ({ default: m.ReportsPage })));
const PlanningPage = lazy(() => rooms.planning().then((m) => ({ default: m.PlanningPage })));
const MyRosterPage = lazy(() => rooms.roster().then((m) => ({ default: m.MyRosterPage })));
const RequestsPage = lazy(() => rooms.requests().then((m) => ({ default: m.RequestsPage })));
const AdherencePage = lazy(() => rooms.adherence().then((m) => ({ default: m.AdherencePage })));
const AdminPage = lazy(() => rooms.admin().then((m) => ({ default: m.AdminPage })));
const TestCallPage = lazy(() => rooms.test().then((m) => ({ default: m.TestCallPage })));

/** Where somebody without a desk begins. */
const HOME: Record<Me["role"], string> = {
  agent: "/history",
  supervisor: "/board",
  planner: "/planning",
  admin: "/admin",
};
/** How long a signed-in page has been open before it fetches the others, in milliseconds. */
const SETTLED_MS = 3000;

/**
 * Fetch the pages this person may open, while nothing else is going on: a page opened in the middle of a call
 * must not have to be fetched from a server that has been renewed since, and no longer has it.
 */
function useAllRooms(me: Me | null): void {
  useEffect(() => {
    if (!me) return;
    const wanted = [
      rooms.history,
      ...(me.agent ? [rooms.desk, rooms.roster] : []),
      ...(me.role === "agent"
        ? []
        : [rooms.board, rooms.missed, rooms.reports, rooms.planning, rooms.requests, rooms.adherence]),
      ...(me.role === "admin" ? [rooms.admin] : []),
    ];
    const timer = setTimeout(() => {
      // Not there now is no matter: it is asked for again when it is opened.
      for (const load of wanted) load().catch(() => undefined);
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [me]);
}

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <Notifications position="bottom-right" limit={4} />
      <WordsProvider>
        <Broken>
          <Suspense fallback={<Loading />}>
            <Pages />
          </Suspense>
        </Broken>
      </WordsProvider>
    </MantineProvider>
  );
}

function Pages() {
  const path = usePath();
  // The test caller is anybody: it needs no session, and must not bring an agent's phone with it.
  if (path.startsWith("/test-call")) return <TestCallPage />;
  return (
    <SessionProvider>
      <Signed path={path} />
    </SessionProvider>
  );
}

function Signed({ path }: { path: string }) {
  const { t } = useWords();
  const { me, known } = useSession();
  useAllRooms(me);
  if (!known) return <Loading />;
  if (!me) return <SignIn />;
  const at = path === "/" ? (me.agent ? "/desk" : HOME[me.role]) : path;
  return (
    <Shell me={me} at={at} notice={me.agent ? <Incoming me={me} atDesk={at.startsWith("/desk")} /> : null}>
      <Broken key={at.split("/")[1]}>
        <Suspense fallback={<Loading />}>
          {at.startsWith("/desk") ? (
            <DeskPage me={me} />
          ) : at.startsWith("/board") ? (
            <BoardPage />
          ) : at.startsWith("/missed") ? (
            <MissedPage me={me} />
          ) : at.startsWith("/reports") ? (
            <ReportsPage />
          ) : at.startsWith("/planning") ? (
            me.role === "agent" ? (
              <Nothing title={t("error.forbidden")} testid="forbidden" />
            ) : (
              <PlanningPage me={me} />
            )
          ) : at.startsWith("/roster") ? (
            <MyRosterPage me={me} />
          ) : at.startsWith("/requests") || at.startsWith("/adherence") ? (
            me.role === "agent" ? (
              <Nothing title={t("error.forbidden")} testid="forbidden" />
            ) : at.startsWith("/requests") ? (
              <RequestsPage me={me} />
            ) : (
              <AdherencePage me={me} />
            )
          ) : at.startsWith("/history") ? (
            <HistoryPage me={me} />
          ) : at.startsWith("/admin") ? (
            <AdminPage />
          ) : (
            <Nothing title={t("error.page")} />
          )}
        </Suspense>
      </Broken>
    </Shell>
  );
}
