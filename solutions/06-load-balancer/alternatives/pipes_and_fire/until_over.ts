/** The pipe settles when the body has ended, has broken off, or its reader has cancelled. */
export function untilOver(
  body: ReadableStream<Uint8Array>,
  onOver: () => void,
): ReadableStream<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  body.pipeTo(writable).catch(() => {}).finally(onOver);
  return readable;
}
