/** Before signing in. */
import { Button } from "../components/Button.tsx";
import { Command } from "../components/Command.tsx";
import { useApp } from "../app_context.ts";

export function Enter() {
  const { session } = useApp();
  return (
    <div class="mx-auto grid max-w-xl gap-4 py-12">
      <h1 class="text-4xl font-bold">Come in by the printed link</h1>
      <p>
        Trestle has no passwords. When it starts it prints a link that works for
        this server only; open that link once in this browser.
      </p>
      <Command line="deno task start" />
      <p class="text-soft">
        If you have opened the link just now, in another tab, go on here.
      </p>
      <p>
        <Button onClick={session.reload}>I have opened the link</Button>
      </p>
    </div>
  );
}
