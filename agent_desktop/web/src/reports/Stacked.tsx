/** A bar of parts beside the sum they make. */

interface Props {
  parts: { name: string; value: number; color: string }[];
  /** What the longest bar of the table stands for. */
  most: number;
  said: (value: number) => string;
}

export function Stacked({ parts, most, said }: Props) {
  const sum = parts.reduce((all, one) => all + one.value, 0);
  return (
    <div className="stacked" title={parts.map((one) => `${one.name} ${said(one.value)}`).join(" · ")}>
      <span className="num">{said(sum)}</span>
      <span className="bar" aria-hidden>
        {parts.map((one) => (
          <span key={one.name} style={{ width: `${(one.value / most) * 100}%`, background: one.color }} />
        ))}
      </span>
    </div>
  );
}
