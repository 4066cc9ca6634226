/** The vehicle frame: the binary answer of `live/vehicles`, little-endian columns. */

export const FRAME_MAGIC = 0x31465654; // "TVF1"
export const FRAME_HEADER_BYTES = 24;
export const FRAME_ROW_BYTES = 26;

/** What stands in a column where a device tells no speed or heading. */
export const UNKNOWN = 0xffff;

export interface Frame {
  readonly version: number;
  /** The gateway's clock when the frame was made, ms since 1970 UTC. */
  readonly nowMs: number;
  readonly count: number;
  /** When each fix was taken, ms since 1970 UTC. */
  readonly atMs: Float64Array;
  readonly handle: Uint32Array;
  /** 1e-7 degrees. */
  readonly lat: Int32Array;
  readonly lon: Int32Array;
  /** cm/s. */
  readonly speed: Uint16Array;
  /** 0.01 degrees clockwise from north. */
  readonly heading: Uint16Array;
  readonly punctuality: Uint8Array;
  readonly kind: Uint8Array;
}

export class FrameError extends Error {}

/** Reads a frame without copying; throws FrameError where the bytes are not one. */
export function decodeFrame(buffer: ArrayBuffer): Frame {
  if (buffer.byteLength < FRAME_HEADER_BYTES) throw new FrameError("frame is shorter than its header");
  const head = new DataView(buffer);
  if (head.getUint32(0, true) !== FRAME_MAGIC) throw new FrameError("not a vehicle frame");
  const count = head.getUint32(4, true);
  const wanted = FRAME_HEADER_BYTES + count * FRAME_ROW_BYTES;
  if (buffer.byteLength !== wanted) {
    throw new FrameError(`frame of ${count} vehicles has ${buffer.byteLength} bytes, not ${wanted}`);
  }
  let at = FRAME_HEADER_BYTES;
  const column = <T>(make: (offset: number) => T, width: number): T => {
    const made = make(at);
    at += width * count;
    return made;
  };
  return {
    version: head.getFloat64(8, true),
    nowMs: head.getFloat64(16, true),
    count,
    atMs: column((o) => new Float64Array(buffer, o, count), 8),
    handle: column((o) => new Uint32Array(buffer, o, count), 4),
    lat: column((o) => new Int32Array(buffer, o, count), 4),
    lon: column((o) => new Int32Array(buffer, o, count), 4),
    speed: column((o) => new Uint16Array(buffer, o, count), 2),
    heading: column((o) => new Uint16Array(buffer, o, count), 2),
    punctuality: column((o) => new Uint8Array(buffer, o, count), 1),
    kind: column((o) => new Uint8Array(buffer, o, count), 1),
  };
}
