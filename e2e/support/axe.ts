import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

const TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];

/** What axe finds wrong on what is shown now, each with the elements. */
export async function axeFindings(page: Page): Promise<string[]> {
  // What fades in is half transparent for a moment, which axe takes for too little contrast. It is the state that tells, not the promise
  // of the end: in a closed <details> Chromium lets an animation end with its time, and never keeps that promise.
  await page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== "running" || one.effect?.getTiming().iterations === Infinity));
  // Legacy mode stays in this page, which has no frames; else a second one is opened for each look, and takes as long as the look.
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).setLegacyMode().analyze();
  return violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(" | ")}`);
}

/** How far the page can be scrolled sideways, in pixels. */
export const sidewaysOverflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
