import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { AdminPage } from "./admin/AdminPage";
import { BoardPage } from "./board/BoardPage";
import { DeskPage } from "./desk/DeskPage";
import { Incoming } from "./desk/Incoming";
import { HistoryPage } from "./history/HistoryPage";
import { SignIn } from "./session/SignIn";
import { SessionProvider, useSession } from "./session/session";
import { usePath } from "./shared/path";
import { Shell } from "./shared/Shell";
import { Loading, Nothing } from "./shared/states";
import { theme } from "./shared/theme";
import { useWords, WordsProvider } from "./shared/words";
import { TestCallPage } from "./softphone/TestCallPage";

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Notifications position="bottom-right" limit={4} />
      <WordsProvider>
        <Pages />
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
  if (!known) return <Loading />;
  if (!me) return <SignIn />;
  const at = path === "/" ? (me.agent ? "/desk" : me.role === "admin" ? "/admin" : "/board") : path;
  return (
    <Shell me={me} at={at} notice={me.agent ? <Incoming me={me} atDesk={at.startsWith("/desk")} /> : null}>
      {at.startsWith("/desk") ? (
        <DeskPage me={me} />
      ) : at.startsWith("/board") ? (
        <BoardPage />
      ) : at.startsWith("/history") ? (
        <HistoryPage me={me} />
      ) : at.startsWith("/admin") ? (
        <AdminPage />
      ) : (
        <Nothing title={t("error.page")} />
      )}
    </Shell>
  );
}
