/** Notes of the operating system, for an agent who looks at another window while a call rings. */

/** Ask once whether notes may be shown; call it from a click. */
export function allowNotes(): void {
  if ("Notification" in window && Notification.permission === "default")
    void Notification.requestPermission();
}

/** Show a note while this window is not looked at; gives back how to take it away. */
export function notifyOutside(title: string, body: string): (() => void) | undefined {
  if (!("Notification" in window) || Notification.permission !== "granted" || document.hasFocus()) return;
  const note = new Notification(title, { body, tag: "callfloor.call", requireInteraction: true });
  note.onclick = () => {
    window.focus();
    note.close();
  };
  return () => note.close();
}
