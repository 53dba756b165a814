import { expect, it } from "vitest";
import { isLoopback, onlyLoopback } from "./sdp";

const lines = [
  "m=audio 9 UDP/TLS/RTP/SAVPF 0",
  "a=candidate:1 1 udp 2122260223 127.0.0.1 50000 typ host",
  "a=candidate:2 1 udp 2122194687 192.168.1.5 50001 typ host",
  "a=candidate:3 1 tcp 1518280447 127.0.0.1 9 typ host tcptype active",
  "a=rtpmap:0 PCMU/8000",
  "",
];

it("keeps loopback candidates and every other line, in order", () => {
  const kept = onlyLoopback(lines.join("\r\n")).split("\r\n");
  expect(kept).toEqual(lines.filter((line) => !line.includes("192.168")));
});

it("leaves an SDP without any loopback candidate as it is", () => {
  const sdp = lines.filter((line) => !line.includes("127.0.0.1")).join("\r\n");
  expect(onlyLoopback(sdp)).toBe(sdp);
});

it("knows its own machine by name", () => {
  expect(isLoopback("127.0.0.1")).toBe(true);
  expect(isLoopback("localhost")).toBe(true);
  expect(isLoopback("10.0.0.7")).toBe(false);
});
