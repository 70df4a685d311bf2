import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Browser } from "@playwright/test";

/** What the suite's set-up leaves for its tests. */
export type SuiteState = {
  url: string;
  token: string;
  dataDir: string;
  /** Used by the set-up, and so used up. */
  signInLink: string;
  storageState: Awaited<ReturnType<Awaited<ReturnType<Browser["newContext"]>>["storageState"]>>;
};

/** One suite a machine at a time. */
export const STATE_FILE = join(tmpdir(), "corral-e2e.json");
