/** Starts the kit's database in the folder given, commits one row, says so, and waits to be killed. */
import postgres from "postgres";
import { startKitDatabase } from "../kit_database.ts";

const database = await startKitDatabase({ dir: Deno.args[0] });
const sql = postgres(database.connection);
await sql`CREATE TABLE grades AS SELECT 1 AS n`;
console.log("committed");
setInterval(() => {}, 60_000);
