// FANN, single precision. Predictions are calls of fann_run, one row each: there is no call for more. Training is offered where FANN has the same
// algorithm, gradient descent on the whole batch; it has neither Adam nor cross-entropy, so its loss is the squared error.
// It has no rectifier either: the linear piece, limited to 0…1, takes its place and costs the same. Softmax outputs are left linear.
#include <floatfann.h>
#include "worker.h"

static Work work;
static struct fann *network;
static struct fann_train_data *data;
static fann_type *inputs;

static const char *worker_version(void) { return "FANN " TEXT(FANN_RELEASE) ", single precision"; }

static const char *worker_prepare(const Work *asked) {
    int training = !strcmp(asked->kind, "train") && !strcmp(asked->optimizer, "sgd");
    if (asked->threads > 1)
        return "one thread only";
    if (!training && strcmp(asked->kind, "predict"))
        return "no Adam, and no gradient without an update";

    work = *asked;
    if (network)
        fann_destroy(network);
    unsigned int sizes[MAX_LAYERS + 1];
    for (int i = 0; i <= work.layers; i++)
        sizes[i] = (unsigned int)work.sizes[i];
    network = fann_create_standard_array((unsigned int)work.layers + 1, sizes);
    fann_set_activation_function_hidden(network, !strcmp(work.hidden, "tanh") ? FANN_SIGMOID_SYMMETRIC : FANN_LINEAR_PIECE);
    fann_set_activation_function_output(network, !strcmp(work.loss, "bce") ? FANN_SIGMOID : FANN_LINEAR);
    fann_set_training_algorithm(network, FANN_TRAIN_BATCH);
    fann_set_learning_rate(network, 1e-3f);

    unsigned int inputs_of_row = sizes[0], outputs_of_row = sizes[work.layers];
    free(inputs);
    inputs = malloc(sizeof *inputs * (size_t)work.batch * inputs_of_row);
    for (size_t i = 0; i < (size_t)work.batch * inputs_of_row; i++)
        inputs[i] = uniform();
    if (data)
        fann_destroy_train(data);
    data = NULL;
    if (training) {
        data = fann_create_train((unsigned int)work.batch, inputs_of_row, outputs_of_row);
        for (int row = 0; row < work.batch; row++) {
            memcpy(data->input[row], inputs + (size_t)row * inputs_of_row, sizeof *inputs * inputs_of_row);
            for (unsigned int i = 0; i < outputs_of_row; i++)
                data->output[row][i] = (fann_type)(rand() & 1);
        }
    }
    return NULL;
}

static void worker_run(long iterations) {
    for (long i = 0; i < iterations; i++) {
        if (data)
            fann_train_epoch(network, data);
        else
            for (int row = 0; row < work.batch; row++)
                fann_run(network, inputs + (size_t)row * (size_t)work.sizes[0]);
    }
}
