/** What a cache node can be asked, as Redis words it. */
import type { Clock } from "@contract/system.ts";
import type { ItemStore } from "./item_store.ts";
import {
  type Command,
  error,
  notImplemented,
  type Reply,
  text,
} from "./resp.ts";

export interface CommandContext {
  readonly items: ItemStore;
  readonly clock: Clock;
}

/** Carries out any command of the contract that is about items. */
export function runCommand(command: Command, _context: CommandContext): Reply {
  // TODO 04.1
  return notImplemented("04.1", `answer ${nameOf(command)}`);
}

export function nameOf(command: Command): string {
  return text(command[0]!).toUpperCase();
}

/** The keys that a command is about; none for a command without keys. */
export function keysOf(_command: Command): string[] {
  // TODO 04.3
  return [];
}

export function wrongNumber(name: string): Reply {
  return error(
    `ERR wrong number of arguments for '${name.toLowerCase()}' command`,
  );
}
