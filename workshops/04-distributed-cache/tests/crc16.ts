/** CRC16 as Redis Cluster uses it (XMODEM: polynomial 0x1021, start 0), by its definition as long division. */
export function crc16(text: string): number {
  const bits = [...new TextEncoder().encode(text), 0, 0]
    .map((byte) => byte.toString(2).padStart(8, "0")).join("");
  let remainder = 0;
  for (const bit of bits) {
    remainder = remainder * 2 + Number(bit);
    if (remainder > 0xffff) remainder ^= 0x11021;
  }
  return remainder;
}
