/** Ties a model's life to a component's. */
import { useEffect, useMemo } from "preact/hooks";
import { useApp } from "../app_context.ts";

/** Makes the model when the component appears and whenever a key changes; disposes of it afterwards. */
export function useModel<T extends { dispose(): void }>(
  create: () => T,
  keys: readonly unknown[],
): T {
  const model = useMemo(create, keys as unknown[]);
  useEffect(() => () => model.dispose(), [model]);
  return model;
}

/** Calls `reload` when the server can be reached again. */
export function useReloadOnContact(reload: () => void): void {
  const { contact } = useApp();
  useEffect(() => {
    let wasReached = contact.isReached.value;
    return contact.isReached.subscribe((isReached) => {
      if (isReached && !wasReached) reload();
      wasReached = isReached;
    });
  }, [reload]);
}
