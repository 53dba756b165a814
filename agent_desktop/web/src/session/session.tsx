/** Who is signed in, and what lives as long as the session: the floor's socket, the phone and its ring. */

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
import { api, onSignedOut, Problem, setCsrf } from "../shared/api";
import { EMPTY } from "../shared/floor";
import { Live, type LiveState, socketUrl } from "../shared/live";
import type { Me } from "../shared/schema";
import { useWords } from "../shared/words";
import { Phone, type PhoneState } from "../softphone/phone";
import { Ringer } from "../softphone/ringer";

interface Parts {
  live: Live;
  phone: Phone | null;
  ringer: Ringer | null;
}

interface Session {
  me: Me | null;
  /** False until the server has said whether somebody is signed in. */
  known: boolean;
  live: Live | null;
  phone: Phone | null;
  ringer: Ringer | null;
  signIn: (user: string, password: string) => Promise<void>;
  signOut: () => Promise<void>;
}

const Context = createContext<Session | null>(null);

export function SessionProvider({ children }: { children: ReactNode }) {
  const { suggest } = useWords();
  const [me, setMe] = useState<Me | null>(null);
  const [known, setKnown] = useState(false);
  /** Goes up with each request to ask who is signed in, and with each answer. */
  const [asked, setAsked] = useState(0);
  const [answered, setAnswered] = useState(0);
  const [parts, setParts] = useState<Parts | null>(null);

  const take = useCallback(
    (next: Me | null) => {
      setCsrf(next?.csrf ?? "");
      if (next) suggest(next.language);
      setMe(next);
      setKnown(true);
      setAnswered((n) => n + 1);
    },
    [suggest],
  );

  // Asked at the start, and when the server closes the socket: signed out, or signed in with other rights.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` is the request to ask again
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let current = true;
    const ask = () =>
      api.get<Me>("/api/session").then(
        (found) => current && take(found),
        (error: unknown) => {
          if (!current) return;
          // A server that is starting is not a signed-out user: ask again rather than show the sign-in page.
          if (error instanceof Problem && (error.status === 401 || error.status === 403)) take(null);
          else timer = setTimeout(ask, 1000);
        },
      );
    void ask();
    return () => {
      current = false;
      if (timer) clearTimeout(timer);
    };
  }, [take, asked]);

  const user = me?.user ?? null;
  const agent = me?.agent ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new answer needs a new socket
  useEffect(() => {
    if (!user) return;
    const phone = agent ? new Phone(agent) : null;
    const ringer = agent ? new Ringer() : null;
    const over = () => afterCall(phone, () => setAsked((n) => n + 1));
    const live = new Live(socketUrl("/api/desk/socket"), over);
    onSignedOut(over);
    live.subscribe(() => {
      const mine = agent ? live.get().floor.agents[agent] : undefined;
      if (mine) phone?.work(mine.state !== "signed_out");
    });
    live.start();
    phone?.start();
    ringer?.open();
    setParts({ live, phone, ringer });
    return () => {
      onSignedOut(() => {});
      live.stop();
      phone?.stop();
      ringer?.close();
      setParts(null);
    };
  }, [user, agent, answered]);

  const signIn = useCallback(
    async (name: string, password: string) =>
      take(await api.post<Me>("/api/session", { user: name, password })),
    [take],
  );
  const signOut = useCallback(async () => {
    // Nobody who left is offered a call.
    const state = agent ? parts?.live.get().floor.agents[agent]?.state : undefined;
    if (state && state !== "signed_out") await api.post("/api/desk/sign-out");
    await api.drop("/api/session");
    take(null);
  }, [take, agent, parts]);

  const session = useMemo(
    () => ({ me, known, ...(parts ?? NO_PARTS), signIn, signOut }),
    [me, known, parts, signIn, signOut],
  );
  return <Context.Provider value={session}>{children}</Context.Provider>;
}

export function useSession(): Session {
  const session = useContext(Context);
  if (!session) throw new Error("useSession needs a SessionProvider above it");
  return session;
}

/** Do `work` now, or when the call that is up is over: a session that ended must not cut a caller off. */
function afterCall(phone: Phone | null, work: () => void): void {
  if (!phone?.get().call) {
    work();
    return;
  }
  const leave = phone.subscribe(() => {
    if (phone.get().call) return;
    leave();
    work();
  });
}

const NO_PARTS = { live: null, phone: null, ringer: null };
const QUIET: LiveState = { floor: EMPTY, link: "connecting" };
const NO_PHONE: PhoneState = { registration: "off", call: null, problem: "" };
const never = () => () => {};

export function useLive(): LiveState {
  const { live } = useSession();
  return useSyncExternalStore(live?.subscribe ?? never, live?.get ?? (() => QUIET));
}

/** The ring, and whether the browser would let it be heard. */
export function useRinger(): { ringer: Ringer | null; silent: boolean } {
  const { ringer } = useSession();
  return {
    ringer,
    silent: useSyncExternalStore(ringer?.subscribe ?? never, ringer?.silent ?? (() => false)),
  };
}

export function usePhone(): { phone: Phone | null; state: PhoneState } {
  const { phone } = useSession();
  return { phone, state: useSyncExternalStore(phone?.subscribe ?? never, phone?.get ?? (() => NO_PHONE)) };
}
