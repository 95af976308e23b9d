// What Slicewise needs of MPI, built by the MPI that will start it:
//     mpicc -O2 -shared -fPIC -o libslicewise_mpi.so slicewise_mpi.c
// All calls come from one thread. Errors end the run, as MPI does unless told otherwise.
#include <mpi.h>
#include <stddef.h>

/// Joins the run; 0 and this process's rank among so many.
int slicewise_mpi_start(int *rank, int *count) {
    int given;
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &given) != MPI_SUCCESS || given < MPI_THREAD_FUNNELED) return 1;
    return MPI_Comm_rank(MPI_COMM_WORLD, rank) != MPI_SUCCESS || MPI_Comm_size(MPI_COMM_WORLD, count) != MPI_SUCCESS;
}

/// Replaces the values by their sums over all ranks.
int slicewise_mpi_sum(float *values, int count) {
    return MPI_Allreduce(MPI_IN_PLACE, values, count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
}

/// Replaces the value by that of rank 0.
int slicewise_mpi_first(double *value) { return MPI_Bcast(value, 1, MPI_DOUBLE, 0, MPI_COMM_WORLD); }

/// Leaves the run, once all ranks do.
int slicewise_mpi_end(void) { return MPI_Finalize(); }

/// Ends all ranks.
void slicewise_mpi_abort(int status) { MPI_Abort(MPI_COMM_WORLD, status); }
