using BenchmarkDotNet.Running;
using Mlp.Benchmarks;

if (args is ["peak"])
    PeakComparison.Run();
else if (args is ["runs"])
    RunComparison.Run();
else if (args is ["exchange"])
    ExchangeComparison.Run();
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
