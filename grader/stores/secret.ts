/** 128 random bits, in hexadecimal: a password that needs no quoting. */
export function randomSecret(): string {
  return crypto.getRandomValues(new Uint8Array(16)).toHex();
}
