/* What scripts do that want addresses. The pages of this folder are websites of the lab: classic scripts, as on the web. */

const STUN = "stun:203.0.113.100:3478";

/** No browser needs longer for a server that answers; a dead one holds it up for ten seconds and more. */
const GATHERS_WITHIN = 3000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Tells the lab that the page has done what it does, and which candidates it was shown. */
function done(lines = []) {
  const { dataset } = document.documentElement;
  dataset.lines = JSON.stringify(lines);
  dataset.done = "yes";
}

/** An offer for nobody; the candidates that come of it. */
async function gather({ scope = globalThis, urls = [STUN], wish = (peer) => peer.createDataChannel(""), keep = false } = {}) {
  const lines = [];
  const peer = new scope.RTCPeerConnection({ iceServers: urls.map((url) => ({ urls: url })) });
  peer.onicecandidate = ({ candidate }) => candidate?.candidate && lines.push(candidate.candidate);
  wish(peer);
  await peer.setLocalDescription(await peer.createOffer());
  for (const end = Date.now() + GATHERS_WITHIN; peer.iceGatheringState !== "complete" && Date.now() < end; ) await pause(20);
  if (!keep) peer.close();
  return lines;
}

/** A document that gathers, for frames of every kind. */
const PROBE = `<!doctype html><script src="${location.origin}/gather.js"></script><script>gather().catch(() => []).then((lines) => top.postMessage({ lines }, "*"));</script>`;

/** A frame, made and put into the page. */
function inFrame(make = () => {}) {
  const frame = document.createElement("iframe");
  make(frame);
  (document.body ?? document.documentElement).append(frame);
  return frame;
}

addEventListener("message", ({ data }) => data?.lines && done(data.lines));

// Where there is no WebRTC the script has seen nothing, and is done. (Frames of no origin are not told of errors
// in a script of another, HTML §8.1.4.7, so they catch theirs.)
const fail = () => (top === self ? done() : top.postMessage({ lines: [] }, "*"));
addEventListener("unhandledrejection", fail);
addEventListener("error", fail);
