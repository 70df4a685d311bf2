import { readFile, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

import { PrismaPg } from "@prisma/adapter-pg";
import { ColumnTypeEnum, bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import type { ColumnType, SqlDriverAdapter } from "@prisma/driver-adapter-utils";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";
import type { MigrationList, SchemaEngine } from "@prisma/schema-engine-wasm";
import { Pool } from "pg";
import type { QueryArrayResult } from "pg";

/**
 * Prisma's own schema engine, from npm as WebAssembly: the same history table and the same SQL as its command line,
 * without the native binary that the command line downloads.
 */

export const SCHEMA_FILE = join(import.meta.dirname, "schema.prisma");
export const MIGRATIONS_DIRECTORY = join(import.meta.dirname, "migrations");

/** Every table of ours is in the schema; nothing is left to another owner. */
export const NO_FILTERS = { externalTables: [], externalEnums: [] };

let instantiated: Promise<void> | undefined;

/** The package's own entry imports the .wasm as a module, which Node does only behind a flag; so it is instantiated here. */
async function instantiate() {
  const entry = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm");
  const compiled = new WebAssembly.Module(await readFile(join(entry, "../schema_engine_bg.wasm")));
  const instance = new WebAssembly.Instance(compiled, { "./schema_engine_bg.js": bindings as unknown as WebAssembly.ModuleImports });
  const { __wbg_set_wasm: setWasm } = bindings as unknown as { __wbg_set_wasm: (exports: WebAssembly.Exports) => void };
  setWasm(instance.exports);
  (instance.exports["__wbindgen_start"] as () => void)();
}

export type OpenedEngine = { engine: SchemaEngine; close: () => Promise<void> };

/** Opens the engine on a database. `scratchUrl` is an empty database that a diff may play the migrations into. */
export async function openSchemaEngine(url: string, scratchUrl = url): Promise<OpenedEngine> {
  instantiated ??= instantiate();
  await instantiated;
  const schema = await readFile(SCHEMA_FILE, "utf8");
  const opened = new Set<SqlDriverAdapter>();
  const connect = async (to: string) => {
    const adapter = await connectAdapter(to);
    opened.add(adapter);
    const dispose = adapter.dispose.bind(adapter);
    adapter.dispose = async () => {
      if (opened.delete(adapter)) await dispose();
    };
    return adapter;
  };
  const { provider, adapterName } = new PrismaPg({ connectionString: url });
  const factory = bindMigrationAwareSqlAdapterFactory({
    provider,
    adapterName,
    connect: () => connect(url),
    connectToShadowDb: () => connect(scratchUrl),
  });
  const silent = () => undefined;
  const engine = await bindings.SchemaEngine.new({ datamodels: [[SCHEMA_FILE, schema]] }, silent, factory);
  return {
    engine,
    // The engine closes the scratch database only; its own lock goes with its connection.
    close: async () => {
      engine.free();
      await Promise.all([...opened].map((adapter) => adapter.dispose()));
    },
  };
}

const CHAR_TYPE = 18;
const TEXT_TYPE = 25;

/**
 * Connects the engine's adapter. PostgreSQL's catalogue has columns of the one-byte type `"char"`, which the engine
 * asks for and the adapter refuses: they go through the adapter as text and to the engine as what they are.
 */
async function connectAdapter(connectionString: string): Promise<SqlDriverAdapter> {
  const charColumns = new Set<string>();
  const pool = new Pool({ connectionString, application_name: "corral-migrate" });
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<QueryArrayResult | QueryArrayResult[]>;
  const queryAsText = async (...args: unknown[]) => {
    const result = await query(...args);
    for (const field of Array.isArray(result) ? [] : result.fields) {
      if (field.dataTypeID !== CHAR_TYPE) continue;
      field.dataTypeID = TEXT_TYPE;
      charColumns.add(field.name);
    }
    return result;
  };
  pool.query = queryAsText as typeof pool.query;
  const adapter = await new PrismaPg(pool, { disposeExternalPool: true }).connect();
  // The adapter's own cuts at every semicolon, those inside a function's body too. As one piece a script also takes effect whole or not at all.
  adapter.executeScript = async (script) => {
    await adapter.executeRaw({ sql: script, args: [], argTypes: [] });
  };
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (statement) => {
    const result = await queryRaw(statement);
    const typeOf = (type: ColumnType, index: number) => (charColumns.has(result.columnNames[index] ?? "") ? ColumnTypeEnum.Character : type);
    return { ...result, columnTypes: result.columnTypes.map(typeOf) };
  };
  return adapter;
}

/** The migrations of this version, oldest first, as the engine takes them. */
export async function readMigrations(): Promise<MigrationList> {
  const entries = await readdir(MIGRATIONS_DIRECTORY, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
  const migrationDirectories = await Promise.all(
    names.map(async (name) => ({
      path: name,
      migrationFile: {
        path: "migration.sql",
        content: { tag: "ok" as const, value: await readFile(join(MIGRATIONS_DIRECTORY, name, "migration.sql"), "utf8") },
      },
    })),
  );
  return {
    baseDir: MIGRATIONS_DIRECTORY,
    lockfile: { path: "migration_lock.toml", content: await readFile(join(MIGRATIONS_DIRECTORY, "migration_lock.toml"), "utf8") },
    shadowDbInitScript: "",
    migrationDirectories,
  };
}
