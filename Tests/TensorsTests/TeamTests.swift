import Foundation
import Tensors
import Testing

@Suite struct TeamTests {
    @Test(arguments: [
        "GOMP_parallel", "GOMP_barrier", "omp_get_thread_num", "omp_get_num_threads", "omp_get_max_threads",
        "omp_in_parallel",
    ])
    func `oneDNN finds the kernels' team where it looks for OpenMP's`(symbol: String) throws {
        // OpenMP's library is there, as oneDNN names it; the program's symbols come first all the same.
        let library = try #require(dlopen("libgomp.so.1", RTLD_LAZY))
        defer { dlclose(library) }
        let found = try #require(dlsym(nil, symbol)), theirs = try #require(dlsym(library, symbol))
        #expect(found != theirs)
    }
}
