/** Short messages over the page: errors stay until they are read or ten seconds have passed. */

import { notifications } from "@mantine/notifications";
import { sentence } from "./states";
import type { Words } from "./words";

/** Tell the person that something did not work; the same sentence is shown once. */
export function tellProblem(error: unknown, t: Words["t"]): void {
  const message = sentence(error, t);
  notifications.show({
    id: message,
    message,
    color: "red",
    autoClose: 10_000,
    withBorder: true,
    closeButtonProps: { "aria-label": t("error.dismiss") },
  });
}

/** Tell the person something they must know and have not done themself. */
export function tellNews(message: string, t: Words["t"]): void {
  notifications.show({
    id: message,
    message,
    color: "orange",
    autoClose: 10_000,
    withBorder: true,
    closeButtonProps: { "aria-label": t("error.dismiss") },
  });
}

/** Tell the person that something is done. */
export function tellDone(message: string): void {
  notifications.show({ message, color: "teal", autoClose: 3_000, withBorder: true, withCloseButton: false });
}
