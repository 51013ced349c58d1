using Mlp.Tool;

return CommandLine.Run(args, Console.Out, Console.Error);
