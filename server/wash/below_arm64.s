#include "textflag.h"

// func below()
// The 16 bytes under the stack pointer are the caller's: its frame pointer is there.
TEXT ·below(SB), NOSPLIT|NOFRAME, $0-0
	MOVD 0(g), R0 // g.stack.lo
	MOVD 8(g), R1 // g.stack.hi
	STP  (ZR, ZR), -16(R1)
	STP  (ZR, ZR), -32(R1)
	MOVD RSP, R1
	SUB  $16, R1
loop:
	CMP  R1, R0
	BHS  done
	STP.P (ZR, ZR), 16(R0)
	B    loop
done:
	VEOR V0.B16, V0.B16, V0.B16
	VEOR V1.B16, V1.B16, V1.B16
	VEOR V2.B16, V2.B16, V2.B16
	VEOR V3.B16, V3.B16, V3.B16
	VEOR V4.B16, V4.B16, V4.B16
	VEOR V5.B16, V5.B16, V5.B16
	VEOR V6.B16, V6.B16, V6.B16
	VEOR V7.B16, V7.B16, V7.B16
	VEOR V8.B16, V8.B16, V8.B16
	VEOR V9.B16, V9.B16, V9.B16
	VEOR V10.B16, V10.B16, V10.B16
	VEOR V11.B16, V11.B16, V11.B16
	VEOR V12.B16, V12.B16, V12.B16
	VEOR V13.B16, V13.B16, V13.B16
	VEOR V14.B16, V14.B16, V14.B16
	VEOR V15.B16, V15.B16, V15.B16
	VEOR V16.B16, V16.B16, V16.B16
	VEOR V17.B16, V17.B16, V17.B16
	VEOR V18.B16, V18.B16, V18.B16
	VEOR V19.B16, V19.B16, V19.B16
	VEOR V20.B16, V20.B16, V20.B16
	VEOR V21.B16, V21.B16, V21.B16
	VEOR V22.B16, V22.B16, V22.B16
	VEOR V23.B16, V23.B16, V23.B16
	VEOR V24.B16, V24.B16, V24.B16
	VEOR V25.B16, V25.B16, V25.B16
	VEOR V26.B16, V26.B16, V26.B16
	VEOR V27.B16, V27.B16, V27.B16
	VEOR V28.B16, V28.B16, V28.B16
	VEOR V29.B16, V29.B16, V29.B16
	VEOR V30.B16, V30.B16, V30.B16
	VEOR V31.B16, V31.B16, V31.B16
	RET

// func scheduler() bool
// g: stack.lo 0, stack.hi 8, m 48, sched.sp 56; m: g0 0.
TEXT ·scheduler(SB), NOSPLIT, $0-1
	MOVB ZR, ret+0(FP)
	MOVD 48(g), R1  // g.m
	MOVD 0(R1), R2  // m.g0
	CMP  R2, g
	BEQ  no
	MOVD 48(R2), R3 // g0.m
	CMP  R1, R3
	BNE  no
	MOVD 0(R2), R0
	MOVD 8(R2), R3
	SUB  R0, R3, R4
	CMP  $16384, R4 // of the system's making are the first thread's, and all with cgo
	BNE  no
	MOVD 56(R2), R1
	SUB  $16, R1
	CMP  R0, R1
	BLS  no
	CMP  R3, R1
	BHI  no
loop:
	CMP  R1, R0
	BHS  done
	STP.P (ZR, ZR), 16(R0)
	B    loop
done:
	MOVD $1, R1
	MOVB R1, ret+0(FP)
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
