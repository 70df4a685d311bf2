// `npm test`: everything from a clean clone to `N passed, N failed`. Runs on any Node.js from 20.
import { join } from "node:path";

import { handOver } from "./bootstrap/hand-over.mjs";
import { PROJECT } from "./bootstrap/install.mjs";

await handOver(join(PROJECT, "scripts/test/main.ts"), { number: 1, of: 4 });
