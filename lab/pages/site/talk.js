/* Connections with somebody else: the page peer.html in another browser, reached through the website's mailbox. */

async function talk(wish, { servers = [{ urls: STUN }] } = {}) {
  const peer = new RTCPeerConnection({ iceServers: servers });
  wish(peer);
  await peer.setLocalDescription(await peer.createOffer());
  for (const end = Date.now() + GATHERS_WITHIN; peer.iceGatheringState !== "complete" && Date.now() < end; ) await pause(20);
  const { sdp } = peer.localDescription;
  const answer = await (await fetch("/offer", { method: "POST", body: sdp })).text();
  await peer.setRemoteDescription({ type: "answer", sdp: answer });
  for (const end = Date.now() + 8000; peer.connectionState !== "connected" && Date.now() < end; ) await pause(20);
  if (peer.connectionState !== "connected") throw new Error(`not connected: ${peer.connectionState}`);
  return peer;
}
