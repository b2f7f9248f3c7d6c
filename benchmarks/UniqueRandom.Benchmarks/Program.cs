using System.CommandLine;
using UniqueRandom.Benchmarks.Http;
using UniqueRandom.Benchmarks.InProcess;
using UniqueRandom.Benchmarks.Rivals;

// The verbs are the parts of the measurement over HTTP. Everything else goes to BenchmarkDotNet.
var verbs = new RootCommand("The benchmarks of UniqueRandom.")
{
    BareEndpoint.Verb(),
    GenerateAndTestServer.Verb(),
    CommitRate.Verb(),
    MeasureVerb.Create(),
};

return args switch
{
    ["--test"] => BenchmarkRun.Smoke(),
    [var verb, ..] when verbs.Subcommands.Any(known => known.Name == verb) =>
        await verbs.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) }),
    _ => BenchmarkRun.Switch(args),
};
