// Exponential for a type checker; types are stripped, not checked, before a run.
type Pair<T> = [T, T];
type Deep<T, N extends unknown[] = []> = N["length"] extends 40 ? T
  : Deep<Pair<T>, [...N, unknown]>;
const bomb = undefined as unknown as Deep<string>;

export default () => ({ fetch: () => new Response(typeof bomb) });
