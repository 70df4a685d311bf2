// `npm run build`: packages, database client and dashboard, so that nothing is left to do at the first start.
import { join } from "node:path";

import { handOver } from "./bootstrap/hand-over.mjs";
import { PROJECT } from "./bootstrap/install.mjs";

await handOver(join(PROJECT, "scripts/start/build-only.ts"), { number: 1, of: 3 });
