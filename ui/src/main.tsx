/** Puts the page together: the one place where its parts are made. */
import { render } from "preact";
import { createApi } from "./api.ts";
import { App } from "./App.tsx";
import { AppContext } from "./app_context.ts";
import { createContact, createSession } from "./models/session.ts";
import { createShortcuts } from "./models/shortcuts.ts";
import { createTheme } from "./models/theme.ts";

const contact = createContact(() => api.health());
const api = createApi({
  baseUrl: location.origin,
  onContact: contact.report,
});
const session = createSession(api);
const theme = createTheme(localStorage, document.documentElement.dataset);
const shortcuts = createShortcuts(localStorage);

render(
  <AppContext.Provider value={{ api, contact, session, theme, shortcuts }}>
    <App />
  </AppContext.Provider>,
  document.getElementById("app")!,
);
