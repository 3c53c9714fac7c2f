import { describe } from "@std/testing/bdd";
import {
  type Answer,
  check,
  expect,
  type Fault,
  hasCome,
  type Instance,
  type Lab,
  type Requester,
} from "@lab";
import { untilKnown } from "./known_edit.ts";
import {
  askInTurn,
  backendOf,
  BACKENDS,
  HOLD,
  nameBackends,
  sendAndHold,
  shown,
  tally,
  threeOf,
  type Weights,
} from "./balancer.ts";

describe("06.7 Config and draining", () => {
  check("06.7a", {
    title: "goes by one list on all instances, also while its store is away",
    kind: "pg",
    hint:
      "One row with a version. Each instance keeps a copy and serves from it; it looks for a newer one several times in 2 s of real time, by setTimeout.",
    instances: 2,
    timeoutMs: 20_000,
  }, async (lab) => {
    nameBackends(lab);
    const [first, second, third] = threeOf(lab);
    const [a, b] = [lab.on(0), lab.on(1)];
    expect(await listOf(a), "The list is empty at first")
      .toMatchObject({ backends: [] });
    await lab.setUpTogether();
    const { etag } = await listOf(a);

    const bare = await a.put("/admin/backends", bodyOf({ [first]: 1 }));
    expect(bare, "A PUT without If-Match is 428").toHaveStatus(428);
    expect(bare.json?.code, "…precondition_required")
      .toBe("precondition_required");
    const edit = await put(a, { [first]: 1 }, etag);
    expect(edit, "A PUT with the current ETag is 200").toHaveStatus(200);
    const fresh = edit.headers.get("etag");
    expect(
      typeof fresh === "string" && fresh !== etag,
      `…and answers with the new one; it was ${etag} and is ${fresh}`,
    ).toBe(true);
    for (const old of [etag, `"${lab.random.word(8)}"`]) {
      const refused = await put(a, { [second]: 1 }, old);
      expect(refused, "A PUT with any other ETag is 412").toHaveStatus(412);
      expect(refused.json?.code, "…precondition_failed")
        .toBe("precondition_failed");
    }
    for (const headers of [undefined, { "if-match": etag }]) {
      const senseless = bodyOf({ b9: 1 });
      expect(
        await a.put("/admin/backends", senseless, { headers }),
        "A list that makes no sense is 422, whichever list it is to replace",
      ).toHaveStatus(422);
    }
    await servesBy(lab, b, [first]);
    expect(
      tally(await askInTurn(a, 4)),
      "An edit that was refused changes nothing",
    ).toEqual({ [first]: 4 });
    const { etag: seen } = await listOf(b);
    expect(
      await put(b, { [second]: 1, [third]: 1 }, seen),
      "B can edit as well",
    )
      .toHaveStatus(200);
    await servesBy(lab, a, [second, third]);

    using away = lab.cut({ store: "postgres" });
    for (const instance of lab.instances) {
      expect(
        Object.keys(tally(await askInTurn(instance, 4))).toSorted(),
        "While Postgres is away the balancer serves by the list that it knows",
      ).toEqual([second, third].toSorted());
    }
    if (away.hits === 0) lab.inconclusive("Nobody was connected to Postgres");
  });

  check("06.7b", {
    title: "takes one of two edits of the same list",
    kind: "race",
    hint:
      "Compare and write in one statement: UPDATE … SET version = version + 1 WHERE version = $1. No row, no edit: 412.",
    instances: 2,
  }, async (lab) => {
    nameBackends(lab);
    for (const round of [0, 1]) {
      const [etag] = await sameEtag(lab);
      // None of them is the list of the round before: an ETag may be a hash of the list.
      const weights = lab.random.shuffle(BACKENDS).slice(0, 4)
        .map((id) => ({ [id]: 50 * round + lab.random.integer(1, 50) }));
      const answers = await lab.holdWrites(
        "postgres",
        () =>
          lab.burst(
            weights.length,
            (index) => put(lab.on(index), weights[index]!, etag!),
          ),
      );
      expect(
        answers.statuses,
        "Of 4 edits of the same list on two instances exactly 1 is taken, and 3 are 412",
      ).toEqual({ 200: 1, 412: 3 });
      const winner = answers.findIndex(({ status }) => status === 200);
      await sameEtag(lab);
      for (const instance of lab.instances) {
        const { backends } = await listOf(instance);
        expect(
          Object.fromEntries(backends.map(({ id, weight }) => [id, weight])),
          "…and the list is what was taken",
        ).toEqual(weights[winner]);
      }
    }
  });

  check("06.7c", {
    title: "lets a backend finish what it has begun when it is taken out",
    kind: "race",
    hint:
      "Out of the list means no new requests. Keep the backend and its count until the last request is over, and show it as draining.",
    instances: 2,
    timeoutMs: 20_000,
  }, async (lab) => {
    nameBackends(lab);
    const [leaving, staying] = threeOf(lab);
    const [a, b] = [lab.on(0), lab.on(1)];
    await edit(lab, b, { [leaving]: 1 });
    await knows(lab, a, [leaving]);
    lab.upstream(leaving).script([], HOLD);
    const crowd = await sendAndHold(lab, 10, [leaving]);
    await edit(lab, b, { [staying]: 1 });
    await knows(lab, a, [staying]);
    expect(
      await shown(a, leaving),
      "A backend that was taken out is draining while requests are under way",
    ).toMatchObject({ state: "draining", inFlight: 10 });
    expect(
      [...await askInTurn(a, 3), ...await askInTurn(b, 3)],
      "…and gets no new ones, on any instance",
    ).toEqual(Array(6).fill(staying));

    await edit(lab, b, { [leaving]: 1, [staying]: 1 });
    await lab.eventually(async () => {
      expect(
        await shown(a, leaving),
        "When it comes back it is up, with its requests under way",
      ).toMatchObject({ state: "up", inFlight: 10 });
    });
    await edit(lab, b, { [staying]: 1 });
    await lab.eventually(async () =>
      expect((await shown(a, leaving)).state, "Taken out again it is draining")
        .toBe("draining")
    );
    lab.upstream(leaving).release();
    for (const answers of crowd) {
      expect(
        (await answers).map(({ status }) => status),
        "All 10 requests that were under way are answered",
      ).toEqual(Array(10).fill(200));
    }
    await lab.eventually(async () => {
      expect(
        (await listOf(a)).backends.map(({ id }) => id),
        "Then it is not shown any more",
      ).toEqual([staying]);
    });
  });

  check("06.7d", {
    title: "loses no request while the instances are stopped in turn",
    kind: "fault",
    hint:
      "When it is asked to stop, an instance finishes what it has; when it starts, it knows the list before it listens. Read it before the factory returns.",
    instances: 2,
  }, async (lab) => {
    nameBackends(lab);
    const ids = threeOf(lab).slice(0, 2);
    const weights = Object.fromEntries(ids.map((id) => [id, 1]));
    await edit(lab, lab.on(0), weights);
    await knows(lab, lab.on(1), ids);
    const [first, second] = lab.random.shuffle(lab.instances);
    for (const leaving of [first!, second!]) {
      const other = leaving === first ? second! : first!;
      for (const id of ids) lab.upstream(id).script([], HOLD);
      const begun = lab.burst(6, () => leaving.get("/held"));
      await lab.eventually(() =>
        expect(heldBy(lab, ids), "Six requests are under way").toBe(6)
      );
      const startedMs = performance.now();
      const stopped = leaving.stop();
      nameBackends(lab);
      await lab.eventually(async () =>
        expect(
          (await leaving.get("/x")).reason,
          "An instance that is asked to stop takes no new connections",
        ).toBe("nobody listens")
      );
      for (const id of ids) lab.upstream(id).release();
      if (performance.now() - startedMs > STOP_MS / 2) {
        lab.inconclusive("The machine is too slow to stop within 2 s");
      }
      expect(
        (await begun).map(({ status }) => status),
        `While ${leaving.name} stops, requests under way are answered`,
      ).toEqual(Array(6).fill(200));
      expect(
        tally(await askInTurn(other, 4)),
        `…and ${other.name} serves the others`,
      ).toEqual(Object.fromEntries(ids.map((id) => [id, 2])));
      await stopped;

      // The one that has started again serves alone when the other one stops.
      if (leaving !== first) continue;
      using _slow = lab.latency({ store: "postgres" }, 20);
      await leaving.restart();
      const answer: Answer = await leaving.get("/x");
      expect(
        ids.includes(backendOf(answer)),
        `The first request after ${leaving.name} has started is served: ${answer.status}`,
      ).toBe(true);
    }
  });

  check("06.7e", {
    title: "takes no edit that it cannot save, and goes on when it can again",
    kind: "fault",
    hint:
      "Save an edit, and go by it then. The loop that looks for newer lists must outlive an error: catch it inside the loop.",
    instances: 2,
    timeoutMs: 20_000,
  }, async (lab) => {
    nameBackends(lab);
    const [first, second, third] = threeOf(lab);
    const [a, b] = lab.random.shuffle(lab.instances);
    await edit(lab, a!, { [first]: 1 });
    const [etag] = await sameEtag(lab);

    const away = await cutWhileTheyLook(lab);
    expect(
      await put(a!, { [second]: 1 }, etag!),
      "An edit that Postgres does not get ends in an error of the server",
    ).toHaveStatus(500, 502, 503, 504);
    for (const instance of lab.instances) {
      expect(
        tally(await askInTurn(instance, 4)),
        `…and changes nothing: ${instance.name} serves by the list from before`,
      ).toEqual({ [first]: 4 });
    }
    if (away.hits === 0) lab.inconclusive("Nobody was connected to Postgres");
    away.heal();

    await lab.eventually(async () => {
      expect(
        await put(b!, { [third]: 1 }, etag!),
        "When Postgres is back the list is what it was, and can be edited",
      ).toHaveStatus(200);
    });
    for (const instance of lab.instances) {
      await servesBy(lab, instance, [third]);
    }
  });
});

