/** A few workers take jobs from a list that has an end. */
import { ProblemError } from "./problem.ts";

export interface BulkheadOptions {
  readonly inFlightMax: number;
  readonly queueMax: number;
}

type Job = () => Promise<void>;

export class Bulkhead {
  readonly #options: BulkheadOptions;
  readonly #jobs: Job[] = [];
  #idle: number;

  constructor(options: BulkheadOptions) {
    this.#options = options;
    this.#idle = options.inFlightMax;
  }

  run<T>(operation: () => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const job = () => operation().then(resolve, reject);
    if (this.#idle > 0) {
      this.#idle--;
      this.#work(job);
    } else if (this.#jobs.length < this.#options.queueMax) {
      this.#jobs.push(job);
    } else {
      const detail = "The list of jobs for the database is full";
      reject(
        new ProblemError(503, "overloaded", detail, { "retry-after": "2" }),
      );
    }
    return promise;
  }

  async #work(first: Job): Promise<void> {
    for (let job: Job | undefined = first; job; job = this.#jobs.shift()) {
      await job();
    }
    this.#idle++;
  }
}
