/** From a template and data to the message that a provider gets. */
import type { Channel, Messages } from "./channels.ts";
import type { Data } from "./parse.ts";
import { notImplemented } from "./problem.ts";

/** The messages of these channels. Throws a 422 if one is not in the template, or a variable not in the data. */
export function render(
  _content: Messages,
  _order: { readonly channels: readonly Channel[]; readonly data: Data },
): Messages {
  // TODO 10.1: FIELDS in channels.ts says how each field is written.
  throw notImplemented("10.1 Templates", "fill in templates in render.ts");
}
