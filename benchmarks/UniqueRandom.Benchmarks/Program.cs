using System.CommandLine;
using UniqueRandom.Benchmarks.InProcess;
using UniqueRandom.Benchmarks.Reports;
using UniqueRandom.Benchmarks.Rivals;

// The commands belong to the measurement over HTTP. All other arguments go to BenchmarkDotNet.
var commands = new RootCommand("The benchmarks of UniqueRandom.")
{
    RivalCommands.Bare(),
    RivalCommands.GenerateAndTest(),
    MeasureCommand.Create(),
};

return args switch
{
    ["--test"] => BenchmarkRun.RunSmoke(),
    [var name, ..] when commands.Subcommands.Any(command => command.Name == name) =>
        await commands.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) }),
    _ => BenchmarkRun.Run(args),
};
