import base from "./playwright.config.ts";
const { globalSetup: _, ...rest } = base;
export default {
  ...rest,
  timeout: 900_000,
  globalTimeout: 0,
  expect: { timeout: 90_000 },
  use: { ...base.use, navigationTimeout: 180_000, actionTimeout: 90_000, trace: "off" as const },
};
