/** Who is signed in, and the two things that live as long as the session: the floor's socket and the phone. */

import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from "react";
import { api, Problem, setCsrf } from "../shared/api";
import { EMPTY } from "../shared/floor";
import { Live, type LiveState, socketUrl } from "../shared/live";
import type { Me } from "../shared/types";
import { useWords } from "../shared/words";
import { Phone, type PhoneState } from "../softphone/phone";

interface Session {
  me: Me | null;
  /** False until the server has said whether somebody is signed in. */
  known: boolean;
  live: Live | null;
  phone: Phone | null;
  signIn: (user: string, password: string) => Promise<void>;
  signOut: () => Promise<void>;
}

const Context = createContext<Session | null>(null);

export function SessionProvider({ children }: { children: ReactNode }) {
  const { suggest } = useWords();
  const [me, setMe] = useState<Me | null>(null);
  const [known, setKnown] = useState(false);
  const [parts, setParts] = useState<{ live: Live; phone: Phone | null } | null>(null);

  const take = useCallback(
    (next: Me | null) => {
      setCsrf(next?.csrf ?? "");
      if (next) suggest(next.language);
      setMe(next);
      setKnown(true);
    },
    [suggest],
  );

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const ask = () =>
      api.get<Me>("/api/session").then(take, (error: unknown) => {
        // A server that is starting is not a signed-out user: ask again rather than show the sign-in page.
        if (error instanceof Problem && (error.status === 401 || error.status === 403)) take(null);
        else timer = setTimeout(ask, 1000);
      });
    void ask();
    return () => {
      if (timer) clearTimeout(timer);
    };
  }, [take]);

  const user = me?.user ?? null;
  const agent = me?.agent ?? null;
  useEffect(() => {
    if (!user) return;
    const live = new Live(socketUrl("/api/desk/socket"), () => take(null));
    const phone = agent ? new Phone() : null;
    live.start();
    phone?.start();
    setParts({ live, phone });
    return () => {
      live.stop();
      phone?.stop();
      setParts(null);
    };
  }, [user, agent, take]);

  const signIn = useCallback(
    async (name: string, password: string) =>
      take(await api.post<Me>("/api/session", { user: name, password })),
    [take],
  );
  const signOut = useCallback(async () => {
    await api.drop("/api/session");
    take(null);
  }, [take]);

  const session = useMemo(
    () => ({ me, known, live: parts?.live ?? null, phone: parts?.phone ?? null, signIn, signOut }),
    [me, known, parts, signIn, signOut],
  );
  return <Context.Provider value={session}>{children}</Context.Provider>;
}

export function useSession(): Session {
  const session = useContext(Context);
  if (!session) throw new Error("useSession needs a SessionProvider above it");
  return session;
}

const QUIET: LiveState = { floor: EMPTY, link: "connecting" };
const NO_PHONE: PhoneState = { registration: "off", call: null, problem: "" };
const never = () => () => {};

export function useLive(): LiveState {
  const { live } = useSession();
  return useSyncExternalStore(live?.subscribe ?? never, live?.get ?? (() => QUIET));
}

export function usePhone(): { phone: Phone | null; state: PhoneState } {
  const { phone } = useSession();
  return { phone, state: useSyncExternalStore(phone?.subscribe ?? never, phone?.get ?? (() => NO_PHONE)) };
}
