/** What a cache node can be asked, as Redis words it. */
import type { Clock } from "@contract/system.ts";
import type { ItemStore } from "./item_store.ts";
import {
  array,
  bulk,
  type Command,
  error,
  integer,
  NIL,
  OK,
  type Reply,
  simple,
  text,
} from "./resp.ts";

export interface CommandContext {
  readonly items: ItemStore;
  readonly clock: Clock;
}

interface Definition {
  /** Words, the name included. */
  readonly words: { readonly min: number; readonly max: number };
  /** Which words are keys. */
  readonly keys: "none" | "first" | "all";
  run(command: Command, context: CommandContext): Reply;
}

const COMMANDS: Readonly<Record<string, Definition>> = {
  PING: {
    words: { min: 1, max: 2 },
    keys: "none",
    run: ([, message]) => message ? bulk(message) : simple("PONG"),
  },
  ECHO: {
    words: { min: 2, max: 2 },
    keys: "none",
    run: ([, message]) => bulk(message),
  },
  SET: { words: { min: 3, max: 6 }, keys: "first", run: set },
  GET: {
    words: { min: 2, max: 2 },
    keys: "first",
    run: ([, key], { items }) => bulk(items.read(text(key!))),
  },
  MGET: {
    words: { min: 2, max: Infinity },
    keys: "all",
    run: ([, ...keys], { items }) =>
      array(keys.map((key) => bulk(items.read(text(key))))),
  },
  DEL: {
    words: { min: 2, max: Infinity },
    keys: "all",
    run([, ...keys], { items }) {
      const deleted = keys.map(text).filter((key) =>
        items.find(key) && items.delete(key)
      );
      return integer(deleted.length);
    },
  },
  EXPIRE: { words: { min: 3, max: 3 }, keys: "first", run: expire },
  PTTL: { words: { min: 2, max: 2 }, keys: "first", run: pttl },
  DBSIZE: {
    words: { min: 1, max: 1 },
    keys: "none",
    run: (_, { items }) => integer(items.size),
  },
};

export function isCommand(name: string): boolean {
  return Object.hasOwn(COMMANDS, name);
}

export function runCommand(command: Command, context: CommandContext): Reply {
  const name = nameOf(command);
  if (!isCommand(name)) {
    return error(`ERR unknown command '${text(command[0]!)}'`);
  }
  const { words, run } = COMMANDS[name]!;
  if (command.length < words.min || command.length > words.max) {
    return wrongNumber(name);
  }
  return run(command, context);
}

export function nameOf(command: Command): string {
  return text(command[0]!).toUpperCase();
}

/** The keys that a command is about; none for a command that is not known. */
export function keysOf(command: Command): string[] {
  const name = nameOf(command);
  const keys = isCommand(name) ? COMMANDS[name]!.keys : "none";
  if (keys === "none") return [];
  return command.slice(1, keys === "first" ? 2 : undefined).map(text);
}

export function wrongNumber(name: string): Reply {
  return error(
    `ERR wrong number of arguments for '${name.toLowerCase()}' command`,
  );
}

/** Undefined for anything but a whole number. */
export function wholeNumber(word: Uint8Array | undefined): number | undefined {
  const digits = word === undefined ? "" : text(word);
  return /^-?\d{1,15}$/.test(digits) ? Number(digits) : undefined;
}

export const NOT_A_NUMBER = error(
  "ERR value is not an integer or out of range",
);

function set(command: Command, { items, clock }: CommandContext): Reply {
  const key = text(command[1]!);
  let expiresAtMs = Infinity;
  let isOnlyIfAbsent = false;
  for (let at = 3; at < command.length; at++) {
    const option = text(command[at]!).toUpperCase();
    if (option === "NX") isOnlyIfAbsent = true;
    else if (option === "EX" || option === "PX") {
      const lifetime = wholeNumber(command[++at]);
      if (lifetime === undefined) return NOT_A_NUMBER;
      if (lifetime <= 0) {
        return error("ERR invalid expire time in 'set' command");
      }
      expiresAtMs = clock.now() + lifetime * (option === "EX" ? 1000 : 1);
    } else return error("ERR syntax error");
  }
  if (isOnlyIfAbsent && items.find(key) !== undefined) return NIL;
  items.write(key, command[2]!, expiresAtMs);
  return OK;
}

function expire([, key, seconds]: Command, context: CommandContext): Reply {
  const lifetime = wholeNumber(seconds);
  if (lifetime === undefined) return NOT_A_NUMBER;
  const { items, clock } = context;
  const isThere = items.expire(text(key!), clock.now() + lifetime * 1000);
  return integer(isThere ? 1 : 0);
}

function pttl([, key]: Command, { items, clock }: CommandContext): Reply {
  const item = items.find(text(key!));
  if (item === undefined) return integer(-2);
  if (item.expiresAtMs === Infinity) return integer(-1);
  return integer(item.expiresAtMs - clock.now());
}
