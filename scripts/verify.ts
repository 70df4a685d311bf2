import { generateClient } from "./build.ts";
import { conclude, runStages } from "./test/run-suites.ts";
import { CHECKS, unitAndIntegration } from "./test/suites.ts";

// `npm run verify`: what is to be green before every commit; `npm test` runs it too, and the slow suites besides.
await generateClient();
conclude(await runStages((reports) => [[unitAndIntegration(reports), ...CHECKS]]));
