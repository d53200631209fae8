/**
 * Runs in a website's page, apart from its scripts, when the user asks what that site can see: gathers what any
 * script of the page would get, with the permissions that the site has. Self-contained: it travels as text.
 */

/** @typedef {{ status: "complete" | "timeout" | "failed", reason: string, candidates: string[], permission: "granted" | "", pdf: boolean }} Gathered */

/**
 * @param {string} stun
 * @param {number} deadlineMs
 * @param {number} quietMs once the server has answered, silence of this long ends it
 * @returns {Promise<Gathered>}
 */
export async function gatherHere(stun, deadlineMs, quietMs) {
  const pdf = document.contentType === "application/pdf";
  /** @type {string[]} */
  const candidates = [];
  /** @param {Gathered["status"]} status @param {string} [reason] */
  const result = async (status, reason = "") => {
    const states = await Promise.all(
      ["microphone", "camera"].map((name) =>
        navigator.permissions.query({ name: /** @type {PermissionName} */ (name) }).then(({ state }) => state, () => ""),
      ),
    ).catch(() => [""]);
    /** @type {Gathered["permission"]} */
    const permission = states.includes("granted") ? "granted" : "";
    return { status, reason, candidates, permission, pdf };
  };
  if (typeof RTCPeerConnection !== "function") return result("failed", "no-webrtc");
  /** @type {RTCPeerConnection} */
  let pc;
  try {
    pc = new RTCPeerConnection({ iceServers: [{ urls: stun }] });
  } catch {
    return result("failed", "no-connection");
  }
  /** @type {Gathered["status"]} */
  const status = await new Promise((end) => {
    setTimeout(() => end("timeout"), deadlineMs);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let quiet;
    pc.addEventListener("icecandidate", ({ candidate }) => {
      if (candidate === null) return end("complete");
      if (candidate.candidate && candidates.length < 128) candidates.push(candidate.candidate.slice(0, 512));
      if (candidate.type === "srflx" || quiet) {
        clearTimeout(quiet);
        quiet = setTimeout(() => end("timeout"), quietMs);
      }
    });
    // Where nothing but a proxy may be used, Firefox begins no gathering and gives up at once.
    pc.addEventListener("iceconnectionstatechange", () => {
      if (pc.iceConnectionState === "failed" && pc.iceGatheringState === "new") end("complete");
    });
    pc.createDataChannel("");
    pc.createOffer().then((offer) => pc.setLocalDescription(offer)).catch(() => end("failed"));
  });
  pc.close();
  return result(status, status === "failed" ? "no-offer" : "");
}
