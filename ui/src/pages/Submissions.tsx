/** Everything that was ever submitted. */
import { useEffect } from "preact/hooks";
import { useApp } from "../app_context.ts";
import { HistoryPanel } from "../components/HistoryPanel.tsx";
import { useModel } from "../components/use_model.ts";
import { createHistory } from "../models/history.ts";

export function Submissions() {
  const { api } = useApp();
  const history = useModel(() => createHistory(api), []);
  useEffect(() => void (document.title = "Submissions · Trestle"), []);
  return (
    <>
      <h1 class="mb-6 text-4xl font-bold">Submissions</h1>
      <HistoryPanel history={history} submitLine="deno task submit 1" />
    </>
  );
}
