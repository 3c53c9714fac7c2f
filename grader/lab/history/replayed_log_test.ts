import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  type LogInput,
  type LogOutput,
  type LogRecord,
  replayedLog,
} from "./replayed_log.ts";
import type { Operation } from "./types.ts";

type LogOperation = Operation<LogInput<string>, LogOutput<string>>;

describe("replayedLog()", () => {
  it("accepts a log that two consumers have read to its end", () => {
    const history = [
      append("a", 0, 1),
      append("b", 1, 1),
      append("c", 0, 2),
      poll("X", at(0, 1, "a"), at(1, 1, "b")),
      poll("Y"),
      poll("X", at(0, 2, "c")),
    ];
    expect(replayedLog(history)).toMatchObject({
      verdict: "valid",
      message: "",
    });
  });

  it("catches an acknowledged record that nobody is given", () => {
    const history = [
      append("a", 0, 1),
      append("b", 0, 2),
      poll("X", at(0, 1, "a")),
    ];
    expect(replayedLog(history)).toMatchObject({
      verdict: "invalid",
      lost: ["b"],
      message: 'acknowledged and given to nobody: "b"',
    });
  });

  it("cannot tell when an answer that may have held it went astray", () => {
    const astray = { ...poll("X"), outcome: "maybe" } as const;
    expect(replayedLog([append("a", 0, 1), astray]).verdict).toBe("unknown");
  });

  it("catches a consumer that goes past a record", () => {
    const history = [
      append("a", 0, 1),
      append("b", 0, 2),
      append("c", 0, 3),
      poll("X", at(0, 1, "a")),
      poll("X", at(0, 3, "c")),
      poll("Y", at(0, 2, "b")),
    ];
    expect(replayedLog(history)).toMatchObject({
      verdict: "invalid",
      skipped: ["0/2"],
    });
  });

  it("catches a consumer that goes back", () => {
    const history = [
      append("a", 0, 1),
      append("b", 0, 2),
      poll("X", at(0, 1, "a"), at(0, 2, "b")),
      poll("X", at(0, 1, "a")),
    ];
    expect(replayedLog(history)).toMatchObject({
      verdict: "invalid",
      nonmonotonic: ["0/1"],
    });
  });

  it("lets another consumer begin further back", () => {
    const history = [
      append("a", 0, 1),
      poll("X", at(0, 1, "a")),
      poll("Y", at(0, 1, "a")),
    ];
    expect(replayedLog(history).verdict).toBe("valid");
  });

  it("lets a consumer come back after another one has read on", () => {
    const history = [
      append("a", 0, 1),
      append("b", 0, 2),
      append("c", 0, 3),
      poll("X", at(0, 1, "a")),
      poll("Y", at(0, 2, "b")),
      poll("X", at(0, 3, "c")),
    ];
    expect(replayedLog(history).verdict).toBe("valid");
  });

  it("catches two records at one place, and one at two", () => {
    const history = [
      append("a", 0, 1),
      append("b", 0, 1),
      poll("X", at(0, 1, "a"), at(0, 2, "a"), at(0, 3, "b")),
    ];
    expect(replayedLog(history)).toMatchObject({
      verdict: "invalid",
      inconsistent: ["0/1"],
      duplicated: ["a", "b"],
    });
  });

  it("catches a record that nobody appended, or whose sender was told no", () => {
    const refused = { ...append("b", 0, 2), outcome: "fail" } as const;
    const history = [refused, poll("X", at(0, 1, "ghost"), at(0, 2, "b"))];
    expect(replayedLog(history)).toMatchObject({
      verdict: "invalid",
      unexpected: ["ghost", "b"],
    });
  });
});

let timeMs = 0;

function append(value: string, partition: number, offset: number) {
  return operation("producer", { kind: "append", value }, {
    partition,
    offset,
  });
}

function poll(client: string, ...records: LogRecord<string>[]) {
  return operation(client, { kind: "poll" }, records);
}

function at(partition: number, offset: number, value: string) {
  return { partition, offset, value };
}

function operation(
  client: string,
  input: LogInput<string>,
  output: LogOutput<string>,
): LogOperation {
  const startedAtMs = timeMs++;
  return {
    client,
    input,
    output,
    outcome: "ok",
    startedAtMs,
    endedAtMs: timeMs++,
  };
}
