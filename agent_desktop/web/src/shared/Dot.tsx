/** A spot of colour; `color` is a shade of the theme, such as `teal.6`. */
export function Dot({ color }: { color: string }) {
  return (
    <span
      className="dot"
      style={{ background: `var(--mantine-color-${color.replace(".", "-")})` }}
      aria-hidden
    />
  );
}