/** Takes Postgres away from all instances, in the middle of their next look at the list. */
async function cutWhileTheyLook(lab: Lab): Promise<Fault> {
  const looks = lab.instances
    .map((instance) => lab.holdNext(instance, "postgres", /./));
  // Who listens instead of looking asks nothing, and loses its connection all the same.
  await Promise.all(looks.map((look) => hasCome(look)));
  const away = lab.cut({ store: "postgres" });
  for (const look of looks) look.release();
  return away;
}

/** The contract gives an instance so long to finish. */
const STOP_MS = 2000;

interface List {
  readonly etag: string;
  readonly backends: readonly {
    readonly id: string;
    readonly weight: number;
  }[];
}

async function listOf(instance: Requester): Promise<List> {
  const answer = await instance.get("/admin/backends");
  expect(answer, "GET /admin/backends is 200").toHaveStatus(200);
  const etag = answer.headers.get("etag");
  expect(etag, "…and carries an ETag").toMatch(/^"[^"]+"$/);
  return { etag: etag!, backends: answer.json?.backends };
}

function bodyOf(weights: Weights) {
  return {
    backends: Object.entries(weights).map(([id, weight]) => ({ id, weight })),
  };
}

function put(
  instance: Requester,
  weights: Weights,
  etag: string,
): Promise<Answer> {
  return instance.put("/admin/backends", bodyOf(weights), {
    headers: { "if-match": etag },
  });
}

