#include "textflag.h"

// func below()
TEXT ·below(SB), NOSPLIT, $0-0
	MOVQ (TLS), DX
	MOVQ 0(DX), DI // g.stack.lo
	MOVQ 8(DX), DX // g.stack.hi
	MOVQ SP, CX
	SUBQ DI, CX
	XORL AX, AX
	MOVQ AX, -8(DX)
	MOVQ AX, -16(DX)
	MOVQ AX, -24(DX)
	MOVQ AX, -32(DX)
	CLD
	REP; STOSB
	XORL BX, BX
	XORL DX, DX
	XORL SI, SI
	XORL DI, DI
	XORL R8, R8
	XORL R9, R9
	XORL R10, R10
	XORL R11, R11
	XORL R12, R12
	XORL R13, R13
	CMPB ·avx(SB), $0
	JEQ  sse
	VZEROALL
	RET
sse:
	PXOR X0, X0
	PXOR X1, X1
	PXOR X2, X2
	PXOR X3, X3
	PXOR X4, X4
	PXOR X5, X5
	PXOR X6, X6
	PXOR X7, X7
	PXOR X8, X8
	PXOR X9, X9
	PXOR X10, X10
	PXOR X11, X11
	PXOR X12, X12
	PXOR X13, X13
	PXOR X14, X14
	PXOR X15, X15
	RET

// func scheduler() bool
// g: stack.lo 0, stack.hi 8, m 48, sched.sp 56; m: g0 0.
TEXT ·scheduler(SB), NOSPLIT, $0-1
	MOVB $0, ret+0(FP)
	MOVQ (TLS), AX
	MOVQ 48(AX), BX // g.m
	MOVQ 0(BX), DX  // m.g0
	CMPQ DX, AX
	JEQ  no
	CMPQ 48(DX), BX // g0.m
	JNE  no
	MOVQ 0(DX), DI
	MOVQ 8(DX), CX
	SUBQ DI, CX
	CMPQ CX, $16384 // of the system's making are the first thread's, and all with cgo
	JNE  no
	MOVQ 56(DX), CX
	CMPQ CX, DI
	JLS  no
	CMPQ CX, 8(DX)
	JHI  no
	SUBQ DI, CX
	XORL AX, AX
	CLD
	REP; STOSB
	MOVB $1, ret+0(FP)
no:
	RET

// The frame is what makes the stack grow: the assembler puts the check in front.

// func deepen()
TEXT ·deepen(SB), 0, $28672-0
	RET

// func grow4()
TEXT ·grow4(SB), 0, $2048-0
	RET

// func grow8()
TEXT ·grow8(SB), 0, $4096-0
	RET

// func grow16()
TEXT ·grow16(SB), 0, $8192-0
	RET
