/** What a save or a key asks for. */
export type WatchAction =
  | "run"
  | "fresh"
  | "next"
  | "hint"
  | "all"
  | "full"
  | "quit";

const KEYS: Readonly<
  Record<string, { readonly action: WatchAction; readonly says: string }>
> = {
  r: { action: "fresh", says: "rerun" },
  n: { action: "next", says: "next stage" },
  h: { action: "hint", says: "hint" },
  a: { action: "all", says: "all stages" },
  f: { action: "full", says: "all failures in full" },
  q: { action: "quit", says: "quit" },
};

/** The action of a key; undefined for any other key. */
export function actionOfKey(key: string): WatchAction | undefined {
  return KEYS[key]?.action;
}

/** "r rerun · n next stage · …" */
export function keysText(): string {
  return Object.entries(KEYS)
    .map(([key, { says }]) => `${key} ${says}`)
    .join(" · ");
}
