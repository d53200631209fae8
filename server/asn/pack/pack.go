// Package pack is the file format of the open network data: sorted ranges of
// addresses, written column by column so that zstd finds the likeness. Packed
// it is about a tenth of the CSV it came from, and it is the same for the same
// input, byte for byte.
//
// The file is zstd over: the magic, the date, the table of autonomous systems,
// and four lists of ranges (IPv4 to AS, IPv4 to country, IPv6 to AS, IPv6 to
// country). All numbers are unsigned varints, and each list is its length and
// then its columns.
package pack

import (
	"errors"
	"fmt"

	"github.com/klauspost/compress/zstd"
)

// AS is one autonomous system.
type AS struct {
	Number uint32
	Org    string
}

// Range4 maps the addresses from Start to End to a value: the place of an AS in
// Data.AS, or a Country.
type Range4 struct{ Start, End, Value uint32 }

// Range6 is the same for IPv6.
type Range6 struct {
	Start, End U128
	Value      uint32
}

// Data is everything. The ranges of a list ascend and do not overlap.
type Data struct {
	Date           string // 2006-01-02
	AS             []AS   // ascending
	ASN4, Country4 []Range4
	ASN6, Country6 []Range6
}

// Errors of Encode and Decode.
var (
	ErrMagic   = errors.New("not a file of networks, or of another version")
	ErrShort   = errors.New("file ends too early")
	ErrLong    = errors.New("file has bytes at its end that mean nothing")
	ErrNumber  = errors.New("number is out of range")
	ErrOrder   = errors.New("ranges are not in order")
	ErrCountry = errors.New("not a country code")
)

const (
	magic = "watertight networks 1\n"
	// maxSize bounds what decompression may ask for: ten times today's file.
	maxSize = 64 << 20
)

// Encode makes the file.
func Encode(d *Data) ([]byte, error) {
	plain, err := encode(d)
	if err != nil {
		return nil, err
	}
	// One goroutine, or the blocks could be cut elsewhere.
	z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedBestCompression),
		zstd.WithWindowSize(8<<20))
	if err != nil {
		return nil, fmt.Errorf("make compressor: %w", err)
	}
	defer z.Close() //nolint:errcheck // holds no output
	return z.EncodeAll(plain, nil), nil
}

// Decode reads the file.
func Decode(file []byte) (*Data, error) {
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxSize))
	if err != nil {
		return nil, fmt.Errorf("make decompressor: %w", err)
	}
	defer z.Close()
	plain, err := z.DecodeAll(file, nil)
	if err != nil {
		return nil, fmt.Errorf("decompress networks: %w", err)
	}
	return decode(plain)
}

// Country packs a code of two capital letters; 0 is none.
func Country(code string) (uint32, error) {
	if len(code) != 2 || code[0] < 'A' || code[0] > 'Z' || code[1] < 'A' || code[1] > 'Z' {
		return 0, fmt.Errorf("%q: %w", code, ErrCountry)
	}
	return uint32(code[0]-'A')*26 + uint32(code[1]-'A') + 1, nil
}

// Countries is the largest packed code.
const Countries = 26 * 26

// CountryCode unpacks.
func CountryCode(v uint32) string {
	if v == 0 || v > Countries {
		return ""
	}
	v--
	return string([]byte{byte('A' + v/26), byte('A' + v%26)})
}
