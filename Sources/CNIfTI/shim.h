#ifndef CNIFTI_SHIM_H
#define CNIFTI_SHIM_H
#include <nifti/nifti1.h>
#include <nifti/nifti2.h>

/* nifti2_io.h includes <znzlib.h>, which is not on the include path, so the few functions in use are declared
   here as in that header. */
typedef struct { double m[4][4]; } nifti_dmat44;
void nifti_swap_as_nifti1(nifti_1_header *h);
void nifti_swap_as_nifti2(nifti_2_header *h);
nifti_dmat44 nifti_quatern_to_dmat44(double qb, double qc, double qd, double qx, double qy, double qz, double dx,
                                     double dy, double dz, double qfac);
void nifti_dmat44_to_quatern(nifti_dmat44 R, double *qb, double *qc, double *qd, double *qx, double *qy, double *qz,
                             double *dx, double *dy, double *dz, double *qfac);
#endif
