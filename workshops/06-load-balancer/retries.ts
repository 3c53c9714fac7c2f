/** What may be asked a second time, and how often that may happen. */

/** When everything fails, retries only add to the load: they have to be earned by requests, and few can be saved up. */
export class RetryBudget {
  constructor(readonly retriesMax: number) {}

  /** A request has come. */
  earn(): void {
    // TODO 06.6: a tenth of a retry, and no more than retriesMax in all.
  }

  /** Takes one retry; false if there is none left. */
  spend(): boolean {
    return false;
  }
}

/** A body as it is sent on: as it comes, or whole if it may have to be sent twice. */
export interface Sending {
  readonly body: ReadableStream<Uint8Array> | ArrayBuffer | null;
  readonly isRepeatable: boolean;
}

export function sendingOf({ body }: Request): Promise<Sending> {
  // TODO 06.6: which requests may be asked twice?
  return Promise.resolve({ body, isRepeatable: false });
}
