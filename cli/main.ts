/**
 * What `deno task …` runs. Each command is a file of its own and is loaded when it is asked for.
 *
 * @module
 */
import { program } from "./program.ts";

await program().parseAsync(Deno.args, { from: "user" });
