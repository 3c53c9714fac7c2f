/** Stands for a store that this check does without: every use of it says so. */
export function absentStore<T extends object>(name: "Postgres" | "Redis"): T {
  const refuse = () => {
    throw new Error(`This stage runs without ${name}`);
  };
  return new Proxy(function () {}, {
    apply: refuse,
    construct: refuse,
    set: refuse,
    get(_target, property) {
      // `await` and console.log look at these on any value; only real uses are to fail.
      if (typeof property === "symbol" || property === "then") return undefined;
      return refuse();
    },
  }) as unknown as T;
}
