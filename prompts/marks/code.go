package marks

import "hash/fnv"

// Code gives the code of a prompt's text: 32 bit FNV-1a folded to 24 bits, so that the same text has
// the same code in every process. Different texts may share a code (once in about 16 million
// pairs); who builds a table of codes should check it for clashes.
func Code(text string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(text)) // a hash never fails
	sum := h.Sum32()
	return sum>>CodeBits ^ sum&(1<<CodeBits-1)
}

// pack splits a code into its tone symbols, each 0 to 15, most significant first, checksum last.
func pack(code uint32) [symbols]byte {
	var out [symbols]byte
	for i := range codeSymbols {
		out[i] = byte(code>>(CodeBits-4*(i+1))) & 0xf
	}
	sum := checksum(code)
	out[codeSymbols], out[codeSymbols+1] = sum>>4, sum&0xf
	return out
}

// unpack is the inverse of pack; ok is false when the checksum does not agree.
func unpack(in [symbols]byte) (code uint32, ok bool) {
	for _, s := range in[:codeSymbols] {
		code = code<<4 | uint32(s)
	}
	return code, in[codeSymbols]<<4|in[codeSymbols+1] == checksum(code)
}

// checksum is CRC-8 (polynomial x^8+x^2+x+1, start 0xff) over the three bytes of a code. It finds
// every error within two neighbouring symbols.
func checksum(code uint32) byte {
	crc := byte(0xff)
	for shift := CodeBits - 8; shift >= 0; shift -= 8 {
		crc ^= byte(code >> shift)
		for range 8 {
			if crc&0x80 != 0 {
				crc = crc<<1 ^ 0x07
			} else {
				crc <<= 1
			}
		}
	}
	return crc
}
