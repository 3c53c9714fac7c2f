/** What every page may reach. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Api } from "./api.ts";
import type { Contact, Session } from "./models/session.ts";
import type { Shortcuts } from "./models/shortcuts.ts";
import type { ThemeChoice } from "./models/theme.ts";

export interface App {
  readonly api: Api;
  readonly contact: Contact;
  readonly session: Session;
  readonly theme: ThemeChoice;
  readonly shortcuts: Shortcuts;
}

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error("useApp() needs an AppContext above");
  return app;
}
