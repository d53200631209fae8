package wash

import "golang.org/x/sys/cpu"

// avx: the upper halves of the vector registers are there.
var avx = cpu.X86.HasAVX
