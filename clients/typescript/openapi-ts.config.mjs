import { defineConfig } from "@hey-api/openapi-ts";

// Run by scripts/client.ts, which writes the document that it reads.
export default defineConfig({
  input: { path: "openapi.json" },
  output: { path: "src", module: { extension: ".ts" } },
  plugins: ["@hey-api/client-fetch", "@hey-api/typescript", "@hey-api/sdk"],
  logs: { level: "warn", file: false },
});
