/** Which of the 16,384 slots a key belongs to, as in Redis Cluster. */

export const SLOTS = 16384;

/** CRC16 (XMODEM) of the key, or of its hash tag, modulo the number of slots. */
export function slotOf(key: string): number {
  return crc16(new TextEncoder().encode(hashTag(key))) % SLOTS;
}

/** What stands between the first "{" and the next "}", if that is anything: keys that share it share a slot. */
function hashTag(key: string): string {
  const open = key.indexOf("{");
  const close = key.indexOf("}", open + 1);
  return open === -1 || close <= open + 1 ? key : key.slice(open + 1, close);
}

function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
    }
    crc &= 0xffff;
  }
  return crc;
}
