package api

import (
	"watertight/server/asn"
	"watertight/server/sightings"
)

// sighting is the JSON of a sightings.Sighting.
type sighting struct {
	Label     string       `json:"label"`
	Vector    string       `json:"vector"`
	Resolver  string       `json:"resolver"`
	Family    int          `json:"family"`
	Transport string       `json:"transport"`
	Network   *asn.Network `json:"network"`
	QTypes    []string     `json:"qtypes"`
	EDNS      *edns        `json:"edns"`
	ECS       string       `json:"ecs"`
}

type edns struct {
	Size   uint16 `json:"size"`
	DO     bool   `json:"do"`
	Cookie bool   `json:"cookie"`
}

func (h *Handler) json(s sightings.Sighting) sighting {
	out := sighting{
		Label: s.Label.String(), Vector: s.Label.Vector(),
		Resolver: s.Resolver.String(), Family: family(s.Resolver), Transport: s.Transport.String(),
		Network: h.network(s.Resolver), QTypes: make([]string, len(s.Types)),
	}
	for i, t := range s.Types {
		out.QTypes[i] = typeName(t)
	}
	if s.EDNS.Present {
		out.EDNS = &edns{s.EDNS.Size, s.EDNS.DO, s.EDNS.Cookie}
	}
	if s.ECS.IsValid() {
		out.ECS = s.ECS.String()
	}
	return out
}

// path is the JSON of a sightings.Path.
type path struct {
	Transport string       `json:"transport"`
	Family    int          `json:"family"`
	Address   string       `json:"address"`
	Network   *asn.Network `json:"network"`
}

func (h *Handler) path(p sightings.Path) path {
	return path{p.Transport.String(), family(p.Address), p.Address.String(), h.network(p.Address)}
}
