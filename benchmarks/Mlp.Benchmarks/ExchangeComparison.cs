using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Mlp.Benchmarks;

/// <summary>
/// What a data-parallel step on two machines would cost beside one on one machine: each would compute half of the batch, then send its gradients and take the
/// other's. The exchange goes over a TCP connection of the loopback interface, the fastest wire there is between two processes; a real one adds its latency.
/// </summary>
internal static class ExchangeComparison
{
    private const int BatchSize = 64;
    private const int Repetitions = 201;

    public static void Run()
    {
        Compare<ImageNet>("784-300-100-10", static (net, rows, optimizer) => net.TrainStep(rows.Inputs(0, rows.Count), rows.Targets(0, rows.Count), optimizer), ImageNet.ParameterCount);
        Compare<SensorNet>("30-64-32-1", static (net, rows, optimizer) => net.TrainStep(rows.Inputs(0, rows.Count), rows.Targets(0, rows.Count), optimizer), SensorNet.ParameterCount);
        Compare<TinyNet>("2-20-1", static (net, rows, optimizer) => net.TrainStep(rows.Inputs(0, rows.Count), rows.Targets(0, rows.Count), optimizer), TinyNet.ParameterCount);
    }

    private static void Compare<TNet>(string name, Action<TNet, Rows, Adam> step, int parameters) where TNet : class, INetwork<TNet>
    {
        TNet net = TNet.Create(seed: 1);
        net.State.Threads = 1;
        Adam optimizer = new(1e-4f);
        Rows whole = new(BatchSize, TNet.InputSize, TNet.OutputSize);
        Rows half = new(BatchSize / 2, TNet.InputSize, TNet.OutputSize);
        using Exchange exchange = new(parameters);
        double[] alone = new double[Repetitions];
        double[] halves = new double[Repetitions];
        double[] exchanges = new double[Repetitions];
        for (int repetition = -200; repetition < Repetitions; repetition++)
        {
            double ofWhole = Time(() => step(net, whole, optimizer));
            double ofHalf = Time(() => step(net, half, optimizer));
            double ofExchange = Time(exchange.Run);
            if (repetition >= 0)
            {
                (alone[repetition], halves[repetition], exchanges[repetition]) = (ofWhole, ofHalf, ofExchange);
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-16} step of {BatchSize} rows {Median(alone),8:F1} us; of {BatchSize / 2} rows {Median(halves),8:F1} us; exchange {Median(exchanges),8:F1} us; "
            + $"two machines {Median(alone) / (Median(halves) + Median(exchanges)):F2} times as fast"));
    }

    private static double Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    /// <summary>Two ends that send each other as many floats as a network has parameters.</summary>
    private sealed class Exchange : IDisposable
    {
        private const int PieceSize = 64 * 1024;

        private readonly byte[] _mine;
        private readonly byte[] _theirs;
        private readonly Socket _near;
        private readonly Socket _far;
        private readonly Thread _other;

        public Exchange(int floats)
        {
            _mine = new byte[floats * sizeof(float)];
            _theirs = new byte[_mine.Length];
            using Socket listener = new(SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            _near = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            _near.Connect(listener.LocalEndPoint!);
            _far = listener.Accept();
            _far.NoDelay = true;
            _other = new Thread(Answer) { IsBackground = true };
            _other.Start();
        }

        /// <summary>Sends this end's gradients, takes the other's, and adds them.</summary>
        public void Run()
        {
            // A piece ahead, so that both directions of the wire are busy.
            int sent = 0;
            for (int received = 0; received < _theirs.Length; received += PieceSize)
            {
                for (; sent < Math.Min(_mine.Length, received + (2 * PieceSize)); sent += PieceSize)
                {
                    _near.Send(_mine.AsSpan(sent, Math.Min(PieceSize, _mine.Length - sent)));
                }

                Receive(_near, _theirs.AsSpan(received, Math.Min(PieceSize, _theirs.Length - received)));
            }

            Span<float> sums = MemoryMarshal.Cast<byte, float>(_mine.AsSpan());
            ReadOnlySpan<float> others = MemoryMarshal.Cast<byte, float>(_theirs.AsSpan());
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i] += others[i];
            }
        }

        public void Dispose()
        {
            _near.Dispose();
            _other.Join();
            _far.Dispose();
        }

        private static void Receive(Socket socket, Span<byte> bytes)
        {
            while (bytes.Length > 0)
            {
                bytes = bytes[socket.Receive(bytes)..];
            }
        }

        /// <summary>The other machine: what comes stands for what it sends.</summary>
        private void Answer()
        {
            byte[] bytes = new byte[PieceSize];
            for (int read = _far.Receive(bytes); read > 0; read = _far.Receive(bytes))
            {
                _far.Send(bytes.AsSpan(0, read));
            }
        }
    }
}
