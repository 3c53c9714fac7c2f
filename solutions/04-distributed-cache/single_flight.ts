/** Everybody who wants the same thing at the same time waits for one who gets it. */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Promise<T>>();

  /** Joins the flight of this key, or starts one. A failure reaches all aboard, and is forgotten with the flight. */
  run(key: string, operation: () => Promise<T>): Promise<T> {
    const known = this.#flights.get(key);
    if (known) return known;
    const flight = operation().finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }
}
