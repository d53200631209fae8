/**
 * One end of a WebRTC call, in a web page: a data channel whose bytes are sent back, and a picture
 * that moves. The two ends never meet here: whoever drives both carries offer and answer across, with
 * all candidates in them.
 *
 * The functions run inside the page and are self-contained: they travel as text.
 */

/** @import { WebPage } from "./types.js" */

/**
 * @typedef {object} Line
 * @property {"direct" | "udp" | "tcp"} via  straight, or through TURN over one of the two only
 * @property {string} server                 host of STUN and TURN
 * @property {string} [offer]                what the other end offers; none: this end calls
 */

/**
 * Runs in the page: begins a call, or takes one.
 * @param {Line} line
 * @returns {Promise<{sdp: string, candidates: string[]}>}
 */
export async function dial({ via, server, offer }) {
  const GATHERS_WITHIN = 2500;
  const scope = /** @type {any} */ (globalThis);
  scope.call?.peer.close();
  const turn = { urls: `turn:${server}:3478?transport=${via}`, username: "lab", credential: "lab" };
  const peer = new RTCPeerConnection({
    iceServers: via === "direct" ? [{ urls: `stun:${server}:3478` }] : [turn],
    iceTransportPolicy: via === "direct" ? "all" : "relay",
  });
  const call = (scope.call = { peer, echoed: 0, began: performance.now(), connectedAfter: 0 });
  peer.addEventListener("connectionstatechange", () => {
    if (peer.connectionState === "connected") call.connectedAfter ||= performance.now() - call.began;
  });
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  let tick = 0;
  setInterval(() => {
    if (!pen) return;
    pen.fillStyle = `hsl(${(tick = (tick + 7) % 360)} 80% 50%)`;
    pen.fillRect(0, 0, canvas.width, canvas.height);
  }, 50);
  for (const track of canvas.captureStream(20).getTracks()) peer.addTrack(track);
  // A stream that nobody plays is not decoded in every browser.
  peer.addEventListener("track", ({ track }) => {
    const video = Object.assign(document.createElement("video"), { muted: true, srcObject: new MediaStream([track]) });
    document.body.append(video);
    void video.play().catch(() => {});
  });
  if (offer) {
    peer.addEventListener("datachannel", ({ channel }) => {
      channel.binaryType = "arraybuffer";
      channel.addEventListener("message", ({ data }) => channel.send(data));
    });
    await peer.setRemoteDescription({ type: "offer", sdp: offer });
    await peer.setLocalDescription(await peer.createAnswer());
  } else {
    const channel = peer.createDataChannel("echo");
    channel.binaryType = "arraybuffer";
    channel.addEventListener("open", () => channel.send(new Uint8Array(16_384)));
    channel.addEventListener("message", ({ data }) => (call.echoed += data.byteLength));
    await peer.setLocalDescription(await peer.createOffer());
  }
  // Under some policies gathering never ends.
  const end = performance.now() + GATHERS_WITHIN;
  while (peer.iceGatheringState !== "complete" && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  const { sdp = "" } = peer.localDescription ?? {};
  call.began = performance.now();
  return { sdp, candidates: [...sdp.matchAll(/^a=candidate:(.*)$/gm)].map(([, line = ""]) => line.trim()) };
}

/** Runs in the page that called. @param {string} sdp of the answer */
export async function accept(sdp) {
  await /** @type {any} */ (globalThis).call.peer.setRemoteDescription({ type: "answer", sdp });
  return true;
}

/**
 * Runs in the page: what has come through, as soon as all has, or at the end of the patience.
 * @param {number} patience
 */
export async function heard(patience) {
  const { call } = /** @type {any} */ (globalThis);
  const end = performance.now() + patience;
  for (;;) {
    let frames = 0;
    for (const one of (await call.peer.getStats()).values()) {
      if (one.type === "inbound-rtp") frames = Math.max(frames, one.framesDecoded ?? 0);
    }
    const connected = call.peer.connectionState === "connected";
    if ((connected && call.echoed > 0 && frames > 0) || performance.now() > end) {
      return { connected, echoed: call.echoed, frames, ms: Math.round(call.connectedAfter) };
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Runs in the page. */
export function hangUp() {
  const scope = /** @type {any} */ (globalThis);
  scope.call?.peer.close();
  delete scope.call;
  return true;
}

/**
 * The driver's commands.
 * @param {() => WebPage} page the page that the user is on
 * @returns {Record<string, (command: Record<string, unknown>) => Promise<unknown>>}
 */
export const callCommands = (page) => ({
  dial: (command) => page().run(dial, /** @type {Line} */ (/** @type {unknown} */ (command))),
  accept: async ({ sdp }) => ({ accepted: await page().run(accept, String(sdp)) }),
  heard: ({ patience }) => page().run(heard, Number(patience)),
  "hang-up": async () => ({ done: await page().run(hangUp) }),
});
