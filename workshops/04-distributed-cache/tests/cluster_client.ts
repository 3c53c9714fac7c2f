/** A client of the cluster that goes where it is sent. */
import {
  CheckFailure,
  type Instance,
  type Lab,
  type RespClient,
  type RespCommand,
  type RespReply,
} from "@lab";
import { crc16 } from "./crc16.ts";

/** Sent on more often than this, a client gives up. */
const HOPS_MAX = 5;
const REDIRECT = /^-(MOVED|ASK) (\d+) ([ABC]):6379$/;

export class ClusterClient implements Disposable {
  readonly #lab: Lab;
  readonly #clients = new Map<string, Promise<RespClient>>();

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  /** A connection to one node, straight: redirections are not followed. */
  node(name: string): Promise<RespClient> {
    const known = this.#clients.get(name);
    if (known) return known;
    const instance = this.#lab.instances.find((one) => one.name === name)!;
    const client = instance.resp();
    this.#clients.set(name, client);
    return client;
  }

  /** Asks `first`, then whoever it names. */
  async follow(first: string, command: RespCommand): Promise<RespReply> {
    let name = first;
    let isAsking = false;
    for (let hop = 0; hop < HOPS_MAX; hop++) {
      const client = await this.node(name);
      const commands = isAsking ? [["ASKING"], command] : [command];
      const reply = (await client.pipeline(commands)).at(-1)!;
      const sentOn = redirectOf(reply);
      if (sentOn === undefined) return reply;
      ({ name, isAsking } = sentOn);
    }
    throw new CheckFailure({
      rule: "A client that goes where it is sent arrives",
      expected: `an answer to ${command[0]} ${command[1]}`,
      received: `it was sent on ${HOPS_MAX} times, to ${name} at last`,
    });
  }

  [Symbol.dispose](): void {
    for (const client of this.#clients.values()) {
      client.then((open) => open.close(), () => {});
    }
  }
}

/** Where a reply sends its client; undefined when it is an answer. */
export function redirectOf(
  reply: RespReply,
): { name: string; slot: number; isAsking: boolean } | undefined {
  const match = typeof reply === "string" ? REDIRECT.exec(reply) : null;
  if (match === null) return undefined;
  const [, kind, slot, name] = match;
  return { name: name!, slot: Number(slot), isAsking: kind === "ASK" };
}

/** The slot of a key without braces. */
export function plainSlot(key: string): number {
  return crc16(key) % 16384;
}

/** The node that a slot belongs to at first. */
export function firstOwner(
  slot: number,
  instances: readonly Instance[],
): string {
  return instances[Math.floor(slot * instances.length / 16384)]!.name;
}
