// What Slicewise needs of MPI, built by the MPI that will start it:
//     mpicc -O2 -shared -fPIC -o libslicewise_mpi.so slicewise_mpi.c
// All calls come from one thread. Errors end the run, as MPI does unless told otherwise.
#include <mpi.h>
#include <stddef.h>

// What has begun and may not be done.
static MPI_Request requests[256];
static MPI_Status statuses[256];
static int begun, own;

/// Joins the run; 0 and this process's rank among so many.
int slicewise_mpi_start(int *rank, int *count) {
    int given;
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &given) != MPI_SUCCESS || given < MPI_THREAD_FUNNELED) return 1;
    if (MPI_Comm_rank(MPI_COMM_WORLD, &own) != MPI_SUCCESS) return 1;
    *rank = own;
    return MPI_Comm_size(MPI_COMM_WORLD, count) != MPI_SUCCESS;
}

/// Moves on what has begun; with `to_end` until it is done.
int slicewise_mpi_go_on(int to_end) {
    int done = 1;
    int status = to_end ? MPI_Waitall(begun, requests, statuses)
                        : MPI_Testall(begun, requests, &done, statuses);
    if (done) begun = 0;
    return status != MPI_SUCCESS;
}

/// Begins to add up the values of all ranks at one of them, or to replace them all by those of that one.
int slicewise_mpi_begin(float *values, int count, int rank, int adds) {
    if (begun == sizeof requests / sizeof *requests && slicewise_mpi_go_on(1) != 0) return 1;
    MPI_Request *request = requests + begun++;
    if (!adds) return MPI_Ibcast(values, count, MPI_FLOAT, rank, MPI_COMM_WORLD, request) != MPI_SUCCESS;
    const void *from = own == rank ? MPI_IN_PLACE : values;
    void *to = own == rank ? values : NULL;
    return MPI_Ireduce(from, to, count, MPI_FLOAT, MPI_SUM, rank, MPI_COMM_WORLD, request) != MPI_SUCCESS;
}

/// Leaves the run, once all ranks do.
int slicewise_mpi_end(void) { return MPI_Finalize(); }

/// Ends all ranks.
void slicewise_mpi_abort(int status) { MPI_Abort(MPI_COMM_WORLD, status); }
