import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Whether a person looks at our output, so that spinners, clearing and one-key prompts make sense. */
export const isInteractive = Deno.stdout.isTerminal();

/** Colours: on a terminal, unless NO_COLOR says otherwise (https://no-color.org). */
export const hasColor = isInteractive && !Deno.noColor;

/** Styles `text` where colours are wanted. */
export function paint(style: Style, text: string): string {
  return hasColor ? styleText(style, text, { validateStream: false }) : text;
}
