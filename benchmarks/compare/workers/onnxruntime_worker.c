// ONNX Runtime through its C API: predictions into preallocated tensors, in sequential mode with all graph optimizations.
// The npm package brings the library without its header. The API is a table of functions to which releases only ever append, so that
// the few that are called here keep their places in it; their names and signatures are those of onnxruntime_c_api.h.
#include <dlfcn.h>
#include <stdint.h>
#include "worker.h"

typedef struct { const void *const *(*get_api)(uint32_t version); const char *(*get_version)(void); } ApiBase;

// Places in the table of version 1.
enum {
    GET_ERROR_MESSAGE = 2, CREATE_ENV = 3, CREATE_SESSION = 7, RUN = 9, CREATE_SESSION_OPTIONS = 10, SET_EXECUTION_MODE = 13,
    SET_GRAPH_OPTIMIZATION_LEVEL = 23, SET_INTRA_OP_THREADS = 24, SET_INTER_OP_THREADS = 25, CREATE_TENSOR_WITH_DATA = 49,
    CREATE_CPU_MEMORY_INFO = 69, RELEASE_SESSION = 95, RELEASE_VALUE = 96
};

enum { LOG_WARNING = 2, SEQUENTIAL = 0, ENABLE_ALL = 99, ARENA_ALLOCATOR = 1, DEFAULT_MEMORY = 0, FLOAT_ELEMENTS = 1 };

typedef void Status;
typedef Status *(*RunFunction)(
    void *session, const void *options, const char *const *input_names, const void *const *inputs, size_t input_count,
    const char *const *output_names, size_t output_count, void **outputs);

static const ApiBase *base;
static const void *const *api;
static void *environment, *session, *input, *output;
static float *input_data, *output_data;

static const ApiBase *load(void) {
    if (!base) {
        void *library = dlopen(getenv("ONNXRUNTIME_LIBRARY"), RTLD_NOW);
        const ApiBase *(*get_base)(void) = library ? (const ApiBase *(*)(void))dlsym(library, "OrtGetApiBase") : NULL;
        if (!get_base) {
            fprintf(stderr, "%s\n", dlerror());
            exit(1);
        }
        base = get_base();
        api = base->get_api(1);
    }
    return base;
}

static void check(Status *status) {
    if (status) {
        fprintf(stderr, "%s\n", ((const char *(*)(const Status *))api[GET_ERROR_MESSAGE])(status));
        exit(1);
    }
}

static const char *worker_version(void) {
    static char version[64];
    snprintf(version, sizeof version, "ONNX Runtime %s", load()->get_version());
    return version;
}

static void *tensor(float *values, int rows, int columns) {
    void *memory, *value;
    int64_t shape[2] = { rows, columns };
    check(((Status * (*)(int, int, void **)) api[CREATE_CPU_MEMORY_INFO])(ARENA_ALLOCATOR, DEFAULT_MEMORY, &memory));
    check(((Status * (*)(void *, void *, size_t, const int64_t *, size_t, int, void **)) api[CREATE_TENSOR_WITH_DATA])(
        memory, values, sizeof *values * (size_t)rows * (size_t)columns, shape, 2, FLOAT_ELEMENTS, &value));
    return value;
}

static const char *worker_prepare(const Work *work) {
    if (strcmp(work->kind, "predict"))
        return "predicts only";

    if (!environment)
        check(((Status * (*)(int, const char *, void **)) api[CREATE_ENV])(LOG_WARNING, "compare", &environment));
    if (session) {
        ((void (*)(void *))api[RELEASE_VALUE])(input);
        ((void (*)(void *))api[RELEASE_VALUE])(output);
        ((void (*)(void *))api[RELEASE_SESSION])(session);
        free(input_data);
        free(output_data);
    }

    void *options;
    check(((Status * (*)(void **)) api[CREATE_SESSION_OPTIONS])(&options));
    check(((Status * (*)(void *, int)) api[SET_EXECUTION_MODE])(options, SEQUENTIAL));
    check(((Status * (*)(void *, int)) api[SET_GRAPH_OPTIMIZATION_LEVEL])(options, ENABLE_ALL));
    check(((Status * (*)(void *, int)) api[SET_INTRA_OP_THREADS])(options, work->threads));
    check(((Status * (*)(void *, int)) api[SET_INTER_OP_THREADS])(options, 1));
    check(((Status * (*)(void *, const char *, const void *, void **)) api[CREATE_SESSION])(environment, work->model, options, &session));

    int inputs = work->sizes[0], outputs = work->sizes[work->layers];
    input_data = malloc(sizeof *input_data * (size_t)work->batch * (size_t)inputs);
    output_data = malloc(sizeof *output_data * (size_t)work->batch * (size_t)outputs);
    for (size_t i = 0; i < (size_t)work->batch * (size_t)inputs; i++)
        input_data[i] = uniform();
    input = tensor(input_data, work->batch, inputs);
    output = tensor(output_data, work->batch, outputs);
    return NULL;
}

static void worker_run(long iterations) {
    static const char *const input_names[] = { "x" }, *const output_names[] = { "y" };
    RunFunction run = (RunFunction)api[RUN];
    const void *inputs[] = { input };
    for (long i = 0; i < iterations; i++)
        check(run(session, NULL, input_names, inputs, 1, output_names, 1, &output));
}
