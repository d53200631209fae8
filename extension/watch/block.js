/**
 * MAIN world, in documents of sites that the user blocked, before their first script: takes WebRTC away, as a
 * browser does whose WebRTC is switched off, so that pages which ask whether it is there do without. A page that
 * wants to can find it again in a frame that it reads before any script of ours ran: a deterrent, and labelled so.
 */
(() => {
  const world = /** @type {any} */ (window);
  delete world.RTCPeerConnection;
  delete world.webkitRTCPeerConnection;
  // These wake WebRTC as well, and where the browser blocks by a header, that ends the tab (Chromium 156).
  for (const holder of [world.RTCRtpSender, world.RTCRtpReceiver]) if (holder) delete holder.getCapabilities;
})();