/** Reads, edits, and reads again if somebody's edit was not known yet. */
async function edit(
  lab: Lab,
  instance: Instance,
  weights: Weights,
): Promise<void> {
  await lab.eventually(async () => {
    const { etag } = await listOf(instance);
    expect(await put(instance, weights, etag), "An edit of the list is 200")
      .toHaveStatus(200);
  });
}

/** Waits until these and no others answer an instance's requests. */
async function servesBy(
  lab: Lab,
  instance: Instance,
  ids: readonly string[],
): Promise<void> {
  await untilKnown(lab, instance, async () => {
    // Asked for its list it might look for a newer one; it has to by itself.
    const answers = await lab.burst(2 * ids.length, () => instance.get("/x"));
    expect(
      Object.keys(tally(answers.map(backendOf))).toSorted(),
      `Within 2 s of real time ${instance.name} serves by the list that was put last`,
    ).toEqual(ids.toSorted());
  });
}

/** Waits until an instance says that it goes by a list of these. */
async function knows(
  lab: Lab,
  instance: Instance,
  ids: readonly string[],
): Promise<void> {
  await untilKnown(lab, instance, async () => {
    const { backends } = await listOf(instance);
    expect(
      backends.filter((one) => !("state" in one) || one.state !== "draining")
        .map(({ id }) => id).toSorted(),
      `Within 2 s of real time ${instance.name} knows the list that was put last`,
    ).toEqual(ids.toSorted());
  });
}

/** Waits until both instances know the same list. */
async function sameEtag(lab: Lab): Promise<string[]> {
  return await lab.eventually(async () => {
    const lists = await Promise.all(lab.instances.map(listOf));
    const etags = lists.map(({ etag }) => etag);
    expect(
      new Set(etags).size,
      "Within 2 s both instances know the same list, by its ETag",
    ).toBe(1);
    return etags;
  }, { withinMs: 4000 });
}

function heldBy(lab: Lab, ids: readonly string[]): number {
  return ids.reduce((sum, id) => sum + lab.upstream(id).held, 0);
}
