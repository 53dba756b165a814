/** What can be done with one row. One menu serves all rows of a table, which change many times a second. */

import { Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { type MouseEvent, memo, type ReactNode, useCallback, useEffect, useRef, useState } from "react";

/** The row a menu is open for, and where its button stands. */
export interface Anchor {
  id: string;
  button: HTMLElement;
  left: number;
  top: number;
}

export function useRowMenu() {
  const [anchor, setAnchor] = useState<Anchor | null>(null);
  const open = useCallback((id: string, event: MouseEvent<HTMLElement>) => {
    const button = event.currentTarget;
    const place = button.getBoundingClientRect();
    setAnchor({ id, button, left: place.right, top: place.bottom });
  }, []);
  const close = useCallback(() => setAnchor(null), []);
  return { anchor, open, close };
}

export type OpenMenu = (id: string, event: MouseEvent<HTMLElement>) => void;

/** The three dots at the end of a row. */
export const MenuButton = memo(function MenuButton(props: { id: string; label: string; onOpen: OpenMenu }) {
  return (
    <button
      type="button"
      className="row-menu"
      aria-haspopup="menu"
      aria-label={props.label}
      title={props.label}
      onClick={(event) => props.onOpen(props.id, event)}
      data-testid={`menu-${props.id}`}
    >
      <IconDots size={16} aria-hidden />
    </button>
  );
});

interface Props {
  anchor: Anchor | null;
  onClose: () => void;
  children: ReactNode;
}

export function RowMenu({ anchor, onClose, children }: Props) {
  if (!anchor) return null;
  return (
    <Menu
      key={`${anchor.id} ${anchor.left} ${anchor.top}`}
      defaultOpened
      opened
      onClose={() => {
        onClose();
        // What a menu was opened for may open a dialog, which has the focus then.
        setTimeout(() => {
          if (document.activeElement === document.body) anchor.button.focus();
        });
      }}
      position="bottom-end"
      trapFocus={false}
      withinPortal
      transitionProps={{ duration: 0 }}
    >
      <Menu.Target>
        <span className="anchor" style={{ left: anchor.left, top: anchor.top }} aria-hidden />
      </Menu.Target>
      <Menu.Dropdown
        data-testid="row-menu"
        onKeyDown={(event) => {
          if (event.key === "Tab") onClose();
        }}
      >
        <Items>{children}</Items>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The first item has the focus, so that the keyboard goes on where it opened the menu. */
function Items({ children }: { children: ReactNode }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Once the menu stands where it belongs.
    const timer = setTimeout(() =>
      ref.current?.querySelector<HTMLElement>("[role=menuitem]:not(:disabled)")?.focus(),
    );
    return () => clearTimeout(timer);
  }, []);
  return <div ref={ref}>{children}</div>;
}
