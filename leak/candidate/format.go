package candidate

import (
	"strconv"
	"strings"
)

// String writes the candidate in the form browsers use. Extensions that this
// package does not read are lost; Raw has them.
func (c Candidate) String() string {
	var b strings.Builder
	where := c.Name
	if where == "" {
		where = c.Addr.String()
	}
	b.WriteString("candidate:")
	for i, s := range []string{
		c.Foundation, strconv.Itoa(int(c.Component)), c.Transport,
		strconv.FormatUint(uint64(c.Priority), 10), where, strconv.Itoa(c.Port), "typ", string(c.Type),
	} {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s)
	}
	if c.Related.IsValid() {
		b.WriteString(" raddr " + c.Related.String() + " rport " + strconv.Itoa(c.RPort))
	}
	if c.TCPType != "" {
		b.WriteString(" tcptype " + c.TCPType)
	}
	return b.String()
}
