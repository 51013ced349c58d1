// The conversation of a worker with the comparison (Mlp.Compare/IWorker.cs) for C and C++: a worker defines the three functions below.
#ifndef MLP_COMPARE_WORKER_H
#define MLP_COMPARE_WORKER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_LAYERS 16

// The text of a macro's value.
#define TEXT_OF(value) #value
#define TEXT(value) TEXT_OF(value)

typedef struct {
    char kind[16], hidden[16], loss[16], optimizer[16], model[1024];
    int layers;                 // sizes[0] inputs, then the units of so many layers
    int sizes[MAX_LAYERS + 1];
    int batch, rows, threads;
} Work;

// Library and version, for the results.
static const char *worker_version(void);

// Makes everything that the work needs; returns NULL, or why it cannot.
static const char *worker_prepare(const Work *work);

// Does so many iterations.
static void worker_run(long iterations);

static float uniform(void) { return (float)rand() / (float)RAND_MAX; }

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void copy_word(char *to, size_t size, const char *value) { snprintf(to, size, "%s", value); }

static Work parse_work(char *line) {
    Work work;
    memset(&work, 0, sizeof work);
    for (char *word = strtok(line, " \n"); word; word = strtok(NULL, " \n")) {
        char *value = strchr(word, '=');
        if (!value)
            continue;
        *value++ = 0;
        if (!strcmp(word, "kind")) copy_word(work.kind, sizeof work.kind, value);
        else if (!strcmp(word, "hidden")) copy_word(work.hidden, sizeof work.hidden, value);
        else if (!strcmp(word, "loss")) copy_word(work.loss, sizeof work.loss, value);
        else if (!strcmp(word, "optimizer")) copy_word(work.optimizer, sizeof work.optimizer, value);
        else if (!strcmp(word, "model")) copy_word(work.model, sizeof work.model, value);
        else if (!strcmp(word, "batch")) work.batch = atoi(value);
        else if (!strcmp(word, "rows")) work.rows = atoi(value);
        else if (!strcmp(word, "threads")) work.threads = atoi(value);
        else if (!strcmp(word, "sizes")) {
            work.layers = -1;
            for (char *size = value; size && work.layers < MAX_LAYERS; size = strchr(size, '-') ? strchr(size, '-') + 1 : NULL)
                work.sizes[++work.layers] = atoi(size);
        }
    }
    return work;
}

int main(void) {
    static char line[4096];
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("hello %s\n", worker_version());
    while (fgets(line, sizeof line, stdin)) {
        if (!strncmp(line, "prepare ", 8)) {
            Work work = parse_work(line + 8);
            const char *reason = worker_prepare(&work);
            if (reason)
                printf("unsupported %s\n", reason);
            else
                printf("ready\n");
        } else {
            long warm_up = 0, iterations = 0;
            if (sscanf(line, "run %ld %ld", &warm_up, &iterations) != 2)
                return 1;
            worker_run(warm_up);
            double start = now();
            worker_run(iterations);
            printf("seconds %.9g 0\n", now() - start);
        }
    }
    return 0;
}

#endif
