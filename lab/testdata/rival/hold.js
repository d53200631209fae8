// Sets the WebRTC setting, once each time it starts. The lab writes the value into policy.json.
(async () => {
  const api = globalThis.browser ?? globalThis.chrome;
  const { policy } = await (await fetch(api.runtime.getURL("policy.json"))).json();
  await api.privacy.network.webRTCIPHandlingPolicy.set({ value: policy });
})();
