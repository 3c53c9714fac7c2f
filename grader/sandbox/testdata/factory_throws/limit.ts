export function readLimit(config?: { limit: number }): number {
  return config!.limit;
}
