using System.CommandLine;

namespace UniqueRandom.Benchmarks.Rivals;

internal static class Switches
{
    public static Option<string> Urls() => new("--urls") { Description = "Where to listen.", Required = true };

    public static Option<string> Database() => new("--database") { Description = "The database file.", Required = true };
}
