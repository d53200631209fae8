package authdns

// Slip appends the answer to a query that is over its limit: the question with
// the truncation bit. A resolver that is real comes back over TCP, where nobody
// can forge an address; for who forges one it is no gain, since it is never
// larger than the query. It costs no parsing, and is no sighting. (BIND's
// response rate limiting with "slip 1": dropping instead would let a forger keep
// a real resolver from its answers.)
func Slip(dst, packet []byte) []byte {
	const headerSize, qr, opcodeRD, tc = 12, 0x80, 0x79, 0x02
	if len(packet) < headerSize || packet[2]&qr != 0 || packet[4] != 0 || packet[5] != 1 {
		return nil
	}
	at := headerSize
	for {
		if at >= len(packet) || packet[at] > 63 { // a question has no name before it to point to
			return nil
		}
		if packet[at] == 0 {
			break
		}
		at += 1 + int(packet[at])
	}
	end := at + 1 + 4 // type and class
	if end > len(packet) {
		return nil
	}
	dst = append(dst, packet[0], packet[1], packet[2]&opcodeRD|qr|tc, 0, 0, 1, 0, 0, 0, 0, 0, 0)
	return append(dst, packet[headerSize:end]...)
}
