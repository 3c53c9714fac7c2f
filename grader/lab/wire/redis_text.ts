import type { RespListener } from "./resp_scanner.ts";
import { EXCHANGE_CHARACTERS_MAX, shortText } from "./short_text.ts";

/** Collects the arguments of one command after another. */
export class CommandReader implements RespListener {
  #args: string[] = [];

  /** The arguments since the last call: `["SET", "limit:alice", "9"]`. */
  take(): readonly string[] {
    const args = this.#args;
    this.#args = [];
    return args;
  }

  leaf(type: string, text: string): void {
    if (type === "inline") this.#args = text.trim().split(/\s+/);
    else if (this.#args.length < ARGUMENTS_MAX) this.#args.push(text);
  }

  open(): void {}
  close(): void {}
}

/** "SET limit:alice 9 PX 60000" */
export function commandText(args: readonly string[]): string {
  const name = args[0]?.toUpperCase() ?? "";
  const words = args.slice(1).map((arg, index) =>
    word(arg, index === 0 && SCRIPTS.has(name) ? 60 : 120)
  );
  if (args.length >= ARGUMENTS_MAX) words.push("…");
  return shortText([name, ...words].join(" "), EXCHANGE_CHARACTERS_MAX);
}

/** Builds the short form of one reply after another: `"9"`, `OK`, `nil`, `["a", "b"]`, `error WRONGTYPE …`. */
export class ReplyReader implements RespListener {
  #text = "";
  #needsComma = false;
  #topType = "";
  #words: string[] = [];

  take(): { text: string; topType: string; words: readonly string[] } {
    const taken = {
      text: shortText(this.#text, REPLY_CHARACTERS_MAX),
      topType: this.#topType,
      words: this.#words,
    };
    this.#text = "";
    this.#needsComma = false;
    this.#words = [];
    return taken;
  }

  leaf(type: string, text: string, length: number, depth: number): void {
    if (depth === 0) this.#topType = type;
    if (depth === 1 && this.#words.length < 3) this.#words.push(text);
    this.#add(leafText(type, text, length));
    this.#needsComma = true;
  }

  open(type: string, _count: number, depth: number): void {
    if (depth === 0) this.#topType = type;
    this.#add("[");
    this.#needsComma = false;
  }

  close(): void {
    if (this.#text.length <= REPLY_CHARACTERS_MAX) this.#text += "]";
    this.#needsComma = true;
  }

  #add(piece: string): void {
    // One character more than is shown, so that the cut is marked.
    if (this.#text.length > REPLY_CHARACTERS_MAX) return;
    this.#text += (this.#needsComma ? ", " : "") + piece;
  }
}

function leafText(type: string, text: string, length: number): string {
  switch (type) {
    case "_":
      return "nil";
    case "-":
    case "!":
      return `error ${text}`;
    case "#":
      return text === "t" ? "true" : "false";
    case "$":
    case "=":
      return length > REPLY_CAPTURE_BYTES
        ? `"${text}…" (${length} bytes)`
        : `"${text}"`;
    default:
      return text;
  }
}

function word(arg: string, charactersMax: number): string {
  const short = shortText(arg, charactersMax);
  return short === "" || short.includes(" ") ? `"${short}"` : short;
}

/** Arguments of a command that are looked at. */
export const ARGUMENTS_MAX = 40;
/** Enough for a whole Lua script. */
export const COMMAND_CAPTURE_BYTES = 8_192;
export const REPLY_CAPTURE_BYTES = 80;
const REPLY_CHARACTERS_MAX = 160;
const SCRIPTS = new Set(["EVAL", "EVAL_RO", "FUNCTION"]);
