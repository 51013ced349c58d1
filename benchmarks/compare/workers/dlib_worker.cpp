// dlib's networks, which are types: one is declared for each of the comparison's shapes. A training step is compute_parameter_gradients and
// update_parameters, without the trainer's thread between; a prediction is forward. Inputs are in tensors beforehand.
#include <algorithm>
#include <functional>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>
#include <dlib/dnn.h>
#include <dlib/revision.h>
#include "worker.h"

using namespace dlib;

// Hidden layers by name, innermost input first.
template <template <typename> class Activation, int... Units> struct Hidden;

template <template <typename> class Activation, int Last> struct Hidden<Activation, Last> {
    template <typename Below> using On = Activation<fc<Last, Below>>;
};

template <template <typename> class Activation, int First, int... Rest> struct Hidden<Activation, First, Rest...> {
    template <typename Below> using On = typename Hidden<Activation, Rest...>::template On<Activation<fc<First, Below>>>;
};

using Rows = input<matrix<float>>;
using ImageHidden = Hidden<relu, 300, 100>::On<Rows>;
using WideHidden = Hidden<relu, 512, 512>::On<Rows>;
using PlaneHidden = Hidden<relu, 128, 128>::On<Rows>;
using TableHidden = Hidden<relu, 64, 32>::On<Rows>;
using TinyReluHidden = Hidden<relu, 20>::On<Rows>;
using TinyTanhHidden = Hidden<htan, 20>::On<Rows>;
using NarrowHidden = Hidden<htan, 8>::On<Rows>;
using RegressionHidden = Hidden<htan, 32, 16>::On<Rows>;

static std::function<void(long)> run_iterations;

static const char *worker_version() { return "dlib " TEXT(DLIB_MAJOR_VERSION) "." TEXT(DLIB_MINOR_VERSION); }

static void worker_run(long iterations) { run_iterations(iterations); }

// The batches as the network itself would make them of samples: it wants to have made one before it takes any.
template <typename Network> static std::vector<resizable_tensor> input_batches(const Work &work, Network &network) {
    std::vector<resizable_tensor> batches(static_cast<size_t>(work.rows / work.batch));
    std::vector<matrix<float>> samples(static_cast<size_t>(work.batch), zeros_matrix<float>(work.sizes[0], 1));
    for (resizable_tensor &batch : batches) {
        network.to_tensor(samples.begin(), samples.end(), batch);
        for (float &value : batch)
            value = uniform();
    }
    return batches;
}

template <typename Network> static void set_up_predictions(const Work &work) {
    auto network = std::make_shared<Network>();
    auto inputs = std::make_shared<std::vector<resizable_tensor>>(input_batches(work, *network));
    run_iterations = [=](long iterations) {
        for (long i = 0; i < iterations; i++)
            network->forward((*inputs)[0]).host();
    };
}

// Labels that cannot be learned, so that deltas stay of ordinary size.
static void draw(unsigned long &label, const Work &work) { label = static_cast<unsigned long>(::rand() % work.sizes[work.layers]); }
static void draw(float &label, const Work &) { label = ::rand() & 1 ? 1.0f : -1.0f; }
static void draw(matrix<float> &label, const Work &work) {
    label.set_size(work.sizes[work.layers], 1);
    for (float &value : label)
        value = uniform();
}

// A network with the batches that it learns from.
template <typename Network, typename Solver> struct Training {
    Network network;
    std::vector<Solver> solvers;
    std::vector<resizable_tensor> inputs;
    std::vector<std::vector<typename Network::training_label_type>> labels;
};

