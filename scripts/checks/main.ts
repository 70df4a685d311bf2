import { checkName, checkSource, findCycles } from "./directions.ts";
import { readSources } from "./read-imports.ts";

// `npm run check:imports`: import directions, circles and names, over every source file of the directory it is run in.
const sources = readSources(process.cwd());
const violations = [...sources.flatMap(checkSource), ...sources.flatMap(({ path }) => checkName(path)), ...findCycles(sources)];
for (const { path, message } of violations) console.error(`${path} ${message}`);
console.log(`${sources.length} files, ${violations.length} violations`);
process.exit(violations.length === 0 && sources.length > 0 ? 0 : 1);
