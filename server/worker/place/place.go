// Package place says which object holds a token. The shell says it of a user's request
// (shell/place.js), and this of a node's report; a test holds the two together.
package place

import (
	"hash/fnv"
	"strconv"

	"watertight/server/sightings"
)

// mark begins a token whose third letter says where it was made.
const mark = "zz"

// anywhere is the region of all other tokens: the place where an object was first
// asked for.
const anywhere = "any"

// regions are the location hints of Durable Objects.
var regions = []struct {
	letter byte
	name   string
}{
	{0, anywhere},
	{'w', "wnam"}, {'e', "enam"}, {'s', "sam"}, {'u', "weur"}, {'v', "eeur"}, {'a', "apac"}, {'o', "oc"}, {'f', "afr"}, {'m', "me"},
}

// Shards are so many objects in each region.
type Shards int

// Of a token.
func (n Shards) Of(k sightings.Token) int {
	h := fnv.New32a()
	_, _ = h.Write(k[:]) // never fails
	return region(k)*int(n) + int(h.Sum32()%uint32(n))
}

// All is how many objects there are.
func (n Shards) All() int { return len(regions) * int(n) }

// Name of an object.
func (n Shards) Name(shard int) string {
	return regions[shard/int(n)].name + "-" + strconv.Itoa(shard%int(n))
}

func region(k sightings.Token) int {
	if string(k[:len(mark)]) == mark {
		for i, r := range regions {
			if r.letter == k[len(mark)] {
				return i
			}
		}
	}
	return 0
}
