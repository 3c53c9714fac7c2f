import type { RunEvent } from "@contract/events.ts";
import process from "node:process";
import spinner from "yocto-spinner";
import { shownMs } from "./durations.ts";
import { isInteractive, paint } from "./paint.ts";
import { checkMark } from "./statuses.ts";

/** What a person watches while a run goes on: check by check, with a spinner on the one under way. */
export interface RunView extends Disposable {
  readonly onEvent: (event: RunEvent) => void;
  /** Says what is under way before the checks begin. */
  wait(text: string): void;
  /** Says what is worth a line of its own. */
  say(line: string): void;
}

/** Draws on the terminal; elsewhere it prints each finished check on a line of its own. */
export function openRunView(): RunView {
  const turning = isInteractive
    ? spinner({ stream: process.stdout })
    : undefined;
  const show = (line: string) => {
    turning?.stop();
    console.log(line);
  };
  const wait = (text: string) => {
    if (turning === undefined) return;
    turning.text = text;
    if (!turning.isSpinning) turning.start();
  };
  return {
    wait,
    say: show,
    onEvent: (event) => {
      if (event.kind === "stage_started") {
        show(paint("bold", `Stage ${event.stage} ${event.title}`));
      } else if (event.kind === "check_started") {
        wait(`${event.id} ${event.title}`);
      } else if (event.kind === "check_finished") {
        const { id, title, status, wallMs, attempts } = event.check;
        const tries = attempts > 1 ? `, try ${attempts}` : "";
        const took = paint("gray", `${shownMs(wallMs)}${tries}`);
        show(`  ${checkMark(status)} ${id} ${title}  ${took}`);
      } else if (event.kind === "run_finished") {
        turning?.stop();
      }
    },
    [Symbol.dispose]: () => void turning?.stop(),
  };
}

/** For programs that read our output: nothing but the result. */
export function silentRunView(): RunView {
  const nothing = () => {};
  return {
    onEvent: nothing,
    wait: nothing,
    say: nothing,
    [Symbol.dispose]: nothing,
  };
}
