/** Writes vehicle frames as the Qt side does. */

import { FRAME_HEADER_BYTES, FRAME_MAGIC, FRAME_ROW_BYTES } from "../src/frame";

export interface Row {
  readonly handle: number;
  readonly lat: number;
  readonly lon: number;
  readonly speed: number;
  readonly heading: number;
  readonly atMs: number;
  readonly punctuality: number;
  readonly kind: number;
}

export function row(handle: number, lat: number, lon: number, more: Partial<Row> = {}): Row {
  return { handle, lat, lon, speed: 900, heading: 90, atMs: 0, punctuality: 0, kind: 0, ...more };
}

export function frameBytes(rows: readonly Row[], version: number, nowMs: number): ArrayBuffer {
  const buffer = new ArrayBuffer(FRAME_HEADER_BYTES + rows.length * FRAME_ROW_BYTES);
  const view = new DataView(buffer);
  view.setUint32(0, FRAME_MAGIC, true);
  view.setUint32(4, rows.length, true);
  view.setFloat64(8, version, true);
  view.setFloat64(16, nowMs, true);
  let at = FRAME_HEADER_BYTES;
  const column = (width: number, write: (row: Row, at: number) => void): void => {
    for (const one of rows) {
      write(one, at);
      at += width;
    }
  };
  column(8, (r, o) => view.setFloat64(o, r.atMs, true));
  column(4, (r, o) => view.setUint32(o, r.handle, true));
  column(4, (r, o) => view.setInt32(o, Math.round(r.lat * 1e7), true));
  column(4, (r, o) => view.setInt32(o, Math.round(r.lon * 1e7), true));
  column(2, (r, o) => view.setUint16(o, r.speed, true));
  column(2, (r, o) => view.setUint16(o, Math.round(r.heading * 100), true));
  column(1, (r, o) => view.setUint8(o, r.punctuality));
  column(1, (r, o) => view.setUint8(o, r.kind));
  return buffer;
}
