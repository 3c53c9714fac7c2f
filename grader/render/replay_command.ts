/** The command that repeats a check with the same inputs: `deno task workshop 3 --stage 4 --seed 1a2b3c4d`. */
export function replayCommand(checkId: string, seed: string): string {
  const [, workshop, stage] = /^(\d+)\.(\d+)/.exec(checkId) ?? [];
  return workshop === undefined
    ? `--seed ${seed}`
    : `deno task workshop ${Number(workshop)} --stage ${stage} --seed ${seed}`;
}
