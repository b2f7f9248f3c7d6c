using System.CommandLine;
using UniqueRandom.Server.Draws;

namespace UniqueRandom.Benchmarks.Rivals;

/// <summary>What HTTP alone costs: the same answer with a constant in it, and no store behind it.</summary>
internal static class BareEndpoint
{
    private const long Constant = 483_102;

    public static Command Verb()
    {
        var urls = Switches.Urls();
        var verb = new Command("bare", "Serves a constant number.") { urls };
        verb.SetAction((parsed, cancellation) => RivalServer.RunAsync(
            parsed.GetRequiredValue(urls),
            static context =>
            {
                DrawnNumber.Write(context.Response, Constant);
                return Task.CompletedTask;
            },
            cancellation));
        return verb;
    }
}
