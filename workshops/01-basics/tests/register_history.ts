/** Histories of reads, writes and conditional writes, and their judge. */
import {
  type Answer,
  expect,
  type Lab,
  linearizable,
  recordHistory,
  type RegisterInput,
  registerModel,
} from "@lab";

/** One register per key; a value tells which write it came from, so all values are different. */
export interface RegisterHistory {
  read(client: Client): Promise<Answer>;
  write(client: Client, value: string): Promise<Answer>;
  /** A write on condition that the register still holds `expected`. */
  swap(
    client: Client,
    values: { readonly expected: string; readonly value: string },
    headers: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  /** Throws when no order of all operations explains all answers. */
  expectLinearizable(): void;
}

export interface Client {
  /** Index of the instance that it asks. */
  readonly on: number;
  readonly name: string;
  readonly key: string;
}

/** @param path Where registers are: "/kv" or "/registers". */
export function registerHistory(lab: Lab, path: string): RegisterHistory {
  const history = recordHistory<RegisterInput<string>, string>(lab.nowMs);
  return {
    read({ on, name, key }) {
      return history.record(
        { client: name, key, input: { kind: "read" } },
        () => lab.on(on).get(`${path}/${key}`),
        (answer) => answer.json?.value,
      );
    },
    write({ on, name, key }, value) {
      return history.record(
        { client: name, key, input: { kind: "write", value } },
        () => lab.on(on).put(`${path}/${key}`, { value }),
        () => undefined as never,
      );
    },
    swap({ on, name, key }, { expected, value }, headers) {
      return history.record(
        {
          client: name,
          key,
          input: { kind: "compareAndSet", expected, value },
        },
        () => lab.on(on).put(`${path}/${key}`, { value }, { headers }),
        () => undefined as never,
      );
    },
    expectLinearizable() {
      const { verdict, message } = linearizable(
        history.operations,
        registerModel(""),
      );
      if (verdict === "unknown") lab.inconclusive(message);
      expect(
        verdict === "valid" ? "such an order" : message,
        `There is one order of all ${history.operations.length} operations, each between its request and its answer, that explains every answer`,
      ).toBe("such an order");
    },
  };
}
