// The camera: looks for a symbol several times a second until one is read or somebody stops it.

import { Refused } from "./bytes.js";
import { readFrame } from "./symbol.js";

const EVERY = 150; // ms between two looks
const SIDE = 800;

let looking = 0;
let stream = null;

/** Show the camera's picture in `video`; gives the text of the first symbol, null when stopped. */
export async function look(video) {
  stop(video);
  const mine = ++looking;
  const opened = await start();
  if (mine !== looking) {
    end(opened);
    return null;
  }
  stream = opened;
  video.srcObject = opened;
  await video.play().catch(() => {});
  try {
    while (mine === looking) {
      const text = video.videoWidth ? await readFrame(video, video.videoWidth, video.videoHeight, SIDE) : null;
      if (text !== null) return mine === looking ? text : null;
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
    return null;
  } finally {
    if (mine === looking) stop(video);
  }
}

async function start() {
  if (!navigator.mediaDevices?.getUserMedia) throw new Refused("camera-needs-https");
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
    });
  } catch (fault) {
    throw new Refused(fault.name === "NotAllowedError" ? "camera-forbidden" : "no-camera");
  }
}

export function stop(video) {
  looking++;
  end(stream);
  stream = null;
  video.srcObject = null;
}

const end = (media) => media?.getTracks().forEach((track) => track.stop());
