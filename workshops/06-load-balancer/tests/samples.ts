/** One line of what GET /metrics says. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The samples in a text of Prometheus' format; comments and what cannot be read are left out. */
export function samplesIn(text: string): Sample[] {
  return text.split("\n").flatMap((line) => {
    const match = /^(\w+)(?:\{(.*)\})? (\d+(?:\.\d+)?)$/.exec(line);
    if (match === null) return [];
    const [, name = "", labels = "", value] = match;
    const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)];
    return [{
      name,
      labels: Object.fromEntries(pairs.map(([, key, word]) => [key, word])),
      value: Number(value),
    }];
  });
}

/** The sum of a metric for each value of one of its labels; zeros are left out. */
export function byLabel(
  samples: readonly Sample[],
  name: string,
  label: string,
): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const sample of samples) {
    if (sample.name !== name || sample.value === 0) continue;
    const key = sample.labels[label] ?? "";
    sums[key] = (sums[key] ?? 0) + sample.value;
  }
  return sums;
}
