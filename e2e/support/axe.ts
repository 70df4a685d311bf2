import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

const TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];

/** What axe finds wrong on what is shown now, each with the elements. */
export async function axeFindings(page: Page): Promise<string[]> {
  // What fades in is half transparent for a moment, which axe takes for too little contrast.
  await page.evaluate(() => {
    const ending = document.getAnimations().filter((one) => one.effect?.getTiming().iterations !== Infinity);
    // One that is taken back (what it was on is gone) is over as well.
    return Promise.allSettled(ending.map((one) => one.finished)).then(() => undefined);
  });
  // Legacy mode stays in this page, which has no frames; else a second one is opened for each look, and takes as long as the look.
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).setLegacyMode().analyze();
  return violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(" | ")}`);
}

/** How far the page can be scrolled sideways, in pixels. */
export const sidewaysOverflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
