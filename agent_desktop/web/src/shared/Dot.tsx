import { Box } from "@mantine/core";

export function Dot({ color }: { color: string }) {
  return <Box component="span" className="dot" bg={color} aria-hidden />;
}
