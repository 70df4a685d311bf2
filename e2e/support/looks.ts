import { expect } from "@playwright/test";
import type { Page } from "@playwright/test";

import { axeFindings, sidewaysOverflow } from "./axe.ts";

const HEIGHT = 844;
const WIDTHS = [1280, 390] as const;
/** A page may be narrower than axe looks at it: zoomed in to 400 %, by WCAG 1.4.10. */
const NARROWEST = 320;

/**
 * Looks at what a page shows, light and dark, wide and narrow: nothing is loading, axe finds nothing, nothing scrolls sideways. The page
 * stays as it is meanwhile, dialogs open, so that each state is come to once; it is left light and wide.
 */
export async function expectGoodLooks(page: Page, what: string): Promise<void> {
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of WIDTHS.toReversed()) {
      await page.setViewportSize({ width, height: HEIGHT });
      await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
      expect(await axeFindings(page), `${what}, ${colorScheme}, ${width} px`).toEqual([]);
      await expectNoSidewaysScroll(page, what, width);
    }
  }
  await page.setViewportSize({ width: NARROWEST, height: HEIGHT });
  await expectNoSidewaysScroll(page, what, NARROWEST);
  await page.setViewportSize({ width: WIDTHS[0], height: HEIGHT });
}

/** Once it has settled: a table becomes cards by a script, which a busy machine may run a moment later. */
const expectNoSidewaysScroll = (page: Page, what: string, width: number) =>
  expect.poll(() => sidewaysOverflow(page), { message: `${what} scrolls sideways at ${width} px` }).toBeLessThanOrEqual(0);
