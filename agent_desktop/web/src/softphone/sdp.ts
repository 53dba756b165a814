/** Small rewritings of the SDP this page offers. */

/** True where the page and the server are the same machine, so that only the loopback address matters. */
export function isLoopback(hostname: string): boolean {
  return hostname === "127.0.0.1" || hostname === "localhost";
}

const isCandidate = (line: string) => line.startsWith("a=candidate:");
const isLocal = (line: string) => line.includes(" 127.0.0.1 ");

/**
 * The SDP with every ICE candidate but those of 127.0.0.1 left out. A browser that gathers no loopback
 * candidate at all (they do so only when told to) keeps what it has.
 */
export function onlyLoopback(sdp: string): string {
  const lines = sdp.split("\r\n");
  if (!lines.some((line) => isCandidate(line) && isLocal(line))) return sdp;
  return lines.filter((line) => !isCandidate(line) || isLocal(line)).join("\r\n");
}