// Goes through all rows in a new order, each batch gathered from the rows in memory.
template <typename Network, typename Solver> static void train_epoch(Training<Network, Solver> &training, double rate) {
    static std::mt19937 generator(1);
    size_t batch = training.labels[0].size(), columns = static_cast<size_t>(training.inputs[0].nr());
    std::vector<size_t> order(training.labels.size() * batch);
    std::iota(order.begin(), order.end(), size_t{0});
    std::shuffle(order.begin(), order.end(), generator);

    resizable_tensor inputs = training.inputs[0];
    auto labels = training.labels[0];
    for (size_t first = 0; first < order.size(); first += batch) {
        for (size_t row = 0; row < batch; row++) {
            size_t from = order[first + row];
            std::copy_n(std::as_const(training.inputs[from / batch]).host() + from % batch * columns, columns, inputs.host() + row * columns);
            labels[row] = training.labels[from / batch][from % batch];
        }
        training.network.compute_parameter_gradients(inputs, labels.begin());
        training.network.update_parameters(training.solvers, rate);
    }
}

template <typename Network, typename Solver> static void set_up_training(const Work &work, const Solver &solver, double rate) {
    using Label = typename Network::training_label_type;
    auto state = std::make_shared<Training<Network, Solver>>();
    state->solvers.assign(Network::num_computational_layers, solver);
    state->inputs = input_batches(work, state->network);
    state->labels.resize(state->inputs.size());
    for (std::vector<Label> &labels : state->labels) {
        labels.resize(static_cast<size_t>(work.batch));
        for (Label &label : labels)
            draw(label, work);
    }

    if (std::string(work.kind) == "epoch") {
        run_iterations = [=](long iterations) {
            for (long i = 0; i < iterations; i++)
                train_epoch(*state, rate);
        };
        return;
    }

    bool update = std::string(work.kind) != "gradients";
    run_iterations = [=](long iterations) {
        for (long i = 0; i < iterations; i++) {
            size_t batch = static_cast<size_t>(i) % state->inputs.size();
            state->network.compute_parameter_gradients(state->inputs[batch], state->labels[batch].begin());
            if (update)
                state->network.update_parameters(state->solvers, rate);
        }
    };
}

static const char *worker_prepare(const Work *work) {
    std::string kind = work->kind, loss = work->loss, hidden = work->hidden, shape;
    for (int i = 0; i <= work->layers; i++)
        shape += (i ? "-" : "") + std::to_string(work->sizes[i]);

    if (kind == "predict") {
        if (shape == "784-300-100-10") set_up_predictions<softmax<fc<10, ImageHidden>>>(*work);
        else if (shape == "2-128-128-1") set_up_predictions<sig<fc<1, PlaneHidden>>>(*work);
        else if (shape == "30-64-32-1") set_up_predictions<sig<fc<1, TableHidden>>>(*work);
        else if (shape == "2-20-1" && hidden == "relu") set_up_predictions<sig<fc<1, TinyReluHidden>>>(*work);
        else if (shape == "2-20-1") set_up_predictions<sig<fc<1, TinyTanhHidden>>>(*work);
        else return "no such network is declared";
        return nullptr;
    }

    adam with_adam(0, 0.9f, 0.999f);
    sgd with_sgd(0, 0);
    if (shape == "784-300-100-10") set_up_training<loss_multiclass_log<fc<10, ImageHidden>>>(*work, with_adam, 1e-4);
    else if (shape == "784-512-512-10") set_up_training<loss_multiclass_log<fc<10, WideHidden>>>(*work, with_adam, 1e-4);
    else if (shape == "2-128-128-1") set_up_training<loss_binary_log<fc<1, PlaneHidden>>>(*work, with_adam, 1e-4);
    else if (shape == "30-64-32-1") set_up_training<loss_binary_log<fc<1, TableHidden>>>(*work, with_adam, 1e-4);
    else if (shape == "2-20-1" && hidden == "relu") set_up_training<loss_binary_log<fc<1, TinyReluHidden>>>(*work, with_sgd, 1e-3);
    else if (shape == "2-20-1") set_up_training<loss_binary_log<fc<1, TinyTanhHidden>>>(*work, with_sgd, 1e-3);
    else if (shape == "24-8-2") set_up_training<loss_mean_squared_multioutput<fc<2, NarrowHidden>>>(*work, with_adam, 1e-4);
    else if (shape == "4-32-16-4") set_up_training<loss_mean_squared_multioutput<fc<4, RegressionHidden>>>(*work, with_adam, 1e-4);
    else return "no such network is declared";
    return nullptr;
}
