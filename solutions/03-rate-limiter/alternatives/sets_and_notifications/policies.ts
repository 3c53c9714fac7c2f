/** The policies: stored in Postgres, known by heart in every instance. */
import type { Context } from "@contract/system.ts";
import type { TransactionSql } from "postgres";
import type { NamedPolicy, Policy } from "./policy.ts";

/** Whoever changes a policy says so here. */
const CHANNEL = "policies";

export interface StoredPolicy {
  readonly policy: Policy;
  /** 1 for a new policy, one more with each edit; its ETag. */
  readonly version: number;
}

export type PutResult =
  | { readonly status: "created" | "replaced"; readonly version: number }
  /** It exists, and the caller did not say which version it has read. */
  | { readonly status: "unconditional" }
  /** Somebody else was faster, or there is no such policy. */
  | { readonly status: "outdated" };

export interface Policies {
  /** The policy named like the first segment after `/api/`, else `default`. From memory: no request waits for it. */
  forPath(pathname: string): NamedPolicy | undefined;
  find(name: string): Promise<StoredPolicy | undefined>;
  /** `ifVersion`: the version that the caller has read; undefined to create. */
  put(name: string, policy: Policy, ifVersion?: number): Promise<PutResult>;
}

export async function openPolicies(
  { sql, signal, log }: Context,
): Promise<Policies> {
  const known = new Map<string, StoredPolicy>();

  async function reload(): Promise<void> {
    const rows = await sql<(StoredPolicy & { name: string })[]>`
      SELECT name, policy, version FROM policies`;
    rows.forEach(({ name, ...stored }) => remember(name, stored));
  }

  /** An answer that was long on its way must not undo a newer one. */
  function remember(name: string, stored: StoredPolicy): void {
    if (stored.version > (known.get(name)?.version ?? 0)) {
      known.set(name, stored);
    }
  }

  await createTable(sql);
  // The third argument runs at each new connection: what was said meanwhile nobody repeats.
  await sql.listen(CHANNEL, tryReload, tryReload);
  await reload();
  signal.addEventListener("abort", () => sql.end({ timeout: 1 }));

  async function tryReload(): Promise<void> {
    try {
      await reload();
    } catch (error) {
      log("policies not reloaded", { error: String(error) });
    }
  }

  return {
    forPath(pathname) {
      const name = pathname.split("/")[2] ?? "";
      for (const candidate of [name, "default"]) {
        const stored = known.get(candidate);
        if (stored) return { name: candidate, policy: stored.policy };
      }
    },
    async find(name) {
      const [stored] = await sql<StoredPolicy[]>`
        SELECT policy, version FROM policies WHERE name = ${name}`;
      return stored;
    },
    async put(name, policy, ifVersion) {
      // Said in the transaction, so it is heard if and only if it happened.
      const result = await sql.begin(async (transaction) => {
        await transaction`SELECT pg_notify(${CHANNEL}, ${name})`;
        return ifVersion === undefined
          ? await create(transaction, name, policy)
          : await replace(transaction, { name, policy, ifVersion });
      });
      await reload();
      return result;
    },
  };
}

/** Two instances start together: the lock makes the second wait instead of failing half-way. */
async function createTable(sql: Context["sql"]): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(hashtext('policies'))`;
    await transaction`
      CREATE TABLE IF NOT EXISTS policies (
        name text PRIMARY KEY,
        policy jsonb NOT NULL,
        version integer NOT NULL
      )`;
  });
}

async function create(
  sql: TransactionSql,
  name: string,
  policy: Policy,
): Promise<PutResult> {
  const whole = sql.json({ ...policy });
  const [row] = await sql<{ version: number }[]>`
    INSERT INTO policies (name, policy, version) VALUES (${name}, ${whole}, 1)
    ON CONFLICT DO NOTHING RETURNING version`;
  return row
    ? { status: "created", version: row.version }
    : { status: "unconditional" };
}

/** The row lock makes a second editor wait, and then read what the first has written. */
async function replace(
  sql: TransactionSql,
  { name, policy, ifVersion }: {
    readonly name: string;
    readonly policy: Policy;
    readonly ifVersion: number;
  },
): Promise<PutResult> {
  const [stored] = await sql<{ version: number }[]>`
    SELECT version FROM policies WHERE name = ${name} FOR UPDATE`;
  if (stored?.version !== ifVersion) return { status: "outdated" };
  const version = ifVersion + 1;
  await sql`
    UPDATE policies SET policy = ${sql.json({ ...policy })},
      version = ${version} WHERE name = ${name}`;
  return { status: "replaced", version };
}
