import { defineConfig } from "vitest/config";

const NEVER = ["**/node_modules/**", ".next/**", ".data/**", "e2e/**"];

/** What the suites share. Timeouts are generous: they catch what hangs, never what a busy machine makes slow. */
const shared = { testTimeout: 60_000, hookTimeout: 120_000, environment: "node" as const };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: "unit",
          include: ["**/*.test.{ts,tsx}"],
          exclude: [...NEVER, "**/*.integration.test.ts", "worker/executor/**"],
        },
      },
      {
        test: {
          ...shared,
          name: "integration",
          include: ["**/*.integration.test.ts"],
          exclude: [...NEVER, "worker/executor/**"],
          globalSetup: ["scripts/test/database-setup.ts"],
        },
      },
      {
        // Real processes, cgroups and clocks: one file at a time, beside nothing else.
        test: {
          ...shared,
          name: "executor",
          include: ["worker/executor/**/*.test.ts"],
          fileParallelism: false,
        },
      },
    ],
  },
});
