// `npm run doctor`: looks at this host, and says what to do. Runs on any Node.js from 20.
import { join } from "node:path";

import { handOver } from "./bootstrap/hand-over.mjs";
import { PROJECT } from "./bootstrap/install.mjs";

await handOver(join(PROJECT, "scripts/doctor/main.ts"), null);
