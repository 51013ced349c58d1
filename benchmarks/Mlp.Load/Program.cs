// A server whose network is published and reloaded while clients ask; no answer may be of two networks: dotnet run -c Release -- [seconds]
using System.Globalization;

TimeSpan length = TimeSpan.FromSeconds(args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 30);
return await new MlpLoad.Load().Run(length) ? 0 : 1;
