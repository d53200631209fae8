package operator

import "testing"

func TestTable(t *testing.T) {
	for i, row := range table {
		if row.Name == "" || row.Source == "" || row.Kind == Unknown || row.ASN == 0 {
			t.Errorf("row %d is incomplete: %+v", i, row)
		}
		if i > 0 && table[i-1].ASN >= row.ASN {
			t.Errorf("AS%d is out of order", row.ASN)
		}
		if got, ok := ByASN(row.ASN); !ok || got != row {
			t.Errorf("ByASN(%d) = %+v, %v", row.ASN, got, ok)
		}
	}
	for _, asn := range []uint32{0, 64500, 64510, 4294967295} {
		if got, ok := ByASN(asn); ok {
			t.Errorf("ByASN(%d) = %+v, want none", asn, got)
		}
	}
}

func TestKinds(t *testing.T) {
	for asn, want := range map[uint32]Kind{13335: Resolver, 19281: Resolver, 9009: Hosting, 62371: VPN, 3320: Access} {
		if got, _ := ByASN(asn); got.Kind != want {
			t.Errorf("AS%d is %q, want %q", asn, got.Kind, want)
		}
	}
}

func TestSame(t *testing.T) {
	for _, c := range []struct {
		a, b uint32
		want bool
	}{
		{60068, 212238, true}, {3209, 31334, true}, {64500, 64500, true},
		{64500, 64510, false}, {0, 0, false}, {9009, 60068, false}, {3209, 64500, false},
	} {
		if got := Same(c.a, c.b); got != c.want {
			t.Errorf("Same(%d, %d) = %v", c.a, c.b, got)
		}
	}
}

func TestSameOrganisation(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"Cloudflare, Inc.", "CLOUDFLARE INC", true}, {"M247 Europe SRL", "M247 Europe", true},
		{"GSL Networks Pty LTD", "GSL Networks", true}, {"WorldStream B.V.", "Worldstream BV", true},
		{"Example VPN", "Example ISP", false}, {"", "", false}, {"Ltd.", "Ltd", true}, {" ", ",", false},
	} {
		if got := SameOrganisation(c.a, c.b); got != c.want {
			t.Errorf("SameOrganisation(%q, %q) = %v", c.a, c.b, got)
		}
	}
}
