#ifndef CK_ISA_H
#define CK_ISA_H

/// Instruction sets that kernels are compiled for. `ck_isa_automatic` is the best one the processor has.
typedef enum { ck_isa_automatic = 0, ck_isa_portable = 1, ck_isa_avx2 = 2, ck_isa_avx512 = 3 } ck_isa;

/// The instruction set `isa` resolves to on this processor; one it lacks resolves to the next lower.
ck_isa ck_isa_resolve(ck_isa isa);

/// Channels per block of the activation layout: 16 for AVX-512, 8 otherwise.
int ck_isa_block(ck_isa isa);

#endif
