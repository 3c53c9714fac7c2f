/**
 * 01.7: registers on a majority of three copies. Any two majorities share a copy, so whoever asks one hears of
 * everything that another has finished.
 *
 * @see Attiya, Bar-Noy and Dolev, "Sharing memory robustly in message-passing systems", 1995
 */
import type { Context } from "@contract/system.ts";
import { peerReplica } from "./peer_replica.ts";
import { ProblemError } from "./problem.ts";
import { firstTwo } from "./quorum.ts";
import { openReplica, type Replica, type Stored } from "./replica.ts";
import { isNewer, nextStamp, type Stamp } from "./stamp.ts";

export interface Registers {
  /** Gives the new version. */
  write(id: string, value: string): Promise<Stamp>;
  read(id: string): Promise<Stored | undefined>;
  /** From this instance's own copy, unless that is older than `min`. */
  readLocal(id: string, min: Stamp | undefined): Promise<Stored | undefined>;
  /** For the peers. */
  readonly own: Replica;
}

export async function openRegisters(context: Context): Promise<Registers> {
  const { instance, peers, config } = context;
  const own = await openReplica(context.sql);
  // Each peer has half the time, so that there is some left for the other one.
  const deadlineMs = Number(config.quorumDeadlineMs) / 2;
  const copies = [own, ...peers.map((peer) => peerReplica(peer, deadlineMs))];

  /** Nothing has been written yet, so "no" is the truth. */
  const ask = (id: string) =>
    firstTwo(copies, (copy) => copy.read(id))
      .catch(() => Promise.reject(noMajority()));

  const spread = (id: string, stored: Stored) =>
    firstTwo(copies, (copy) => copy.store(id, stored));

  async function read(id: string): Promise<Stored | undefined> {
    const answers = await ask(id);
    const newest = newestOf(answers);
    // Always, without looking who is behind: one more round trip, and nothing to get wrong.
    if (newest) {
      await spread(id, newest).catch(() => Promise.reject(noMajority()));
    }
    return newest;
  }

  return {
    own,
    read,

    async write(id, value) {
      const newest = newestOf(await ask(id));
      const stamp = nextStamp(newest?.stamp, instance);
      // Some copies may have it already, so "no" would be a lie.
      await spread(id, { value, stamp })
        .catch(() => Promise.reject(outcomeUnknown()));
      return stamp;
    },

    async readLocal(id, min) {
      const isEnough = (stored: Stored | undefined) =>
        min === undefined || stored && !isNewer(min, stored.stamp);
      const local = await own.read(id);
      if (isEnough(local)) return local;
      const newest = await read(id);
      if (isEnough(newest)) return newest;
      throw noMajority();
    },
  };
}

function newestOf(
  answers: readonly (Stored | undefined)[],
): Stored | undefined {
  return answers.reduce((newest, answer) =>
    answer && isNewer(answer.stamp, newest?.stamp) ? answer : newest
  );
}

function noMajority(): ProblemError {
  return new ProblemError({
    status: 503,
    code: "no_majority",
    detail: "This instance cannot reach a majority; nothing new was written",
    headers: { "retry-after": "1" },
  });
}

function outcomeUnknown(): ProblemError {
  return new ProblemError({
    status: 504,
    code: "outcome_unknown",
    detail: "The majority was lost half-way: this may be written, or not",
  });
}
