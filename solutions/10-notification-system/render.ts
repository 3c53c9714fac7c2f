/** From a template and data to the message that a provider gets. */
import {
  type Channel,
  type FieldKind,
  FIELDS,
  type Message,
  type Messages,
} from "./channels.ts";
import type { Data } from "./parse.ts";
import { unprocessable } from "./problem.ts";

const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;

/** The messages of these channels. Throws a 422 if one is not in the template, or a variable not in the data. */
export function render(
  content: Messages,
  { channels, data }: {
    readonly channels: readonly Channel[];
    readonly data: Data;
  },
): Messages {
  return Object.fromEntries(channels.map((channel) => {
    const message = content[channel];
    if (message === undefined) {
      throw unprocessable(
        "missing_channel",
        `The template has nothing for ${channel}`,
      );
    }
    return [channel, renderMessage(channel, message, data)];
  }));
}

function renderMessage(channel: Channel, message: Message, data: Data) {
  return Object.fromEntries(
    Object.entries(message).map(([field, text]) => {
      const write = WRITERS[FIELDS[channel][field]!];
      // A function, since "$&" in a replacing text would mean something; and one pass, so that values stay values.
      const filled = text.replace(PLACEHOLDER, (_, name: string) => {
        // Every object has a "constructor" that nobody gave it.
        if (Object.hasOwn(data, name)) return write(String(data[name]));
        throw unprocessable("missing_variable", `data has no "${name}"`);
      });
      return [field, filled];
    }),
  );
}

const WRITERS: Readonly<Record<FieldKind, (value: string) => string>> = {
  html: (value) =>
    value.replace(/[&<>"']/g, (character) => ENTITIES[character]!),
  // A line break in a subject would begin a header of the attacker's choice.
  line: (value) => value.replace(/[\r\n]+/g, " "),
  text: (value) => value,
};

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
