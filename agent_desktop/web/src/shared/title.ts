/** The window's title: the page's name, or the call that rings, whichever page is open. */

import { useEffect } from "react";

let page = "Callfloor";
let call: string | null = null;

function apply(): void {
  document.title = call === null ? page : `☎ ${call}`;
}

/** Name the page that is open. */
export function useTitle(name: string): void {
  useEffect(() => {
    page = name;
    apply();
  }, [name]);
}

/** Put a ringing call before the page's name, `null` for none. */
export function useRingingTitle(words: string | null): void {
  useEffect(() => {
    call = words;
    apply();
    return () => {
      call = null;
      apply();
    };
  }, [words]);
}
