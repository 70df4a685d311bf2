import type { Locator, Page } from "@playwright/test";

/** Tab stops that a page may have before the one that is wanted. */
const STOPS_MAX = 300;

/** Moves the focus with Tab alone until it is on the wanted element, as somebody does who has no pointer. @throws when Tab never leads there */
export async function tabTo(page: Page, wanted: Locator, { back = false }: { back?: boolean } = {}): Promise<void> {
  await wanted.waitFor();
  for (let stop = 0; stop < STOPS_MAX; stop += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(back ? "Shift+Tab" : "Tab");
  }
  throw new Error(`Tab does not lead to ${wanted.toString()}.`);
}

/** Goes there with Tab and presses a key on it. */
export async function pressOn(page: Page, wanted: Locator, key: "Enter" | "Space" = "Enter"): Promise<void> {
  await tabTo(page, wanted);
  await page.keyboard.press(key);
}
