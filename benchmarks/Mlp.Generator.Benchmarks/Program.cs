using BenchmarkDotNet.Running;
using Mlp.Generator.Benchmarks;

BenchmarkRunner.Run<GeneratorBenchmarks>(args: args);
