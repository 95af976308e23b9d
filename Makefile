# All tasks: `make demo` shows the annotation loop, `make serve` starts the server, `make test` runs all tests.
# ARGS is passed to the program: make demo ARGS="--seconds 30", make serve ARGS="--port 9000".

SWIFT ?= swift
# One release build serves the program, the tests and the benchmark: tests reach what they need by `package` access.
BUILD = $(SWIFT) build --configuration release
TEST = $(SWIFT) test --configuration release --disable-testable-imports --disable-xctest
PROGRAM = .build/release/slicewise
SOURCES = Package.swift Config Migrations Sources Tests
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup build demo serve package test kills faults bench check-formats check-api check-client check-models check-monai \
	check-mpi check-page check-pages check-package check-python check-races check-slurm \
	check-slurm-limits check-zarr fuzz \
	format lint clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Check the toolchain and install missing Debian packages
	@Scripts/setup

build: setup ## Build the program in release
	@$(BUILD) --product slicewise

demo: build ## Show the whole annotation loop on a phantom, with pictures
	@$(PROGRAM) demo $(ARGS)

serve: build ## Start the server with the default settings
	@exec $(PROGRAM) serve $(ARGS)

package: build ## Make a Debian package and a tar ball of the program in .build/package
	@Scripts/package

# Tests run in parallel: the kernels' threads must not spin while they wait, and the number of tests at once is limited
# so that the servers that some of them start get processor time.
test: setup ## Build and run all tests; ARGS="--filter …" for some, without the kernels' checks
	@$(BUILD) --build-tests
	@$(if $(ARGS),,Tests/CKernelsChecks/run.sh check 100)
	@SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=8 $(TEST) $(ARGS)

kills: setup ## Kill the server 200 times, after other mishaps, and check that all acknowledged data are kept
	@$(BUILD) --build-tests
	@SLICEWISE_KILLS=$${SLICEWISE_KILLS:-200} $(TEST) --filter KillTests

faults: setup ## Kill, stop and cut off a server and three workers 200 times, and check that each job counts once
	@$(BUILD) --build-tests
	@SLICEWISE_FAULTS=$${SLICEWISE_FAULTS:-200} $(TEST) --filter FaultTests

bench: build ## Time training steps and inferences
	@$(PROGRAM) bench $(ARGS)

check-formats: build ## Compare every format with nibabel, tifffile, SimpleITK, pynrrd, h5py, mrcfile, pydicom and slicerio
	@Scripts/python Scripts/check_formats.py $(PROGRAM)

check-api: build ## Test every call of /openapi.json with schemathesis; ARGS is a number of seconds
	@Scripts/python Scripts/check_api.py $(PROGRAM) $(ARGS)

check-client: build ## Make a Python client of /openapi.json and run the whole loop with it
	@Scripts/python Scripts/check_client.py $(PROGRAM)

check-monai: build ## Make every call of MONAI Label's Python client
	@Scripts/python Scripts/check_monai.py $(PROGRAM)

check-mpi: build ## Train one model by two processes, with Open MPI and with MPICH; ARGS=--speed times them
	@[ "$$(id -u)" -ne 0 ] || Scripts/setup openmpi-bin libopenmpi-dev mpich libmpich-dev
	@Scripts/python Scripts/check_mpi.py $(PROGRAM) $(ARGS)

check-slurm: build ## Compute jobs by a Slurm of two nodes on this machine, with everything going wrong that may; as root
	@[ "$$(id -u)" -ne 0 ] || Scripts/setup slurmctld slurmd slurm-client munge openmpi-bin libopenmpi-dev
	@Scripts/python Scripts/check_slurm.py $(PROGRAM)

check-slurm-limits: build ## The same with too little memory, time that runs out and drained nodes; some minutes
	@[ "$$(id -u)" -ne 0 ] || Scripts/setup slurmctld slurmd slurm-client munge
	@Scripts/python Scripts/check_slurm_limits.py $(PROGRAM)

check-page: build ## Try the page in Chromium, and check its types; ARGS="loop access" for some parts
	@[ "$$(id -u)" -ne 0 ] || Scripts/setup chromium nodejs node-typescript
	@Scripts/python Scripts/check_page.py $(PROGRAM) $(ARGS)

check-pages: build ## Run what the pages on other programs show, up to the segmented volume
	@[ "$$(id -u)" -ne 0 ] || Scripts/setup curl zip
	@Scripts/python Scripts/check_pages.py $(PROGRAM)

check-zarr: build ## Read volumes as OME-Zarr with zarr-python, ome-zarr-py and Neuroglancer, and judge them by ome-zarr-models
	@[ "$$(id -u)" -ne 0 ] || Scripts/setup chromium curl
	@PYTHON_ENVIRONMENT=zarr Scripts/python Scripts/check_zarr.py $(PROGRAM)

check-models: build ## Compare models in ONNX Runtime and OpenVINO, and test packages with bioimageio.core
	@PYTHON_ENVIRONMENT=models Scripts/python Scripts/check_models.py $(PROGRAM)

check-python: build ## Test the Python client, its notebook, its plugin for napari and the macro for ImageJ against a server
	@[ "$$(id -u)" -ne 0 ] || Scripts/setup libegl1 libgl1 libglib2.0-0 libxkbcommon0 libdbus-1-3 libfontconfig1 imagej xvfb xauth default-jre
	@PYTHON_ENVIRONMENT=client Scripts/python Scripts/check_python.py $(PROGRAM)

check-package: package ## Install the package in a fresh Debian and try it; as root
	@[ "$$(id -u)" -ne 0 ] || Scripts/setup debootstrap systemd-container
	@Scripts/python Scripts/check_package.py

check-races: setup ## Run the tests of HTTP, Store, Jobs and API with ThreadSanitizer; ARGS is a filter
	@Scripts/race_checks $(ARGS)

fuzz: setup ## Fuzz every parser, for two minutes in all; ARGS="seconds parser…"
	@Scripts/fuzz $(ARGS)

format: ## Format every Swift file in place
	@$(SWIFT) format format --in-place --parallel --recursive $(SOURCES)

lint: ## Check the format of every Swift file
	@$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)

clean: ## Remove what was built
	@rm -rf .build
