import type { ConformanceCase, Ground } from "./case.ts";
import { crashCases } from "./crash-cases.ts";
import { endingsCases } from "./endings-cases.ts";
import { hostCases } from "./host-cases.ts";
import { isolationCases } from "./isolation-cases.ts";
import { outputCases } from "./output-cases.ts";
import { processesCases } from "./processes-cases.ts";
import { resourcesCases } from "./resources-cases.ts";
import { togetherCases } from "./together-cases.ts";

/** Every case, by number. @param floodBytes how much a flood prints: a gigabyte, or less where the machine is slow */
export function allCases(floodBytes: number): ConformanceCase[] {
  return [endingsCases, resourcesCases, outputCases(floodBytes), processesCases, isolationCases, togetherCases, crashCases, hostCases]
    .flat()
    .toSorted((a, b) => placeOf(a.number) - placeOf(b.number));
}

/** A further form of case 16 is numbered 1601, and comes after it. */
const placeOf = (number: number) => (number < 100 ? number : number / 100);

/** Those that can be run on a ground. */
export function casesOn(ground: Ground, floodBytes: number): ConformanceCase[] {
  return allCases(floodBytes).filter(({ notOn }) => notOn?.[ground] === undefined);
}
