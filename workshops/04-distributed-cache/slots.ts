/** Which of the 16,384 slots a key belongs to, as in Redis Cluster. */

export const SLOTS = 16384;

/** CRC16 (XMODEM) of the key, or of its hash tag, modulo the number of slots. */
export function slotOf(_key: string): number {
  // TODO 04.3
  return 0;
}
