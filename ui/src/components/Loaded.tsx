/** Draws a resource in each of its states. */
import type { ComponentChildren } from "preact";
import type { Resource } from "../models/resource.ts";
import { ErrorNote } from "./ErrorNote.tsx";
import { Loading } from "./Loading.tsx";
import { useReloadOnContact } from "./use_model.ts";

interface LoadedProps<T> {
  readonly resource: Resource<T>;
  readonly reload: () => void;
  /** "the workshops" */
  readonly what: string;
  readonly children: (value: T) => ComponentChildren;
}

export function Loaded<T>(
  { resource, reload, what, children }: LoadedProps<T>,
) {
  useReloadOnContact(reload);
  switch (resource.status) {
    case "loading":
      return <Loading what={what} />;
    case "failed":
      return <ErrorNote error={resource.error} onRetry={reload} />;
    case "ready":
      return <>{children(resource.value)}</>;
  }
}
