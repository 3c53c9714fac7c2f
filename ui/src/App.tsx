/** Routes, and who may see them. */
import { LocationProvider, Route, Router } from "preact-iso";
import { useApp } from "./app_context.ts";
import { ErrorNote } from "./components/ErrorNote.tsx";
import { Loading } from "./components/Loading.tsx";
import { Shell } from "./components/Shell.tsx";
import { Enter } from "./pages/Enter.tsx";
import { Home } from "./pages/Home.tsx";
import { NotFound } from "./pages/NotFound.tsx";
import { SubmissionPage } from "./pages/SubmissionPage.tsx";
import { Submissions } from "./pages/Submissions.tsx";
import { WorkshopPage } from "./pages/WorkshopPage.tsx";

export function App() {
  return (
    <LocationProvider>
      <Shell>
        <Guarded />
      </Shell>
    </LocationProvider>
  );
}

function Guarded() {
  const { session } = useApp();
  const state = session.state.value;
  if (state.status === "loading") return <Loading what="your session" />;
  if (state.status === "failed") {
    return state.error.code === "unauthenticated"
      ? <Enter />
      : <ErrorNote error={state.error} onRetry={session.reload} />;
  }
  return (
    <Router onRouteChange={moveFocus}>
      <Route path="/" component={Home} />
      <Route
        path="/workshops/:slug/:view?/:stage?"
        component={WorkshopPage}
      />
      <Route path="/submissions" component={Submissions} />
      <Route path="/submissions/:id" component={SubmissionPage} />
      <Route default component={NotFound} />
    </Router>
  );
}

let lastPlace = "";

/** A new page is read from its beginning; another view of the same workshop leaves the focus on its link. */
function moveFocus(url: string) {
  const place = url.split("/").slice(0, 3).join("/");
  if (place !== lastPlace) {
    document.getElementById("main")?.focus({ preventScroll: true });
  }
  lastPlace = place;
}
