/**
 * MAIN world, in documents of sites that the user blocked, before their first script: takes WebRTC away, as a
 * browser does whose WebRTC is switched off, so that pages which ask whether it is there do without. A page that
 * wants to can find it again in a frame that it reads before any script of ours ran: a deterrent, and labelled so.
 */
delete (/** @type {any} */ (window).RTCPeerConnection);
delete (/** @type {any} */ (window).webkitRTCPeerConnection);
