// Reading a QR symbol in a picture: by the browser's own detector, else by a decoder that is
// fetched when it is first needed.

import { Refused } from "./bytes.js";

const SIDES = [1000, 1600, 600, 2400]; // px of the longer side, in the order in which they are tried

let decoder = null;

/** Where the decoder lies, for browsers without a detector; null: nowhere. */
export function setDecoder(address) {
  decoder = address;
}

let detector;

/** The browser's own detector of QR symbols, or null. */
export async function ownDetector() {
  if (detector === undefined) {
    detector = null;
    try {
      const formats = await globalThis.BarcodeDetector.getSupportedFormats();
      if (formats.includes("qr_code")) detector = new globalThis.BarcodeDetector({ formats: ["qr_code"] });
    } catch {
      // none, or one that cannot
    }
  }
  return detector;
}

/** Whether symbols can be read at all. */
export const canRead = async () => decoder !== null || (await ownDetector()) !== null;

/** The text of a symbol in a photo, or null. */
export async function readPhoto(file) {
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new Refused("no-picture");
  });
  const longest = Math.max(bitmap.width, bitmap.height);
  const sides = [...new Set(SIDES.map((side) => Math.min(side, longest)))];
  try {
    for (const side of sides) {
      const text = await readFrame(bitmap, bitmap.width, bitmap.height, side);
      if (text !== null) return text;
    }
    return null;
  } finally {
    bitmap.close();
  }
}

const canvas = document.createElement("canvas");

/** The text of a symbol in a picture or a frame of video made at most `side` px long, or null. */
export async function readFrame(source, width, height, side) {
  const scale = Math.min(1, side / Math.max(width, height));
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(source, 0, 0, canvas.width, canvas.height);
  const own = await ownDetector();
  if (own) return (await own.detect(canvas))[0]?.rawValue ?? null;
  return decode(pen.getImageData(0, 0, canvas.width, canvas.height));
}

async function decode(image) {
  if (!decoder) throw new Refused("no-decoder");
  const { decodeQR } = await import(decoder).catch(() => {
    throw new Refused("no-decoder");
  });
  try {
    return decodeQR(image);
  } catch {
    return null; // no symbol, or one that cannot be read
  }
}
