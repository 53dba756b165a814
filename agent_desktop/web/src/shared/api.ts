/** One way to the server: JSON in, JSON out, problem+json as an error with words in it. */

export interface FieldError {
  at: string;
  message: string;
}

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly retryAfter_s: number | null = null,
    /** What is wrong with which field (`hours.mon`) of a body that was refused. */
    readonly errors: readonly FieldError[] = [],
  ) {
    super(detail || title);
  }
}

/** Longest wait for an answer, in milliseconds; after that the server counts as not reached. */
const PATIENCE_MS = 15_000;

let csrf = "";
let whenSignedOut: () => void = () => {};

/** The token of the signed-in session, sent with everything that changes something. */
export function setCsrf(token: string): void {
  csrf = token;
}

/** What to do when the server says that nobody is signed in (any more). */
export function onSignedOut(work: () => void): void {
  whenSignedOut = work;
}

async function problemOf(answer: Response): Promise<Problem> {
  const retry = Number(answer.headers.get("Retry-After"));
  const body: unknown = await answer.json().catch(() => null);
  const read = (key: string) =>
    body && typeof body === "object" && typeof (body as Record<string, unknown>)[key] === "string"
      ? String((body as Record<string, unknown>)[key])
      : "";
  const after = Number.isFinite(retry) && retry > 0 ? retry : null;
  return new Problem(
    answer.status,
    read("title") || answer.statusText,
    read("detail"),
    after,
    fieldErrors(body, read),
  );
}

/** A list of errors, or one `at`; none when the answer speaks of no field. */
function fieldErrors(body: unknown, read: (key: string) => string): FieldError[] {
  const listed = body && typeof body === "object" ? (body as { errors?: unknown }).errors : null;
  if (Array.isArray(listed))
    return listed.map((one) => ({ at: String(one?.at ?? ""), message: String(one?.message ?? "") }));
  return read("at") ? [{ at: read("at"), message: read("title") }] : [];
}

interface Options {
  /** Let the request outlive the page. */
  keepalive?: boolean;
  /** The version of the thing that was read: somebody else's change is not overwritten. */
  match?: string;
  /** Wait for the answer so long, in milliseconds. */
  patience?: number;
}

async function call<T>(
  method: string,
  path: string,
  body?: unknown,
  { match, patience = PATIENCE_MS, ...options }: Options = {},
): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  const raw = body instanceof Blob;
  if (body !== undefined) headers["Content-Type"] = raw ? "application/octet-stream" : "application/json";
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  if (match) headers["If-Match"] = `"${match}"`;
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      headers,
      credentials: "same-origin",
      body: body === undefined ? null : raw ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(patience),
      ...options,
    });
  } catch {
    throw new Problem(0, "offline", "");
  }
  if (!answer.ok) {
    // A wrong password is a 401 as well; that one is for the sign-in page.
    if (answer.status === 401 && path !== "/api/session") whenSignedOut();
    throw await problemOf(answer);
  }
  if (answer.status === 204) return undefined as T;
  return (await answer.json()) as T;
}

export const api = {
  get: <T>(path: string, options?: Options) => call<T>("GET", path, undefined, options),
  /** A `Blob`, such as a file somebody chose, goes as it is. */
  post: <T = void>(path: string, body: unknown = {}, options?: Options) =>
    call<T>("POST", path, body, options),
  put: <T>(path: string, body: unknown, options?: Options) => call<T>("PUT", path, body, options),
  drop: (path: string, options?: Options) => call<void>("DELETE", path, undefined, options),
};
