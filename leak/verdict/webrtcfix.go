package verdict

// fixWebRTC tells what to do in the browser at hand.
func (j *judgement) fixWebRTC() Text {
	if j.ev.Browser == "firefox" {
		return text(msgFixWebRTCFirefox)
	}
	return text(msgFixWebRTCChromium)
}

// fixLocal is about raw addresses of interfaces, which browsers hide behind
// mDNS names unless a site may use the microphone or the camera.
func (j *judgement) fixLocal() Text {
	if j.ev.Browser == "firefox" {
		return text(msgFixWebRTCLocalFirefox)
	}
	return text(msgFixWebRTCLocalChromium)
}

// fixPermission is about what only sites with microphone or camera see.
func (j *judgement) fixPermission() Text {
	if j.ev.Browser == "firefox" {
		return text(msgFixPermissionFirefox)
	}
	return text(msgFixPermissionChromium)
}
