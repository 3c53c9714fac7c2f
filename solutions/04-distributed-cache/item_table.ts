/** Items in Postgres: the truth, and what has to be spared. */
import type { Context } from "@contract/system.ts";
import type { Bulkhead } from "./bulkhead.ts";
import type { Item } from "./item.ts";

export interface ItemTable {
  /** Those that exist, in any order; one query. */
  find(ids: readonly string[]): Promise<Item[]>;
  /** Stores the value under the next version. */
  put(id: string, value: string): Promise<Item>;
  /** Stores items that have a version already; an older one changes nothing. */
  save(items: readonly Item[]): Promise<void>;
}

export async function openItemTable(
  { sql }: Context,
  bulkhead: Bulkhead,
): Promise<ItemTable> {
  await createTable(sql);
  return {
    find: (ids) =>
      bulkhead.run(async () => {
        const rows = await sql<Item[]>`
          SELECT id, value, version FROM items WHERE id = ANY(${[...ids]})`;
        return rows.map(toItem);
      }),
    put: (id, value) =>
      bulkhead.run(async () => {
        const [row] = await sql<Item[]>`
          INSERT INTO items (id, value, version) VALUES (${id}, ${value}, 1)
          ON CONFLICT (id) DO UPDATE
          SET value = excluded.value, version = items.version + 1
          RETURNING id, value, version`;
        return toItem(row!);
      }),
    save: (items) =>
      bulkhead.run(async () => {
        const ids = items.map(({ id }) => id);
        const values = items.map(({ value }) => value);
        const versions = items.map(({ version }) => String(version));
        // Three parameters, however many items. In the order of their ids: two instances that save at once do not block
        // each other.
        await sql`
          INSERT INTO items (id, value, version)
          SELECT * FROM unnest(
            ${ids}::text[], ${values}::text[], ${versions}::bigint[]
          ) AS written (id, value, version)
          ORDER BY id
          ON CONFLICT (id) DO UPDATE
          SET value = excluded.value, version = excluded.version
          WHERE items.version < excluded.version`;
      }),
  };
}

/** The driver gives a bigint as text. */
function toItem({ id, value, version }: Item): Item {
  return { id, value, version: Number(version) };
}

/** Two instances start together: the lock makes the second wait instead of failing half-way. */
async function createTable(sql: Context["sql"]): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(hashtext('items'))`;
    await transaction`
      CREATE TABLE IF NOT EXISTS items (
        id text PRIMARY KEY,
        value text NOT NULL,
        version bigint NOT NULL
      )`;
  });
}
