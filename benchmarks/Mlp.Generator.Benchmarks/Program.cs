using BenchmarkDotNet.Running;
using Mlp.Generator.Benchmarks;

if (args is ["editor"])
{
    EditorLatency.Print();
}
else
{
    BenchmarkRunner.Run<GeneratorBenchmarks>(args: args);
}
